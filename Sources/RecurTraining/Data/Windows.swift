// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Windows of a long series: each reads `length` successive rows, and its target is one row, the
/// one at the index of its last input row.
///
/// For models that read the last step. The caller chooses the targets: the next value, or a whole
/// horizon.
public struct Windows<Scalar: RecurScalar>: TrainingData {
  /// N x I: one row for each point in time.
  public let inputs: Matrix<Scalar>

  /// N x O: row n is the target of the window that ends with input row n.
  public let targets: Matrix<Scalar>

  /// T: the number of rows of a window.
  public let length: Int

  /// The indices of the windows' last rows.
  public let ends: Range<Int>

  /// Windows of a series.
  ///
  /// - Parameters:
  ///   - inputs: N x I: one row for each point in time.
  ///   - targets: N rows: row n is the target of the window that ends with input row n.
  ///   - length: T: the number of rows of a window, 1 to N.
  ///   - ends: the indices of the windows' last rows; T − 1 ..< N if nil.
  /// - Throws: `RecurError` for another number of rows of targets, or if a window would begin
  ///   before the first row or end after the last.
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

  /// The inputs of some windows.
  ///
  /// - Parameter examples: the indices of the windows, 0 ..< count.
  /// - Returns: T x examples x I.
  /// - Throws: `RecurError` for an index that does not exist, or without memory.
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
