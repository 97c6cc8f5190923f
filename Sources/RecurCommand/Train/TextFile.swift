// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// A training text.
struct TextFile {
  let path: String
  let text: String
  let checksum: UInt32

  /// The maximum number of bytes.
  private static let longestFile = 1_000_000_000

  init(_ path: String) throws {
    let data = try WholeFile.read(path, atMost: Self.longestFile)
    guard let text = String(data: data, encoding: .utf8) else {
      throw BadInput("\(path): is not UTF-8, expected a text file in UTF-8")
    }
    self.path = path
    self.text = text
    checksum = UInt32(SafeTensors.crc(0, data))
  }
}
