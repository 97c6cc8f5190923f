// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A model that ``Training`` can train: a ``SequenceModel`` or a `Model`.
public protocol TrainableModel<Scalar>: Sendable {
  associatedtype Scalar: RecurScalar

  /// The state that a pass leaves for the next chunk of the same sequences.
  associatedtype State: Sendable

  /// All parameters.
  var parameters: ParameterVector<Scalar> { get set }

  /// Whether a pass in training draws random masks.
  var drawsMasks: Bool { get }

  /// Returns the same model, without the workspaces that its copies share.
  ///
  /// - Returns: the model.
  /// - Throws: `RecurError` if memory allocation fails.
  func withOwnWorkspaces() throws(RecurError) -> Self

  /// Frees the workspaces that passes left for the next pass of the same shape.
  func releaseWorkspaces()

  /// Throws an error if the model cannot continue sequences from a state.
  ///
  /// - Throws: `RecurError` with the reason.
  func requireStateful() throws(RecurError)

  /// Returns the number of sequences of a state.
  ///
  /// - Parameter state: a state of this model.
  /// - Returns: B.
  /// - Throws: `RecurError` if memory allocation fails.
  func batchSize(of state: State) throws(RecurError) -> Int

  /// Computes the outputs of a batch in inference.
  ///
  /// - Parameters:
  ///   - batch: the inputs; targets only matter for the rows that count.
  ///   - initialState: the state before the first step; zero if nil.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  /// - Returns: the outputs by name, and the state after the last step of each sequence.
  /// - Throws: `RecurError` if the batch or the state does not fit the model, or if memory
  ///   allocation fails.
  func outputs(
    for batch: TrainingBatch<Scalar>, initialState: State?, threads: Threads?
  ) throws(RecurError) -> (outputs: [String: CountedOutput<Scalar>], finalState: State?)

  /// Computes the loss of a batch in inference.
  ///
  /// - Parameters:
  ///   - loss: the loss.
  ///   - batch: the inputs and targets.
  ///   - initialState: the state before the first step; zero if nil.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  /// - Returns: the loss, and the state after the last step of each sequence.
  /// - Throws: `RecurError` if the batch or the state does not fit the model, or if memory
  ///   allocation fails.
  func evaluate(
    _ loss: Loss, on batch: TrainingBatch<Scalar>, initialState: State?, threads: Threads?
  ) throws(RecurError) -> (value: LossValue, finalState: State?)

  /// Returns what the loss of a batch is divided by, for the shards of the batch.
  ///
  /// - Parameters:
  ///   - loss: the loss.
  ///   - batch: the whole batch.
  /// - Returns: the totals of its targets.
  /// - Throws: `RecurError` if the targets do not fit the loss.
  func totals(_ loss: Loss, of batch: TrainingBatch<Scalar>) throws(RecurError) -> LossTotals

  /// Computes the loss of a batch in training and adds the gradients of all parameters to a vector.
  ///
  /// - Parameters:
  ///   - loss: the loss.
  ///   - batch: the inputs and targets.
  ///   - initialState: the state before the first step; zero if nil.
  ///   - dropoutSeed: the seed of the random masks; nil for models without them.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  ///   - gradients: a vector with the slices of the parameters.
  /// - Returns: the loss, and the state after the last step of each sequence.
  /// - Throws: `RecurError` if the batch or the state does not fit the model, or if memory
  ///   allocation fails.
  func differentiate(
    _ loss: Loss, on batch: TrainingBatch<Scalar>, initialState: State?,
    dropoutSeed: DropoutSeed?, threads: Threads?,
    addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> (value: LossValue, finalState: State?)

  /// Finds the first value of a pass that is not finite.
  ///
  /// - Parameters:
  ///   - loss: the loss.
  ///   - batch: the inputs and targets.
  ///   - initialState: the state before the first step; zero if nil.
  ///   - dropoutSeed: the seed of the random masks; nil for models without them.
  /// - Returns: the location; nil if all values are finite, so that a gradient is not.
  /// - Throws: `RecurError` if memory allocation fails.
  func firstNotFinite(
    _ loss: Loss, _ batch: TrainingBatch<Scalar>, initialState: State?, dropoutSeed: DropoutSeed?
  ) throws(RecurError) -> NonFiniteLocation?

  /// The nodes of the model, without parameters.
  var graph: ModelGraph { get }

  /// Creates a model of a graph, with all parameters zero.
  ///
  /// - Parameter graph: the graph.
  /// - Throws: `RecurError` if the graph is invalid or not one of such a model, or if memory allocation fails.
  init(_ graph: ModelGraph) throws(RecurError)

  /// Returns the matrices of a state by name.
  ///
  /// - Parameter state: a state of this model.
  /// - Returns: the matrices.
  func matrices(of state: State) -> [(name: String, matrix: Matrix<Scalar>)]

  /// Returns the state with some matrices, for as many sequences as they have.
  ///
  /// - Parameter matrices: the matrices by name.
  /// - Returns: the state.
  /// - Throws: `RecurError` if a name or a shape is wrong.
  func state(of matrices: [String: Matrix<Scalar>]) throws(RecurError) -> State
}

/// An output of a batch: its rows, and which of them are within a sequence and in the mask.
public struct CountedOutput<Scalar: RecurScalar>: Sendable {
  /// All rows: T·B x O, or B x O for an output with one row for each sequence.
  public var rows: Matrix<Scalar>

  /// Which rows count.
  public var counting: [Bool]

  /// Creates an output.
  ///
  /// - Parameters:
  ///   - rows: all rows.
  ///   - counting: which rows count, one element for each.
  public init(rows: Matrix<Scalar>, counting: [Bool]) {
    self.rows = rows
    self.counting = counting
  }
}

extension TrainableModel {
  /// Returns the same model with other parameters.
  func with(_ parameters: ParameterVector<Scalar>) -> Self {
    var model = self
    model.parameters = parameters
    return model
  }

  /// Throws an error if the state carried from the previous batch has another number of sequences.
  func requireBatchSize(
    of carried: State?, in batch: TrainingBatch<Scalar>
  ) throws(RecurError) {
    guard let carried else { return }
    let size = try batchSize(of: carried)
    guard batch.batchSize == size else {
      throw .invalid(
        argument: "data",
        reason:
          "has a batch of size \(batch.batchSize), expected \(size) as in the previous batch: "
          + "stateful batches must all have the same size")
    }
  }

  /// Runs a function over all batches of some data in order.
  ///
  /// - Parameters:
  ///   - data: the examples.
  ///   - batching: how batches are formed: as in training, but always in order.
  ///   - body: computes a batch from a state; returns the final state.
  /// - Throws: `RecurError` if the data are empty or do not fit the model; the errors of `body`.
  func forEachBatch(
    of data: any TrainingData<Scalar>, _ batching: Batching,
    _ body: (TrainingBatch<Scalar>, State?) throws(RecurError) -> State?
  ) throws(RecurError) {
    try batching.validate(for: self)
    try data.requireSome("data")
    let order = Array(0..<data.count)
    var state: State?
    for first in stride(from: 0, to: order.count, by: batching.size) {
      let batch = try data.batch(order[first..<min(first + batching.size, order.count)])
      try requireBatchSize(of: state, in: batch)
      let final = try body(batch, state)
      if batching == .stateful { state = final }
    }
  }

  /// Computes the mean loss over all examples, without training.
  ///
  /// - Parameters:
  ///   - loss: the loss.
  ///   - data: the examples.
  ///   - batching: how batches are formed: as in training, but always in order.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  /// - Returns: the mean loss.
  /// - Throws: `RecurError` if the data are empty or do not fit the model, or if memory allocation
  ///   fails.
  public func loss(
    _ loss: Loss, over data: any TrainingData<Scalar>, batching: Batching = .inOrder(size: 32),
    threads: Threads? = nil
  ) throws(RecurError) -> LossValue {
    var values: [LossValue] = []
    try forEachBatch(of: data, batching) { batch, state throws(RecurError) in
      let result = try evaluate(loss, on: batch, initialState: state, threads: threads)
      values.append(result.value)
      return result.finalState
    }
    return .mean(of: values)
  }
}
