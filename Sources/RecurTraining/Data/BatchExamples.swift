// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The sequences of one large batch as training data, for models with any inputs and outputs.
///
/// Unlike ``Sequences``, the inputs and targets have names, and all sequences have room for the same number of
/// steps; lengths mark shorter ones.
public struct BatchExamples<Scalar: RecurScalar>: TrainingData {
  /// All sequences.
  public let all: TrainingBatch<Scalar>

  /// Creates training data from a batch with all sequences.
  ///
  /// - Parameter all: the batch: N sequences, with T·N rows of each input. An output has rows for each of its
  ///   steps, or one row for each sequence.
  /// - Throws: `RecurError` if a part has another number of sequences.
  public init(_ all: TrainingBatch<Scalar>) throws(RecurError) {
    let count = all.batchSize
    for (name, input) in all.inputs {
      try Self.require(name, input.batchSize, expected: count)
    }
    try Self.require("lengths", all.lengths?.count ?? count, expected: count)
    for (name, output) in all.outputTargets {
      let rows = output.targets.rows
      guard count > 0, rows.isMultiple(of: count) else {
        throw .invalid(
          argument: name, reason: "has \(rows) rows of targets, expected a multiple of \(count)")
      }
      try Self.require("mask of \(name)", output.mask?.count ?? rows, expected: rows)
    }
    self.all = all
  }

  private static func require(
    _ name: String, _ count: Int, expected: Int
  ) throws(RecurError) {
    guard count == expected else {
      throw .invalid(argument: name, reason: "has \(count) elements, expected \(expected)")
    }
  }

  public var count: Int { all.batchSize }

  public func batch(_ examples: ArraySlice<Int>) throws(RecurError) -> TrainingBatch<Scalar> {
    try require(examples)
    var inputs: [String: ModelInput<Scalar>] = [:]
    for (name, input) in all.inputs {
      let places = places(of: examples, rows: input.steps * count)
      switch input {
      case .features(let batch):
        inputs[name] = .features(
          try SequenceBatch(
            steps: input.steps, batchSize: examples.count, matrix: batch.matrix.rows(places)))
      case .tokens(let batch):
        inputs[name] = .tokens(
          try TokenBatch(
            steps: input.steps, batchSize: examples.count,
            tokens: places.map { batch.tokens[$0] }))
      }
    }
    var targets: [String: OutputTargets<Scalar>] = [:]
    for (name, output) in all.outputTargets {
      let places = places(of: examples, rows: output.targets.rows)
      targets[name] = OutputTargets(
        try output.targets.rows(places), mask: output.mask.map { mask in places.map { mask[$0] } })
    }
    return TrainingBatch(
      inputs: inputs, lengths: all.lengths.map { lengths in examples.map { lengths[$0] } },
      targets: targets)
  }

  /// The rows of some sequences, step by step.
  private func places(of examples: ArraySlice<Int>, rows: Int) -> [Int] {
    (0..<rows / count).flatMap { step in examples.map { step * count + $0 } }
  }

  /// Splits the sequences into two parts at random, for example for training and validation. The sequences of
  /// a part keep their order.
  ///
  /// - Parameters:
  ///   - share: the share of the sequences in the second part, from 0 to 1; rounded to whole sequences.
  ///   - seed: the seed of the random choice.
  /// - Returns: both parts; nil for a part without sequences.
  /// - Throws: `RecurError` if the share is out of range, or if memory allocation fails.
  public func split(
    validation share: Double, seed: UInt64
  ) throws(RecurError) -> (training: BatchExamples?, validation: BatchExamples?) {
    try RecurTraining.require("validation", share, 0...1 ~= share, "from 0 to 1")
    var generator = SplitMix64(seed: seed)
    let chosen = Set(generator.permutation(count).prefix(Int((share * Double(count)).rounded())))
    return (
      try part((0..<count).filter { !chosen.contains($0) }),
      try part((0..<count).filter(chosen.contains))
    )
  }

  private func part(_ examples: [Int]) throws(RecurError) -> BatchExamples? {
    examples.isEmpty ? nil : try BatchExamples(batch(examples[...]))
  }
}
