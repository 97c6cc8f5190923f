// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The targets of a model's outputs: T·B rows for a model that reads every step, B rows for one
/// that reads the last step.
public enum Targets<Scalar: RecurScalar>: Sendable {
  /// Values, with as many columns as the loss expects.
  case values(Matrix<Scalar>)

  /// Class labels, 0 ..< O.
  case labels([Int])

  /// The number of rows.
  public var rows: Int {
    switch self {
    case .values(let matrix): matrix.rows
    case .labels(let labels): labels.count
    }
  }
}

/// One batch of inputs and targets.
public struct TrainingBatch<Scalar: RecurScalar>: Sendable {
  /// The inputs: T·B x I features, or T·B tokens.
  public var input: ModelInput<Scalar>

  /// The number of steps of each sequence, B elements; all T if nil. Rows past the end of a
  /// sequence never count.
  public var lengths: [Int]?

  /// The targets: T·B rows, or B rows for a model that reads the last step.
  public var targets: Targets<Scalar>

  /// The rows of the targets that count; all if nil.
  public var mask: [Bool]?

  /// Creates a batch.
  ///
  /// - Parameters:
  ///   - input: T·B x I features, or T·B tokens.
  ///   - lengths: the number of steps of each sequence, 0 to T; all T if nil.
  ///   - targets: T·B rows, or B rows for a model that reads the last step.
  ///   - mask: the rows of the targets that count; all if nil.
  public init(
    input: ModelInput<Scalar>, lengths: [Int]? = nil, targets: Targets<Scalar>, mask: [Bool]? = nil
  ) {
    self.input = input
    self.lengths = lengths
    self.targets = targets
    self.mask = mask
  }
}
