// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// Information on the training text that `recur train text` stores with the model.
struct TextInfo {
  /// The division of a text into batches.
  struct Reading: Codable, Equatable {
    var sequence: Int
    var batch: Int
    var validation: Double
    var overfitsBatch: Bool

    /// The CRC-32 of the text file.
    var checksum: UInt32

    /// Checks the values of the options, which a crafted file may set to any number.
    func validate() throws {
      try requireCounts([("--sequence-length", sequence), ("--batch-size", batch)])
      try requireFraction("--validation-fraction", validation)
    }
  }

  var vocabulary: Vocabulary
  var reading: Reading
}

extension TextInfo {
  private static let (vocabularyKey, readingKey) = ("vocabulary", "text")

  /// Reads the information from the strings of a file; nil if the file has none.
  init?(_ info: [String: String], _ path: String) throws {
    guard let vocabulary = try Self.vocabulary(in: info, path), let saved = info[Self.readingKey],
      let reading = try? JSONDecoder().decode(Reading.self, from: Data(saved.utf8))
    else { return nil }
    self.init(vocabulary: vocabulary, reading: reading)
  }

  /// Reads only the vocabulary, which is sufficient to generate text.
  static func vocabulary(in info: [String: String], _ path: String) throws -> Vocabulary? {
    try info[vocabularyKey].map { contents in
      guard let vocabulary = try? Vocabulary(contents: contents) else {
        throw BadInput(
          "\(path): vocabulary does not have each character once, in the order of code points")
      }
      return vocabulary
    }
  }

  var strings: [String: String] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      let reading = String(decoding: try encoder.encode(reading), as: UTF8.self)
      return [Self.vocabularyKey: vocabulary.contents, Self.readingKey: reading]
    }
  }
}
