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

/// Examples that batches are made of.
public protocol TrainingData<Scalar>: Sendable {
  associatedtype Scalar: RecurScalar

  /// How many examples there are.
  var count: Int { get }

  /// A batch of the examples with these numbers, in this order.
  func batch(_ examples: ArraySlice<Int>) throws(RecurError) -> TrainingBatch<Scalar>
}

extension TrainingData {
  /// Whether there are examples with these numbers.
  func require(_ examples: ArraySlice<Int>) throws(RecurError) {
    for example in examples where !(0..<count).contains(example) {
      throw .invalid(
        argument: "examples", reason: "have \(example), expected 0 to below \(count)")
    }
  }

  func requireSome(_ name: String) throws(RecurError) {
    guard count > 0 else { throw .invalid(argument: name, reason: "has no examples") }
  }
}

/// How batches are made of examples.
public enum Batching: Sendable, Equatable, Codable {
  /// In a new order in every epoch, so many at a time; the last batch of an epoch may be smaller.
  case shuffled(size: Int)

  /// In their order, so many at a time, such as for validation.
  case inOrder(size: Int)

  /// In their order, one at a time, where each goes on from the one before: its final state is the
  /// next one's initial state, through which no gradient flows (truncated back-propagation). An epoch
  /// begins from zero. Not for bidirectional networks, whose reverse direction would go on from the
  /// beginning of the chunk before.
  case continued

  func validate(for network: NetworkConfiguration) throws(RecurError) {
    try RecurTraining.require("batching", size, size >= 1, "at least 1")
    guard self != .continued || network.directions == 1 else {
      throw .unsupported(
        argument: "batching", reason: "is continued, which a bidirectional network cannot be")
    }
  }

  var size: Int {
    switch self {
    case .shuffled(let size), .inOrder(let size): size
    case .continued: 1
    }
  }
}
