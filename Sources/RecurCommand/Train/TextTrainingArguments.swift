// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

/// The training of a character model.
struct TextTrainingArguments: ParsableArguments {
  @Option(help: "Maximum number of epochs. (default: 50; with --resume, unchanged)")
  var epochs: Int?
  @Option(help: "Batch size: the number of parallel streams of the text.") var batchSize = 32
  @Option(help: "Characters per segment of truncated backpropagation.") var sequenceLength = 64
  @Option(help: "Initial learning rate.") var learningRate = 0.002
  @Option(help: "Fraction of the text, from its end, for validation; below 0.5. (default: 0.1)")
  var validationFraction: Double?
  @Option(
    help:
      "Epochs without a new minimum validation loss until training stops; 0 to disable. (default: 5)"
  )
  var patience: Int?
  @Option(help: "Seed of the initial weights and dropout.") var seed: UInt64 = 1
  @Flag(help: "Train on the first batch only, as a check that the model can learn it.")
  var overfitBatch = false

  func validate() throws {
    try reading(checksum: 0).validate()
    try requireCounts([("--epochs", epochs ?? 1)])
    try requireCounts([("--patience", patience ?? 0)], from: 0)
    try requirePositive([("--learning-rate", learningRate)])
    guard !overfitBatch || validationFraction == nil else {
      throw ValidationError(
        "--validation-fraction cannot be combined with --overfit-batch, which disables validation")
    }
    if patience != nil { try requireValidation(for: "--patience") }
  }

  /// Checks that the run has the validation that an option requires.
  func requireValidation(for option: String) throws {
    guard validates else {
      let cause = overfitBatch ? "--overfit-batch" : "--validation-fraction 0"
      throw ValidationError("\(option) requires validation, which \(cause) disables")
    }
  }

  /// The fraction of the text held out for validation.
  var heldOutFraction: Double { overfitBatch ? 0 : validationFraction ?? 0.1 }
  var validates: Bool { heldOutFraction > 0 }

  /// The division into batches of a text file with this CRC-32.
  func reading(checksum: UInt32) -> TextInfo.Reading {
    .init(
      sequence: sequenceLength, batch: batchSize, validation: heldOutFraction,
      overfitsBatch: overfitBatch, checksum: checksum)
  }

  func options(_ tuning: TuningArguments, stepsPerEpoch: Int) throws -> TrainingOptions {
    let epochs = epochs ?? 50
    return TrainingOptions(
      loss: .crossEntropy(), optimizer: tuning.chosenOptimizer, learningRate: learningRate,
      schedule: try tuning.schedule(steps: epochs * stepsPerEpoch),
      clipping: .norm(tuning.clipNorm),
      epochs: epochs, batching: .stateful,
      patience: validates && patience != 0 ? patience ?? 5 : nil, seed: seed)
  }
}
