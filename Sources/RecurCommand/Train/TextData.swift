// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// The training and validation parts of a text.
struct TextData {
  let training: TokenStream<Float>
  let validation: TokenStream<Float>?

  init(_ text: TextFile, _ info: TextInfo) throws {
    let (tokens, reading) = (try info.vocabulary.compactTokens(of: text.text), info.reading)
    let (batch, sequence) = (reading.batch, reading.sequence)
    let withheld = Int(Double(tokens.count) * reading.validation)
    let known = tokens.count - withheld
    let needed = batch * sequence + 1
    guard known >= needed else {
      throw BadInput(
        "\(text.path): has \(known) training characters, expected at least \(needed) for "
          + "--batch-size \(batch) and --sequence-length \(sequence)")
    }
    training = try TokenStream(
      compact: Array(tokens.prefix(reading.overfitsBatch ? needed : known)), steps: sequence,
      batchSize: batch)
    guard reading.validation > 0 else {
      validation = nil
      return
    }
    guard withheld > sequence else {
      throw BadInput(
        "\(text.path): has \(withheld) validation characters, expected more than --sequence-length "
          + "\(sequence)")
    }
    // The batch is smaller if the text is too short.
    validation = try TokenStream(
      compact: Array(tokens.suffix(withheld)), steps: sequence,
      batchSize: min(batch, (withheld - 1) / sequence))
  }
}
