// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// What goes into a model.
public enum ModelInput<Scalar: RecurScalar>: Sendable {
  /// Numbers, T·B x I.
  case features(SequenceBatch<Scalar>)

  /// Tokens, for a model with an embedding.
  case tokens(TokenBatch)

  public var steps: Int {
    switch self {
    case .features(let batch): batch.steps
    case .tokens(let batch): batch.steps
    }
  }

  public var batchSize: Int {
    switch self {
    case .features(let batch): batch.batchSize
    case .tokens(let batch): batch.batchSize
    }
  }
}

/// What a model's outputs are compared with, row by row: T·B rows of a model that reads every step, B
/// of one that reads the last.
public enum Targets<Scalar: RecurScalar>: Sendable {
  /// Numbers, as many columns as the loss asks for.
  case values(Matrix<Scalar>)

  /// Classes, 0 ..< O.
  case labels([Int])

  public var rows: Int {
    switch self {
    case .values(let matrix): matrix.rows
    case .labels(let labels): labels.count
    }
  }
}

/// One batch: what goes in, and what should come out.
public struct TrainingBatch<Scalar: RecurScalar>: Sendable {
  public var input: ModelInput<Scalar>

  /// How many steps each sequence has; all of them if nil. What lies past the end of a sequence never
  /// counts.
  public var lengths: [Int]?

  public var targets: Targets<Scalar>

  /// Which rows count; all if nil.
  public var mask: [Bool]?

  public init(
    input: ModelInput<Scalar>, lengths: [Int]? = nil, targets: Targets<Scalar>, mask: [Bool]? = nil
  ) {
    self.input = input
    self.lengths = lengths
    self.targets = targets
    self.mask = mask
  }
}
