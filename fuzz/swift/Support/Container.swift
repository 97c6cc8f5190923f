// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

@testable import RecurTraining

/// A safetensors file with a right length of its header and, if it has one, a right or wrong checksum.
public struct Container {
  public let bytes: Data

  public init(header: Data, values: Data, isDamaged: Bool = false) {
    var length = UInt64(header.count).littleEndian
    var file = withUnsafeBytes(of: &length) { Data($0) } + header + values
    let headerEnd = 8 + header.count
    if let checksum = Checksum(of: file, headerEnd: headerEnd) {
      var digits = Array(checksum.digits.utf8)
      if isDamaged {
        digits[7] = digits[7] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
      }
      file.replaceSubrange(checksum.place, with: digits)
    }
    bytes = file
  }
}

/// The checksum of a file, and the place of its digits in the header.
private struct Checksum {
  let place: Range<Int>
  let digits: String

  /// Nil if the header has no place for a checksum.
  init?(of file: Data, headerEnd: Int) {
    let key = Data("\"recur.checksum\":\"".utf8)
    guard let start = file[..<headerEnd].range(of: key)?.upperBound, start + 8 <= headerEnd else {
      return nil
    }
    place = start..<start + 8
    let zeros = Data("00000000".utf8)
    let crc = [file[..<start], zeros, file[place.upperBound...]].reduce(0, SafeTensors.crc)
    digits = String(String(UInt64(1) << 32 | UInt64(crc), radix: 16).suffix(8))
  }
}

extension SafeTensors {
  /// Whether the file has elements of type F64, and thus is read as one of that precision.
  public var isDouble: Bool { tensors.contains { $0.type == .double } }
}
