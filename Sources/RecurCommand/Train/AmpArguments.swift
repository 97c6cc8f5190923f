// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Recur
import RecurTraining

/// The model of an amplifier and its training.
struct AmpArguments: ParsableArguments {
  @Option(help: "Hidden size of the LSTM.") var hiddenSize = 32
  @Option(help: "Maximum number of epochs. (default: 100; with --resume, unchanged)")
  var epochs: Int?
  @Option(help: "Batch size: the number of parallel parts of the recording.") var batchSize = 16
  @Option(help: "Samples per segment of truncated backpropagation.") var sequenceLength = 512
  @Option(help: "Samples at the beginning of each part that do not count in the loss.")
  var warmUp = 1000
  @Option(help: "Initial learning rate.") var learningRate = 0.01
  @Option(help: "Weight decay.") var weightDecay = 0.0
  @Option(help: "Coefficient of the pre-emphasis of the loss, 0 to 1.") var preEmphasis = 0.85
  @Option(help: "Fraction of the recording, from its end, for validation; below 0.5.")
  var validationFraction = 0.2
  @Option(help: "Seed of the initial weights.") var seed: UInt64 = 1

  func validate() throws {
    try reading.validate()
    try requireCounts([("--hidden-size", hiddenSize), ("--epochs", epochs ?? 1)])
    try requirePositive([("--learning-rate", learningRate)])
    try requireNonNegative([("--weight-decay", weightDecay)])
    guard 0...1 ~= preEmphasis else {
      throw ValidationError("--pre-emphasis is \(preEmphasis), expected 0 to 1")
    }
  }

  var reading: AmpInfo.Reading {
    .init(
      sequence: sequenceLength, batch: batchSize, warmUp: warmUp, validation: validationFraction)
  }

  /// y = x + W h + b, where h are the outputs of an LSTM.
  func model() throws -> Model<Float> {
    let x = ModelValue.features(size: 1)
    // The output has the same name in model.json.
    let y = (x.lstm(hiddenSize: hiddenSize).dense(size: 1).named("head") + x).named("sum")
    return try Model(outputs: y, seed: seed)
  }

  var options: TrainingOptions {
    TrainingOptions(
      loss: .errorToSignal(preEmphasis: preEmphasis), optimizer: .adam(weightDecay: weightDecay),
      learningRate: learningRate,
      schedule: validationFraction > 0 ? .onPlateau(factor: 0.5, patience: 5) : .constant,
      clipping: .norm(1), epochs: epochs ?? 100, batching: .stateful, seed: seed)
  }
}
