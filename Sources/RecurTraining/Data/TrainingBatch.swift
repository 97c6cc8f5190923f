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

/// The targets of one output of a model.
public struct OutputTargets<Scalar: RecurScalar>: Sendable {
  /// The targets: T·B rows, or B rows for an output with one row for each sequence.
  public var targets: Targets<Scalar>

  /// The rows of the targets that count; all if nil.
  public var mask: [Bool]?

  /// Creates targets.
  ///
  /// - Parameters:
  ///   - targets: T·B rows, or B rows for an output with one row for each sequence.
  ///   - mask: the rows of the targets that count; all if nil.
  public init(_ targets: Targets<Scalar>, mask: [Bool]? = nil) {
    self.targets = targets
    self.mask = mask
  }
}

/// One batch of inputs and targets.
public struct TrainingBatch<Scalar: RecurScalar>: Sendable {
  /// The inputs by name, each with T·B rows. The only input of a model may have the name
  /// ``only``.
  public var inputs: [String: ModelInput<Scalar>]

  /// The number of steps of each sequence, B elements; all T if nil. Rows past the end of a
  /// sequence never count.
  public var lengths: [Int]?

  /// The targets by the names of the outputs. Those of the only output may have the name ``only``.
  public var outputTargets: [String: OutputTargets<Scalar>]

  /// If this batch is a shard, the totals of the whole batch.
  var totals: LossTotals?

  /// The empty string. It stands for the name of the only input or output of a model.
  public static var only: String { "" }

  /// Creates a batch for a model with one input and one output.
  ///
  /// - Parameters:
  ///   - input: T·B x I features, or T·B tokens.
  ///   - lengths: the number of steps of each sequence, 0 to T; all T if nil.
  ///   - targets: T·B rows, or B rows for a model that reads the last step.
  ///   - mask: the rows of the targets that count; all if nil.
  public init(
    input: ModelInput<Scalar>, lengths: [Int]? = nil, targets: Targets<Scalar>, mask: [Bool]? = nil
  ) {
    self.init(
      inputs: [Self.only: input], lengths: lengths,
      targets: [Self.only: OutputTargets(targets, mask: mask)])
  }

  /// Creates a batch for a model with several inputs or outputs.
  ///
  /// - Parameters:
  ///   - inputs: the inputs by name.
  ///   - lengths: the number of steps of each sequence, 0 to T; all T if nil.
  ///   - targets: the targets by the names of the outputs.
  public init(
    inputs: [String: ModelInput<Scalar>], lengths: [Int]? = nil,
    targets: [String: OutputTargets<Scalar>]
  ) {
    self.inputs = inputs
    self.lengths = lengths
    self.outputTargets = targets
  }
}

// Batches with one input and one output

extension TrainingBatch {
  /// The input without a name, of a batch for a model with one input. The batch must have it.
  public var input: ModelInput<Scalar> {
    get {
      guard let input = inputs[Self.only] else {
        preconditionFailure("the batch has named inputs only")
      }
      return input
    }
    set { inputs[Self.only] = newValue }
  }

  /// The targets without a name, of a batch for a model with one output. The batch must have them.
  public var targets: Targets<Scalar> {
    get { only.targets }
    set { only.targets = newValue }
  }

  /// The rows of ``targets`` that count; all if nil.
  public var mask: [Bool]? {
    get { only.mask }
    set { only.mask = newValue }
  }

  private var only: OutputTargets<Scalar> {
    get {
      guard let targets = outputTargets[Self.only] else {
        preconditionFailure("the batch has named targets only")
      }
      return targets
    }
    set { outputTargets[Self.only] = newValue }
  }
}

extension TrainingBatch {
  /// The number of sequences, B; 0 without inputs.
  public var batchSize: Int { inputs.values.first?.batchSize ?? 0 }

  /// The input of a model with one input of any name.
  var onlyInput: ModelInput<Scalar> {
    get throws(RecurError) { try Self.only(inputs, "inputs") }
  }

  /// The targets of a model with one output of any name.
  var onlyTargets: OutputTargets<Scalar> {
    get throws(RecurError) { try Self.only(outputTargets, "targets") }
  }

  private static func only<Value>(
    _ values: [String: Value], _ argument: String
  ) throws(RecurError) -> Value {
    guard values.count == 1, let value = values.values.first else {
      throw .invalid(
        argument: argument, reason: "has \(values.count) elements, expected 1 for this model")
    }
    return value
  }
}
