// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A recurrent network: ``RNN``, ``ResidualRNN``, ``GRU`` or ``LSTM``, of one layer or several, in
/// one direction or two.
///
/// A network is a value: it holds its parameters and nothing else, and is safe to share between
/// threads. States are arguments and results; a state that is left out is zero. Inputs are T·B x I, and
/// outputs T·B x D·P.
///
/// ```swift
/// let network = try LSTM<Float>(
///   inputSize: 40, hiddenSize: 128, layers: 2, bidirectional: true, seed: 1)
/// let result = try network(x, lengths: [7, 3])
/// let pass = try network.trainingPass(x, lengths: [7, 3])
/// let gradients = try pass.backward(outputGradient: dy)
/// ```
public protocol RecurrentNetwork<Scalar>: Sendable, CustomStringConvertible {
  associatedtype Scalar
  associatedtype State: NetworkState where State.Scalar == Scalar

  /// The library's own data that all copies of this network share.
  var plan: NetworkPlan { get }

  /// One vector with PyTorch's names: `weight_ih_l0`, `weight_hh_l1_reverse`, ….
  var parameters: ParameterVector<Scalar> { get set }

  /// A network with all parameters zero, to be set.
  ///
  /// - Parameter configuration: the cell, sizes and options.
  /// - Throws: ``RecurError`` for a configuration of another cell, or one that no network has.
  init(_ configuration: NetworkConfiguration) throws(RecurError)
}

extension RecurrentNetwork {
  /// A network with new parameters.
  ///
  /// - Parameters:
  ///   - configuration: the cell, sizes and options.
  ///   - initialization: how the parameters are drawn.
  ///   - seed: the seed of the random numbers.
  /// - Throws: ``RecurError`` for a configuration of another cell, or one that no network has, or an
  ///   initialization that the cell does not have.
  public init(
    _ configuration: NetworkConfiguration, initialization: Initialization = .uniform, seed: UInt64
  ) throws(RecurError) {
    try self.init(configuration)
    try parameters.draw(for: plan, initialization, seed: seed)
  }

  /// The cell, sizes and options.
  public var configuration: NetworkConfiguration { plan.configuration }

  /// I.
  public var inputSize: Int { configuration.inputSize }

  /// H.
  public var hiddenSize: Int { configuration.hiddenSize }

  /// D·P.
  public var outputSize: Int { configuration.outputSize }

  /// The initializer's call, `LSTM<Float>(inputSize: 40, hiddenSize: 128)`, without parameters.
  public var description: String { "\(Self.self)(\(configuration.arguments))" }

  @inlinable
  var engine: NetworkEngine<Scalar> { NetworkEngine(plan: plan, parameters: parameters) }
}

/// One of the two directions of a layer.
public enum Direction: Int, Sendable, CaseIterable {
  case forward
  case reverse
}

// Inference

/// The result of running a network over a batch of sequences.
public struct NetworkOutput<Network: RecurrentNetwork>: Sendable {
  /// The last layer's output at every step, T·B x D·P: [forward, reverse]; 0 past the end of a
  /// sequence.
  public let outputs: SequenceBatch<Network.Scalar>

  /// The state after the last step of each sequence, for the next chunk of the same sequences.
  public let finalState: Network.State

  @inlinable
  init(_ output: NetworkEngine<Network.Scalar>.Output) throws(RecurError) {
    outputs = output.outputs
    finalState = try Network.State(output.finalState)
  }
}

extension RecurrentNetwork {
  public typealias Output = NetworkOutput<Self>

  /// Runs over whole sequences.
  ///
  /// - Parameters:
  ///   - input: T·B x I.
  ///   - lengths: the number of steps of each sequence, 0 to T, in any order; all T if left out.
  ///   - initialState: the state before the first step; zero if left out.
  ///   - threads: share the work, where there is enough; the caller's own thread if left out.
  /// - Returns: the outputs and the final state.
  /// - Throws: ``RecurError`` for an input or a state of another shape, lengths out of range, or
  ///   without memory.
  @inlinable
  public func callAsFunction(
    _ input: SequenceBatch<Scalar>, lengths: [Int]? = nil, initialState: State? = nil,
    threads: Threads? = nil
  ) throws(RecurError) -> Output {
    try Output(
      engine.infer(
        input, lengths: lengths, initialState: initialState?.matrices, threads: threads))
  }

  /// Runs over whole sequences that lie in somebody else's memory.
  ///
  /// - Parameters:
  ///   - input: a view of T·B x I.
  ///   - steps: T.
  ///   - batchSize: B.
  ///   - lengths: the number of steps of each sequence, 0 to T, in any order; all T if left out.
  ///   - initialState: the state before the first step; zero if left out.
  ///   - threads: share the work, where there is enough; the caller's own thread if left out.
  /// - Returns: the outputs and the final state.
  /// - Throws: ``RecurError`` for an input or a state of another shape, lengths out of range, or
  ///   without memory.
  public func callAsFunction(
    _ input: borrowing MatrixView<Scalar>, steps: Int, batchSize: Int, lengths: [Int]? = nil,
    initialState: State? = nil, threads: Threads? = nil
  ) throws(RecurError) -> Output {
    try Output(
      engine.infer(
        input.header, steps: steps, batchSize: batchSize, lengths: lengths,
        initialState: initialState?.matrices, threads: threads))
  }

  /// Runs one step. A ``NetworkStream`` also keeps the state.
  ///
  /// - Parameters:
  ///   - input: B x I.
  ///   - state: the state before the step; zero if left out.
  /// - Returns: the last layer's output, B x P, and the state after the step.
  /// - Throws: ``RecurError`` for an input or a state of another shape, or if the network is
  ///   bidirectional, since the input of its reverse direction comes from the future.
  @inlinable
  public func step(
    _ input: Matrix<Scalar>, from state: State? = nil
  ) throws(RecurError) -> (output: Matrix<Scalar>, state: State) {
    try plan.requireOneDirection()
    let result = try engine.infer(
      SequenceBatch(steps: 1, batchSize: input.rows, matrix: input), lengths: nil,
      initialState: state?.matrices, threads: nil)
    return (result.outputs.matrix, try State(result.finalState))
  }
}

/// The C library's names of a network's arguments, and Swift's.
let networkArgumentNames: [String: String] = {
  let names = [
    "x": "input", "h0": "initialState.hidden", "c0": "initialState.cell", "dy": "outputGradient",
    "dhT": "finalStateGradient.hidden", "dcT": "finalStateGradient.cell",
    "batch->lengths": "lengths", "batch->first_step": "dropoutSeed.firstStep",
    "batch->first_sequence": "dropoutSeed.firstSequence", "batch_size": "batchSize",
    "steps * batch_size": "steps * batchSize", "segment_length": "segmentLength",
    "network->cell.kind": "configuration.cell",
  ]
  let options = NetworkOption.all.map { ($0.nameInC, $0.name) }
  return names.merging(options) { name, _ in name }
}()
