// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Information on the data that `recur train model` stores with a run.
struct ModelTrainingInfo: Codable {
  /// The fraction of the sequences for validation, and the seed of their choice.
  var validation: Double
  var seed: UInt64

  /// The CRC-32 of the data file.
  var checksum: UInt32
}

extension ModelTrainingInfo {
  private static let key = "training"

  /// Reads the information from the strings of a file.
  init(_ info: [String: String], _ path: String) throws {
    guard let saved = info[Self.key],
      let read = try? JSONDecoder().decode(ModelTrainingInfo.self, from: Data(saved.utf8))
    else { throw BadInput("\(path): was not written by recur train model") }
    self = read
  }

  /// The strings of a file, with those of the model that is trained further.
  func strings(with others: [String: String]) throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var strings = others
    strings[Self.key] = String(decoding: try encoder.encode(self), as: UTF8.self)
    return strings
  }
}
