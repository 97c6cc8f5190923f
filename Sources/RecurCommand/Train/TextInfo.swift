// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// What a file that `recur train text` writes says of the text, beside the model.
struct TextInfo {
  /// How a text is read.
  struct Reading: Codable, Equatable {
    var sequence: Int
    var batch: Int
    var validation: Double
    var overfitsBatch: Bool

    /// The CRC-32 of the text's file.
    var checksum: UInt32
  }

  var vocabulary: Vocabulary
  var reading: Reading
}

extension TextInfo {
  private static let (vocabularyKey, readingKey) = ("vocabulary", "text")

  /// Nil where a file does not say it.
  init?(_ info: [String: String]) throws {
    guard let vocabulary = try Self.vocabulary(in: info), let saved = info[Self.readingKey],
      let reading = try? JSONDecoder().decode(Reading.self, from: Data(saved.utf8))
    else { return nil }
    self.init(vocabulary: vocabulary, reading: reading)
  }

  /// The vocabulary alone, which is all that a model needs to read and write text.
  static func vocabulary(in info: [String: String]) throws -> Vocabulary? {
    try info[vocabularyKey].map { try Vocabulary(contents: $0) }
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
