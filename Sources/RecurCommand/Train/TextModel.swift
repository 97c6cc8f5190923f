// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// A character model written by `recur train text`.
struct TextModel {
  let model: SequenceModel<Float>
  let vocabulary: Vocabulary

  init(_ path: String) throws {
    let file = try SafeTensors(path: path)
    model = try SequenceModel<Float>(file)
    guard let vocabulary = try TextInfo.vocabulary(in: file.info, path) else {
      throw BadInput("\(path): has no vocabulary, expected a model written by recur train text")
    }
    self.vocabulary = vocabulary
    guard vocabulary.count == model.outputSize else {
      throw BadInput(
        "\(path): has a vocabulary of \(vocabulary.count) characters, expected \(model.outputSize), the "
          + "output size of the model")
    }
  }

  /// A batch of sequences from the start of a text.
  func batch(_ path: String, steps: Int, sequences: Int) throws -> TrainingBatch<Float> {
    let text = try TextFile(path).text
    let needed = steps * sequences + 1
    guard text.unicodeScalars.count >= needed else {
      throw BadInput(
        "\(path): has \(text.unicodeScalars.count) characters, expected at least \(needed) for "
          + "--batch-size \(sequences) and --sequence-length \(steps)")
    }
    let first = String(String.UnicodeScalarView(text.unicodeScalars.prefix(needed)))
    return try BadInput.naming(path) {
      let stream = try TokenStream<Float>(
        vocabulary.tokens(of: first), steps: steps, batchSize: sequences)
      return try stream.batch([0])
    }
  }
}
