// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// Sequences that come a step at a time: a network, and the state that its steps go on from. A step
/// into a matrix that is there allocates nothing.
///
/// ```swift
/// var stream = try network.stream(batchSize: 1)
/// var y = try Matrix<Float>(rows: 1, columns: network.outputSize)
/// try stream.step(x, into: &y)
/// ```
public struct NetworkStream<Network: RecurrentNetwork>: ~Copyable {
  public typealias Scalar = Network.Scalar

  private let weights: PreparedWeights<Scalar>
  private let workspace: NetworkWorkspace<Scalar>
  private let outputSize: Int

  /// After the last step. It may be replaced, by one for as many sequences.
  public var state: Network.State

  init(_ network: Network, batchSize: Int, from state: Network.State?) throws(RecurError) {
    try network.requireOneDirection()
    let plan = network.description.plan
    let start = if let state { state } else { try network.zeroState(batchSize: batchSize) }
    let weights = try network.parameters.prepared(for: plan)
    let workspace = try NetworkWorkspace<Scalar>(
      plan, steps: 1, batchSize: batchSize, pass: RECUR_MODE_INFERENCE)
    self.weights = weights
    self.workspace = workspace
    self.outputSize = network.outputSize
    self.state = start
  }

  /// One step: B x I in, and the last layer's output, B x P.
  ///
  /// - Throws: ``RecurError`` for an input, an output or a state of another shape.
  @_specialize(where Network == RNN<Float>)
  @_specialize(where Network == RNN<Double>)
  @_specialize(where Network == ResidualRNN<Float>)
  @_specialize(where Network == ResidualRNN<Double>)
  @_specialize(where Network == GRU<Float>)
  @_specialize(where Network == GRU<Double>)
  @_specialize(where Network == LSTM<Float>)
  @_specialize(where Network == LSTM<Double>)
  public mutating func step(
    _ input: Matrix<Scalar>, into output: inout Matrix<Scalar>
  ) throws(RecurError) {
    state._makeUnique()
    _ = output.uniqueBase()
    let status = Scalar.withArguments { argument in
      let (h, c) = (argument(state.hidden), argument(state._cell))
      return Scalar._network.infer(
        weights.pointer, argument(input), nil, h, c, argument(output), h, c, workspace.pointer)
    }
    try withExtendedLifetime((input, output)) { () throws(RecurError) in
      try check(status, networkArgumentNames)
    }
  }

  /// The same into a new matrix.
  public mutating func step(_ input: Matrix<Scalar>) throws(RecurError) -> Matrix<Scalar> {
    var output = try Matrix<Scalar>(rows: workspace.batchSize, columns: outputSize, zeroed: false)
    try step(input, into: &output)
    return output
  }
}

extension RecurrentNetwork {
  /// A stream of `batchSize` sequences that begin in a state, or in zero.
  ///
  /// - Throws: ``RecurError`` if the network is bidirectional: its reverse direction comes from the
  ///   future.
  public func stream(
    batchSize: Int, from state: State? = nil
  ) throws(RecurError) -> NetworkStream<Self> {
    try NetworkStream(self, batchSize: batchSize, from: state)
  }
}
