// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

/// The training of a model of any layers.
struct ModelTrainingArguments: ParsableArguments {
  enum LossName: String, ExpressibleByArgument, CaseIterable {
    case squared, absolute, huber

    var loss: Loss {
      switch self {
      case .squared: .meanSquaredError
      case .absolute: .meanAbsoluteError
      case .huber: .huber()
      }
    }
  }

  @Option(help: "Maximum number of epochs. (default: 50; with --resume, unchanged)")
  var epochs: Int?
  @Option(help: "Batch size: the number of sequences of a step.") var batchSize = 32
  @Option(help: "Initial learning rate.") var learningRate = 0.001
  @Option(help: "Loss of outputs whose targets are values. (default: squared)") var loss: LossName?
  @Option(help: "Fraction of the sequences for validation; below 0.5.")
  var validationFraction = 0.1
  @Option(
    help:
      "Epochs without a new minimum validation loss until training stops; 0 to disable. (default: 5)"
  )
  var patience: Int?
  @Option(help: "Seed of the initial weights, the order, and dropout.") var seed: UInt64 = 1

  func validate() throws {
    try requireCounts([("--epochs", epochs ?? 1), ("--batch-size", batchSize)])
    try requireCounts([("--patience", patience ?? 0)], from: 0)
    try requirePositive([("--learning-rate", learningRate)])
    try requireFraction("--validation-fraction", validationFraction)
    if patience != nil { try requireValidation(for: "--patience") }
  }

  /// Checks that the run has the validation that an option requires.
  func requireValidation(for option: String) throws {
    guard validationFraction > 0 else {
      throw ValidationError(
        "\(option) requires validation, which --validation-fraction 0 disables")
    }
  }

  func options(
    _ tuning: TuningArguments, _ loss: Loss, stepsPerEpoch: Int
  ) throws -> TrainingOptions {
    let epochs = epochs ?? 50
    return TrainingOptions(
      loss: loss, optimizer: tuning.chosenOptimizer, learningRate: learningRate,
      schedule: try tuning.schedule(steps: epochs * stepsPerEpoch),
      clipping: .norm(tuning.clipNorm), epochs: epochs, batching: .shuffled(size: batchSize),
      patience: validationFraction > 0 && patience != 0 ? patience ?? 5 : nil, seed: seed)
  }
}
