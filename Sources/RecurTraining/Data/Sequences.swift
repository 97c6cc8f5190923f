// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The targets of several sequences. Each sequence has one row for a model that reads the last
/// step, or one row per step otherwise.
public enum SequenceTargets<Scalar: RecurScalar>: Sendable {
  /// One matrix per sequence.
  case values([Matrix<Scalar>])

  /// One array of class labels per sequence.
  case labels([[Int]])

  var rows: [Int] {
    switch self {
    case .values(let values): values.map(\.rows)
    case .labels(let labels): labels.map(\.count)
    }
  }
}

/// Whole sequences as training data, each of any length and with its targets.
public struct Sequences<Scalar: RecurScalar>: TrainingData {
  /// The N sequences: matrices with one row per step and I columns.
  public let inputs: [Matrix<Scalar>]

  /// The targets of the N sequences.
  public let targets: SequenceTargets<Scalar>
  private let everyStep: Bool

  /// Creates training data from sequences and their targets.
  ///
  /// - Parameters:
  ///   - inputs: N sequences: matrices with one row per step and I columns.
  ///   - targets: the targets of the N sequences.
  ///   - reading: the outputs that the model reads. Each sequence needs one row of targets per step
  ///     for `.everyStep`, and one row for `.lastStep`.
  /// - Throws: `RecurError` if the numbers of sequences, columns or target rows do not match.
  public init(
    inputs: [Matrix<Scalar>], targets: SequenceTargets<Scalar>,
    reading: ModelReading
  ) throws(RecurError) {
    let rows = targets.rows
    guard rows.count == inputs.count else {
      throw .invalid(
        argument: "targets", reason: "has \(rows.count) sequences, expected \(inputs.count)")
    }
    for (n, input) in inputs.enumerated() {
      let expected = reading == .everyStep ? input.rows : 1
      guard rows[n] == expected, input.columns == inputs[0].columns else {
        throw .invalid(
          argument: "sequence \(n)",
          reason: "has \(input.columns) columns and \(rows[n]) targets, expected "
            + "\(inputs[0].columns) and \(expected)")
      }
    }
    if case .values(let values) = targets {
      for (n, value) in values.enumerated() where value.columns != values[0].columns {
        throw .shape(
          argument: "targets of sequence \(n)", expected: .init(value.rows, values[0].columns),
          found: .init(value.rows, value.columns))
      }
    }
    self.inputs = inputs
    self.targets = targets
    self.everyStep = reading == .everyStep
  }

  public var count: Int { inputs.count }

  public func batch(_ examples: ArraySlice<Int>) throws(RecurError) -> TrainingBatch<Scalar> {
    try require(examples)
    let lengths = examples.map { inputs[$0].rows }
    let (T, B) = (lengths.max() ?? 0, lengths.count)
    var batch = try SequenceBatch<Scalar>(
      steps: T, batchSize: B, features: inputs.first?.columns ?? 0)
    try copyRows(of: examples.map { inputs[$0] }, to: batch.uniqueBase(), B)
    return TrainingBatch(
      input: .features(batch), lengths: lengths, targets: try targets(of: examples, T))
  }

  private func targets(
    of examples: ArraySlice<Int>, _ T: Int
  ) throws(RecurError) -> Targets<Scalar> {
    let (B, rows) = (examples.count, everyStep ? T * examples.count : examples.count)
    switch targets {
    case .values(let values):
      var result = try Matrix<Scalar>(rows: rows, columns: values.first?.columns ?? 0)
      try copyRows(of: examples.map { values[$0] }, to: result.uniqueBase(), B)
      return .values(result)
    case .labels(let labels):
      var result = Array(repeating: 0, count: rows)
      for (b, example) in examples.enumerated() {
        for (t, label) in labels[example].enumerated() { result[t * B + b] = label }
      }
      return .labels(result)
    }
  }

  /// Copies row t of matrix b to row t·B + b.
  private func copyRows(
    of matrices: [Matrix<Scalar>], to base: UnsafeMutablePointer<Scalar>, _ B: Int
  ) {
    for (b, matrix) in matrices.enumerated() {
      let columns = matrix.columns
      for t in 0..<matrix.rows {
        (base + (t * B + b) * columns).update(from: matrix.base + t * columns, count: columns)
      }
      withExtendedLifetime(matrix) {}
    }
  }
}

// Parts

extension Sequences {
  /// Splits the sequences into two parts at random, for example for training and validation. The sequences of
  /// a part keep their order.
  ///
  /// - Parameters:
  ///   - share: the share of the sequences in the second part, from 0 to 1; rounded to whole sequences.
  ///   - seed: the seed of the random choice.
  /// - Returns: both parts.
  /// - Throws: `RecurError.invalid(argument:reason:)` if the share is out of range.
  public func split(
    validation share: Double, seed: UInt64
  ) throws(RecurError) -> (training: Sequences, validation: Sequences) {
    try RecurTraining.require("validation", share, 0...1 ~= share, "from 0 to 1")
    var generator = SplitMix64(seed: seed)
    let order = generator.permutation(count)
    let chosen = Set(order.prefix(Int((share * Double(count)).rounded())))
    let all = 0..<count
    return (part(all.filter { !chosen.contains($0) }), part(all.filter(chosen.contains)))
  }

  private func part(_ examples: [Int]) -> Sequences {
    let targets: SequenceTargets<Scalar> =
      switch targets {
      case .values(let values): .values(examples.map { values[$0] })
      case .labels(let labels): .labels(examples.map { labels[$0] })
      }
    return Sequences(examples.map { inputs[$0] }, targets, everyStep: everyStep)
  }

  private init(
    _ inputs: [Matrix<Scalar>], _ targets: SequenceTargets<Scalar>, everyStep: Bool
  ) {
    self.inputs = inputs
    self.targets = targets
    self.everyStep = everyStep
  }
}
