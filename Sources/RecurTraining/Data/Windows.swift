// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Windows of a long series: each reads some rows in a row, and has one row of targets, that which
/// belongs to its last.
///
/// For models that read the last step. What the targets are is the caller's: the next value, or a whole
/// horizon of them.
public struct Windows<Scalar: RecurScalar>: TrainingData {
  /// N x I, a row for each point of time.
  public let inputs: Matrix<Scalar>

  /// N x targets, where row n is what a window that ends with input row n should give.
  public let targets: Matrix<Scalar>

  /// T: how many rows a window reads.
  public let length: Int

  /// The last rows of the windows.
  public let ends: Range<Int>

  /// - `ends`: the last rows of the windows; all that have a window before them if nil.
  /// - Throws: `RecurError` if a window would begin before the first row or end after the last.
  public init(
    inputs: Matrix<Scalar>, targets: Matrix<Scalar>, length: Int, ends: Range<Int>? = nil
  ) throws(RecurError) {
    guard inputs.rows == targets.rows else {
      throw .shape(
        argument: "targets", expected: .init(inputs.rows, targets.columns),
        found: .init(targets.rows, targets.columns))
    }
    guard 1...max(inputs.rows, 1) ~= length else {
      throw .invalid(
        argument: "length", reason: "is \(length), expected 1 to the series' \(inputs.rows) rows")
    }
    let possible = length - 1..<inputs.rows
    let ends = ends ?? possible
    guard ends.isEmpty || possible.lowerBound <= ends.lowerBound, ends.upperBound <= inputs.rows
    else {
      throw .invalid(argument: "ends", reason: "are \(ends), expected within \(possible)")
    }
    self.inputs = inputs
    self.targets = targets
    self.length = length
    self.ends = ends
  }

  public var count: Int { ends.count }

  public func batch(_ examples: ArraySlice<Int>) throws(RecurError) -> TrainingBatch<Scalar> {
    TrainingBatch(
      input: .features(try input(examples)), targets: .values(try targets(of: examples)))
  }

  /// What the windows with these numbers read: length x examples x I.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func input(_ examples: ArraySlice<Int>) throws(RecurError) -> SequenceBatch<Scalar> {
    try require(examples)
    let (columns, batchSize) = (inputs.columns, examples.count)
    var batch = try SequenceBatch<Scalar>(
      steps: length, batchSize: batchSize, features: columns)
    let base = batch.uniqueBase()
    for (b, example) in examples.enumerated() {
      let first = ends.lowerBound + example - length + 1
      for t in 0..<length {
        (base + (t * batchSize + b) * columns)
          .update(from: inputs.base + (first + t) * columns, count: columns)
      }
    }
    return withExtendedLifetime(inputs) { batch }
  }

  private func targets(of examples: ArraySlice<Int>) throws(RecurError) -> Matrix<Scalar> {
    let columns = targets.columns
    var chosen = try Matrix<Scalar>(rows: examples.count, columns: columns)
    let base = chosen.uniqueBase()
    for (b, example) in examples.enumerated() {
      (base + b * columns)
        .update(from: targets.base + (ends.lowerBound + example) * columns, count: columns)
    }
    return withExtendedLifetime(targets) { chosen }
  }
}
