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
    if let checksum = SafeTensors.checksum(of: file, headerEnd: headerEnd),
      let place = file[..<headerEnd].range(of: SafeTensors.checksumPlace)
    {
      var digits = Array(checksum.utf8)
      if isDamaged {
        digits[7] = digits[7] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
      }
      file.replaceSubrange(place.upperBound..<place.upperBound + 8, with: digits)
    }
    bytes = file
  }
}

extension SafeTensors {
  /// Whether the file has elements of type F64, and thus is read as one of that precision.
  public var isDouble: Bool { tensors.contains { $0.type == .double } }
}
