// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Windows of a long series as training data. Each window has `length` successive input rows and
/// one target row: the one at the index of its last input row.
///
/// Windows are for models that read the last step. The caller chooses the targets, such as the next
/// value or a whole horizon.
public struct Windows<Scalar: RecurScalar>: TrainingData {
  /// N x I: one row per point in time.
  public let inputs: Matrix<Scalar>

  /// N x O: row n is the target of the window that ends with input row n.
  public let targets: Matrix<Scalar>

  /// T: the number of rows in a window.
  public let length: Int

  /// The indices of the windows' last rows.
  public let ends: Range<Int>

  /// Creates windows of a series.
  ///
  /// - Parameters:
  ///   - inputs: N x I: one row per point in time.
  ///   - targets: N rows: row n is the target of the window that ends with input row n.
  ///   - length: T: the number of rows in a window, 1 to N.
  ///   - ends: the indices of the windows' last rows; T − 1 ..< N if nil.
  /// - Throws: `RecurError` if `targets` has a different number of rows, or if a window would begin
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
        argument: "length", reason: "is \(length), expected 1 to the number of rows, \(inputs.rows)"
      )
    }
    let possible = length - 1..<inputs.rows
    let ends = ends ?? possible
    guard ends.isEmpty || possible.lowerBound <= ends.lowerBound, ends.upperBound <= inputs.rows
    else {
      throw .invalid(argument: "ends", reason: "is \(ends), expected a range within \(possible)")
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

  /// Returns the inputs of some windows.
  ///
  /// - Parameter examples: the indices of the windows, 0 ..< count.
  /// - Returns: the inputs: T steps of one sequence per window, with I features.
  /// - Throws: `RecurError` if an index does not exist, or if memory allocation fails.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func input(_ examples: ArraySlice<Int>) throws(RecurError) -> SequenceBatch<Scalar> {
    try require(examples)
    let (columns, batchSize) = (inputs.columns, examples.count)
    var batch = try SequenceBatch<Scalar>(
      steps: length, batchSize: batchSize, features: columns)
    let base = try batch.uniqueBase()
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
    let base = try chosen.uniqueBase()
    for (b, example) in examples.enumerated() {
      (base + b * columns)
        .update(from: targets.base + (ends.lowerBound + example) * columns, count: columns)
    }
    return withExtendedLifetime(targets) { chosen }
  }
}
