// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// The parts of a text.
struct TextData {
  let training: TokenStream<Float>
  let validation: TokenStream<Float>?

  init(_ text: TextFile, _ info: TextInfo) throws {
    let (tokens, reading) = (try info.vocabulary.tokens(of: text.text), info.reading)
    let (batch, sequence) = (reading.batch, reading.sequence)
    let withheld = Int(Double(tokens.count) * reading.validation)
    let known = Array(tokens.dropLast(withheld))
    let needed = batch * sequence + 1
    guard known.count >= needed else {
      throw BadInput(
        "\(text.path): has \(known.count) characters to train on, expected at least \(needed) for this "
          + "batch and sequence")
    }
    training = try TokenStream(
      reading.overfitsBatch ? Array(known.prefix(needed)) : known, steps: sequence, batchSize: batch
    )
    guard reading.validation > 0 else {
      validation = nil
      return
    }
    guard withheld > sequence else {
      throw BadInput(
        "\(text.path): has \(withheld) characters to validate with, expected more than the sequence "
          + "of \(sequence)")
    }
    // As many parts as there is enough text for.
    validation = try TokenStream(
      Array(tokens.suffix(withheld)), steps: sequence,
      batchSize: min(batch, (withheld - 1) / sequence))
  }
}
