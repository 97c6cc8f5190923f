// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport
import Recur

@testable import RecurTraining

// The input is JSON; @2x9 is an array of 2 arrays of 9 numbers.

func importsTarget(_ input: Data) throws {
  let file = expanded(input)
  if let tensors = accepted({ try SafeTensors(json: file, path: "input") }) {
    for tensor in tensors.tensors {
      _ = required("elements of \(tensor.name)") { try tensor.elements(as: Float.self) }
    }
  }
  let imported = try ImportedModel<Float>(file, path: "input")
  check(imported.model.inputs.map(\.name) == ["x"], "inputs")
  run(imported.model, from: imported.initialState)
}

private func expanded(_ input: Data) -> Data {
  var (result, rest) = (Data(), input[...])
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "@") else {
      result.append(byte)
      continue
    }
    let end = rest.firstIndex { !"0123456789x".utf8.contains($0) } ?? rest.endIndex
    let sizes = String(decoding: rest[..<end], as: UTF8.self).split(separator: "x")
      .map { min(Int($0) ?? 1, 64) }
    rest = rest[end...]
    var next = 0
    if sizes.count <= 4, sizes.reduce(1, *) <= 4096 {
      result += Data(nested(sizes[...], &next).utf8)
    }
  }
  return result
}

private func nested(_ sizes: ArraySlice<Int>, _ next: inout Int) -> String {
  guard let size = sizes.first else {
    next += 1
    return "\(Float(next % 13 - 6) / 16)"
  }
  var parts: [String] = []
  for _ in 0..<size { parts.append(nested(sizes.dropFirst(), &next)) }
  return "[\(parts.joined(separator: ","))]"
}
