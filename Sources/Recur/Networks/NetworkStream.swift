// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Sequences that come a step at a time: a network, and the state that the next step begins in. A step
/// into an existing matrix allocates nothing.
///
/// ```swift
/// var stream = try network.stream(batchSize: 1)
/// var y = try Matrix<Float>(rows: 1, columns: network.outputSize)
/// try stream.step(x, into: &y)
/// ```
public struct NetworkStream<Network: RecurrentNetwork>: ~Copyable {
  public typealias Scalar = Network.Scalar

  @usableFromInline let engine: StreamEngine<Scalar>

  /// The state after the last step. It may be replaced, by one for as many sequences.
  public var state: Network.State {
    get {
      do {
        return try Network.State(engine.state)
      } catch {
        preconditionFailure("\(error)")  // Its matrices came from a state of this type.
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
  ///   - input: B x I.
  ///   - output: receives the last layer's output, B x P.
  /// - Throws: ``RecurError`` for an input, an output or a state of another shape.
  @inlinable
  public mutating func step(
    _ input: Matrix<Scalar>, into output: inout Matrix<Scalar>
  ) throws(RecurError) {
    try engine.step(input, into: &output)
  }

  /// Runs one step into a new matrix.
  ///
  /// - Parameter input: B x I.
  /// - Returns: the last layer's output, B x P.
  /// - Throws: ``RecurError`` for an input or a state of another shape, or without memory.
  public mutating func step(_ input: Matrix<Scalar>) throws(RecurError) -> Matrix<Scalar> {
    var output = try engine.newOutput()
    try engine.step(input, into: &output)
    return output
  }
}

extension RecurrentNetwork {
  /// A stream of sequences.
  ///
  /// - Parameters:
  ///   - batchSize: B.
  ///   - state: the state that the sequences begin in; zero if left out.
  /// - Returns: a stream, with the parameters as they are now.
  /// - Throws: ``RecurError`` if the network is bidirectional, since the input of its reverse direction
  ///   comes from the future; for a negative size, or without memory.
  public func stream(
    batchSize: Int, from state: State? = nil
  ) throws(RecurError) -> NetworkStream<Self> {
    try NetworkStream(self, batchSize: batchSize, from: state)
  }
}

/// A stream over a network of any cell.
@usableFromInline
final class StreamEngine<Scalar: RecurScalar> {
  private let weights: PreparedWeights<Scalar>
  private let workspace: NetworkWorkspace<Scalar>

  var state: StateMatrices<Scalar>

  init(
    _ network: NetworkEngine<Scalar>, batchSize: Int, from state: StateMatrices<Scalar>?
  ) throws(RecurError) {
    let plan = network.plan
    try plan.requireOneDirection()
    let start: StateMatrices<Scalar> =
      if let state { state } else { try plan.state(batchSize: batchSize, zeroed: true) }
    let weights = try network.parameters.prepared(for: plan)
    let workspace = try NetworkWorkspace<Scalar>(
      plan, steps: 1, batchSize: batchSize, for: .inference)
    self.weights = weights
    self.workspace = workspace
    self.state = start
  }

  func newOutput() throws(RecurError) -> Matrix<Scalar> {
    try Matrix(
      rows: workspace.batchSize, columns: weights.plan.configuration.outputSize, zeroed: false)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @usableFromInline
  func step(
    _ input: Matrix<Scalar>, into output: inout Matrix<Scalar>
  ) throws(RecurError) {
    _ = state.hidden.uniqueBase()
    _ = state.cell?.uniqueBase()
    _ = output.uniqueBase()
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
