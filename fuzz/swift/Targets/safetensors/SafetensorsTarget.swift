// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport

@testable import RecurTraining

// The input is a file; or, after the letter h, a header, a NUL byte and the bytes of the tensors.

func safetensorsTarget(_ input: Data) throws {
  if input.first == UInt8(ascii: "h") {
    let end = input.firstIndex(of: 0) ?? input.endIndex
    let (header, values) = (input[1..<end], input[end...].dropFirst())
    for isDamaged in [false, true] {
      read(Container(header: header, values: values, isDamaged: isDamaged).bytes)
    }
  } else {
    read(input)
    if let repaired = repaired(input) { read(repaired) }
  }
}

/// Returns a file with a right checksum, if its header has a place for one.
private func repaired(_ file: Data) -> Data? {
  guard file.count >= 8 else { return nil }
  let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  guard length <= file.count - 8 else { return nil }
  let end = 8 + Int(length)
  return Container(header: file[8..<end], values: file[end...]).bytes
}

private func read(_ bytes: Data) {
  guard let file = accepted({ try SafeTensors(bytes, path: "input") }) else { return }
  for tensor in file.tensors {
    let wide = accepted { try tensor.elements(as: Double.self) }
    let narrow = accepted { try tensor.elements(as: Float.self) }
    check((wide == nil) == tensor.type.isInteger, "elements of \(tensor.type)")
    check(narrow == nil || narrow!.count == wide!.count, "number of elements")
  }
  _ = accepted { try file.info }
  _ = (file.kindName, file.descriptions, file.foreignMetadata)
  guard let parts = accepted({ try file.file(named: "input") }) else { return }
  let again = required("written file") { try SafeTensors(parts.reduce(Data(), +), path: "input") }
  check(again.isVerified, "no checksum")
  check(again.metadata == file.metadata, "metadata differ")
  check(sorted(again.tensors) == sorted(file.tensors), "tensors differ")
}

/// Tensors without elements have no defined order.
private func sorted(_ tensors: [SafeTensors.Tensor]) -> [SafeTensors.Tensor] {
  tensors.sorted { $0.name < $1.name }
}
