// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A network and its state, for sequences that arrive one step at a time. A step that writes to an existing
/// matrix allocates no memory.
///
/// ```swift
/// var stream = try network.stream(batchSize: 1)
/// var y = try Matrix<Float>(rows: 1, columns: network.outputSize)
/// try stream.step(x, into: &y)
/// ```
public struct NetworkStream<Network: RecurrentNetwork>: ~Copyable {
  public typealias Scalar = Network.Scalar

  @usableFromInline let engine: StreamEngine<Scalar>

  /// The state after the last step. You can replace it by a state for the same number of sequences.
  public var state: Network.State {
    get {
      do {
        return try Network.State(engine.state)
      } catch {
        preconditionFailure("\(error)")  // impossible: the matrices came from a state of this type
      }
    }
    set { engine.state = newValue.matrices }
  }

  init(_ network: Network, batchSize: Int, from state: Network.State?) throws(RecurError) {
    engine = try StreamEngine(network.engine, batchSize: batchSize, from: state?.matrices)
  }

  /// Runs one step into an existing matrix.
  ///
  /// - Parameters:
  ///   - input: The input, B x I.
  ///   - output: The matrix for the last layer's output, B x P.
  /// - Throws: ``RecurError`` if the shape of the input, the output or the state is wrong.
  @inlinable
  public mutating func step(
    _ input: Matrix<Scalar>, into output: inout Matrix<Scalar>
  ) throws(RecurError) {
    try engine.step(input, into: &output)
  }

  /// Runs one step into a new matrix.
  ///
  /// - Parameter input: The input, B x I.
  /// - Returns: The last layer's output, B x P.
  /// - Throws: ``RecurError`` if the shape of the input or the state is wrong, or memory cannot be
  ///   allocated.
  public mutating func step(_ input: Matrix<Scalar>) throws(RecurError) -> Matrix<Scalar> {
    var output = try engine.newOutput()
    try engine.step(input, into: &output)
    return output
  }
}

extension RecurrentNetwork {
  /// Creates a stream of sequences.
  ///
  /// - Parameters:
  ///   - batchSize: The batch size B.
  ///   - state: The initial state. If omitted, it is zero.
  /// - Returns: A stream with the current parameters.
  /// - Throws: ``RecurError`` if the network is bidirectional, because the reverse direction would need
  ///   future inputs; if the size is negative; or if memory cannot be allocated.
  public func stream(
    batchSize: Int, from state: State? = nil
  ) throws(RecurError) -> NetworkStream<Self> {
    try NetworkStream(self, batchSize: batchSize, from: state)
  }
}

/// A stream for a network with any cell.
@usableFromInline
final class StreamEngine<Scalar: RecurScalar> {
  private let weights: PreparedWeights<Scalar>
  private let workspace: Workspace<Scalar>

  var state: StateMatrices<Scalar>

  init(
    _ network: NetworkEngine<Scalar>, batchSize: Int, from state: StateMatrices<Scalar>?
  ) throws(RecurError) {
    let plan = network.plan
    try plan.requireOneDirection()
    let start: StateMatrices<Scalar> =
      if let state { state } else { try plan.state(batchSize: batchSize, zeroed: true) }
    let weights = try network.parameters.prepared(for: plan)
    let workspace = try Workspace<Scalar>(
      plan, steps: 1, batchSize: batchSize, for: .inference)
    self.weights = weights
    self.workspace = workspace
    self.state = start
  }

  func newOutput() throws(RecurError) -> Matrix<Scalar> {
    try Matrix(
      rows: workspace.batchSize, columns: weights.configuration.outputSize, zeroed: false)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @usableFromInline
  func step(
    _ input: Matrix<Scalar>, into output: inout Matrix<Scalar>
  ) throws(RecurError) {
    _ = try state.hidden.uniqueBase()
    _ = try state.cell?.uniqueBase()
    _ = try output.uniqueBase()
    let status = Scalar.withArguments { argument in
      let (h, c) = (argument(state.hidden), argument(state.cell))
      return Scalar.kernels.network.infer(
        weights.pointer,
        PassArguments(
          x: argument(input), batch: nil, h0: h, c0: c, y: argument(output), hT: h, cT: c),
        workspace.pointer)
    }
    try withExtendedLifetime((input, output)) { () throws(RecurError) in
      try check(status, networkArgumentNames)
    }
  }
}
