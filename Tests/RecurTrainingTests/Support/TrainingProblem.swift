// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import TestSupport

/// Small training problems with seeded values.
enum TrainingProblem {
  static func windows<Scalar>(
    rows: Int = 40, length: Int = 6, seed: UInt64 = 11
  ) throws -> Windows<Scalar> {
    var generator = SplitMix64(seed: seed)
    return try Windows(
      inputs: Matrix(rows: rows, columns: 2, elements: generator.vector(rows * 2)),
      targets: Matrix(rows: rows, columns: 1, elements: generator.vector(rows)), length: length)
  }

  /// An LSTM for `windows`.
  static func model<Scalar>(
    hiddenSize: Int = 5, layers: Int = 1, dropout: Double = 0, recurrentDropout: Double = 0
  ) throws -> SequenceModel<Scalar> {
    try SequenceModel(
      network: LSTM(
        inputSize: 2, hiddenSize: hiddenSize, layers: layers, dropout: dropout,
        recurrentDropout: recurrentDropout, initialization: .uniform, seed: 5),
      head: Linear(inputSize: hiddenSize, outputSize: 1, initialization: .uniform, seed: 6),
      reading: .lastStep)
  }

  /// Three epochs of seven steps on `windows`.
  static let options = TrainingOptions(
    loss: .meanSquaredError, learningRate: 0.02, clipping: .norm(1), epochs: 3,
    batching: .shuffled(size: 5), seed: 1)
}

/// Data with changes to its batches.
struct Changed<Scalar: RecurScalar>: TrainingData {
  var base: any TrainingData<Scalar>
  var change: @Sendable (inout TrainingBatch<Scalar>, ArraySlice<Int>) -> Void

  var count: Int { base.count }

  func batch(_ examples: ArraySlice<Int>) throws(RecurError) -> TrainingBatch<Scalar> {
    var batch = try base.batch(examples)
    change(&batch, examples)
    return batch
  }
}
