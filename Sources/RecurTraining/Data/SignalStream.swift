// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A long signal as training data, such as the input and the output of an amplifier, for
/// ``Batching/stateful``. The signal is split into `batchSize` sequences of equal length, which are
/// read in parallel, `steps` rows at a time. The first `warmUp` rows of each sequence do not count
/// in the loss, because the state before them is not known.
public struct SignalStream<Scalar: RecurScalar>: TrainingData {
  /// N x I: one row per point in time.
  public let inputs: Matrix<Scalar>

  /// N x O: the outputs at the same points in time.
  public let targets: Matrix<Scalar>

  /// T: the number of steps in a chunk.
  public let steps: Int

  /// B: the number of sequences.
  public let batchSize: Int

  /// The number of steps of each sequence that do not count.
  public let warmUp: Int

  /// Creates training data from a signal.
  ///
  /// - Parameters:
  ///   - inputs: N x I: one row per point in time.
  ///   - targets: N x O: the outputs at the same points in time.
  ///   - steps: T, at least 1.
  ///   - batchSize: B, at least 1.
  ///   - warmUp: the number of steps of each sequence that do not count, at least 0.
  /// - Throws: `RecurError` if `targets` has a different number of rows, if a size is out of range, or
  ///   if the sequences are shorter than a chunk or not longer than the warm-up.
  public init(
    inputs: Matrix<Scalar>, targets: Matrix<Scalar>, steps: Int, batchSize: Int, warmUp: Int = 0
  ) throws(RecurError) {
    guard inputs.rows == targets.rows else {
      throw .shape(
        argument: "targets", expected: .init(inputs.rows, targets.columns),
        found: .init(targets.rows, targets.columns))
    }
    for (name, value, least) in [
      ("steps", steps, 1), ("batchSize", batchSize, 1), ("warmUp", warmUp, 0),
    ] where value < least {
      throw .invalid(argument: name, reason: "is \(value), expected at least \(least)")
    }
    let length = inputs.rows / batchSize
    guard length >= steps, length / steps * steps > warmUp else {
      throw .invalid(
        argument: "inputs",
        reason: "has \(inputs.rows) rows, which is \(length) for each of \(batchSize) sequences, "
          + "expected at least \(steps) in chunks of \(steps), and more than \(warmUp)")
    }
    self.inputs = inputs
    self.targets = targets
    self.steps = steps
    self.batchSize = batchSize
    self.warmUp = warmUp
  }

  private var streamLength: Int { inputs.rows / batchSize }

  /// The number of chunks. Rows left over at the end of a sequence are not read.
  public var count: Int { streamLength / steps }

  public func batch(_ examples: ArraySlice<Int>) throws(RecurError) -> TrainingBatch<Scalar> {
    guard examples.count == 1, let chunk = examples.first else {
      throw .invalid(
        argument: "batching",
        reason: "takes \(examples.count) chunks at once, expected one (.stateful)")
    }
    try require(examples)
    let first = chunk * steps
    let input = try SequenceBatch(
      steps: steps, batchSize: batchSize, matrix: rows(of: inputs, from: first))
    return TrainingBatch(
      input: .features(input), targets: .values(try rows(of: targets, from: first)),
      mask: first >= warmUp ? nil : (0..<steps * batchSize).map { first + $0 / batchSize >= warmUp }
    )
  }

  /// Returns the rows of a chunk: step after step, and those of all sequences in each.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func rows(
    of matrix: Matrix<Scalar>, from first: Int
  ) throws(RecurError) -> Matrix<Scalar> {
    let columns = matrix.columns
    var chunk = try Matrix<Scalar>(rows: steps * batchSize, columns: columns)
    let base = try chunk.uniqueBase()
    for b in 0..<batchSize {
      for t in 0..<steps {
        (base + (t * batchSize + b) * columns)
          .update(
            from: matrix.base + (b * streamLength + first + t) * columns, count: columns)
      }
    }
    return withExtendedLifetime(matrix) { chunk }
  }
}
