// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A recurrent network: ``RNN``, ``ResidualRNN``, ``GRU`` or ``LSTM``, with one or more layers, in one
/// direction or two.
///
/// A network is a value that stores only its parameters, and threads can share it. States are arguments
/// and results; a state that is omitted is zero. Inputs are T·B x I, and outputs are T·B x D·P.
///
/// ```swift
/// let network = try LSTM<Float>(
///   inputSize: 40, hiddenSize: 128, layers: 2, bidirectional: true,
///   seed: 1)
/// let result = try network(x, lengths: [7, 3])
/// let pass = try network.trainingPass(x, lengths: [7, 3])
/// let gradients = try pass.backward(outputGradient: dy)
/// ```
public protocol RecurrentNetwork<Scalar>: Sendable, CustomStringConvertible {
  associatedtype Scalar
  associatedtype State: NetworkState where State.Scalar == Scalar

  /// Internal data that all copies of this network share.
  var plan: NetworkPlan { get }

  /// All parameters in one vector, with PyTorch's names: `weight_ih_l0`, `weight_hh_l1_reverse`, ….
  var parameters: ParameterVector<Scalar> { get set }

  /// Creates a network with zero parameters.
  ///
  /// - Parameter configuration: The cell, the sizes and the options.
  /// - Throws: ``RecurError`` if the configuration is invalid or has another cell.
  init(_ configuration: NetworkConfiguration) throws(RecurError)
}

extension RecurrentNetwork {
  /// Creates a network with new parameters.
  ///
  /// - Parameters:
  ///   - configuration: The cell, the sizes and the options.
  ///   - initialization: The initialization of the parameters.
  ///   - seed: The seed of the random numbers.
  /// - Throws: ``RecurError`` if the configuration is invalid or has another cell, or if the cell does
  ///   not support the initialization.
  public init(
    _ configuration: NetworkConfiguration, initialization: Initialization = .uniform, seed: UInt64
  ) throws(RecurError) {
    try self.init(configuration)
    try parameters.draw(for: plan, initialization, seed: seed)
  }

  /// The cell, the sizes and the options.
  public var configuration: NetworkConfiguration { plan.configuration }

  /// The number of input features, I.
  public var inputSize: Int { configuration.inputSize }

  /// The hidden size, H.
  public var hiddenSize: Int { configuration.hiddenSize }

  /// The number of features of the output, D·P.
  public var outputSize: Int { configuration.outputSize }

  /// The initializer's call without parameters: `LSTM<Float>(inputSize: 40, hiddenSize: 128)`.
  public var description: String { "\(Self.self)(\(configuration.arguments))" }

  @inlinable
  var engine: NetworkEngine<Scalar> { NetworkEngine(plan: plan, parameters: parameters) }
}

/// One of the two directions of a layer.
public enum Direction: Int, Sendable, CaseIterable, Codable {
  /// From the first step to the last.
  case forward

  /// From the last step to the first.
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

  /// Runs the network over whole sequences.
  ///
  /// - Parameters:
  ///   - input: The input, T·B x I.
  ///   - lengths: The number of steps of each sequence, from 0 to T, in any order. If omitted, each
  ///     sequence has T steps.
  ///   - initialState: The state before the first step. If omitted, it is zero.
  ///   - threads: The threads that share the work if there is enough. If omitted, the calling thread does
  ///     all work.
  /// - Returns: The outputs and the final state.
  /// - Throws: ``RecurError`` if the shape of the input or the state is wrong, a length is out of range,
  ///   or memory cannot be allocated.
  @inlinable
  public func callAsFunction(
    _ input: SequenceBatch<Scalar>, lengths: [Int]? = nil, initialState: State? = nil,
    threads: Threads? = nil
  ) throws(RecurError) -> Output {
    try Output(
      engine.infer(
        input, lengths: lengths, initialState: initialState?.matrices, threads: threads))
  }

  /// Runs the network over whole sequences in memory that another object owns.
  ///
  /// - Parameters:
  ///   - input: A view of the input, T·B x I.
  ///   - steps: The number of steps T.
  ///   - batchSize: The batch size B.
  ///   - lengths: The number of steps of each sequence, from 0 to T, in any order. If omitted, each
  ///     sequence has T steps.
  ///   - initialState: The state before the first step. If omitted, it is zero.
  ///   - threads: The threads that share the work if there is enough. If omitted, the calling thread does
  ///     all work.
  /// - Returns: The outputs and the final state.
  /// - Throws: ``RecurError`` if the shape of the input or the state is wrong, a length is out of range,
  ///   or memory cannot be allocated.
  public func callAsFunction(
    _ input: borrowing MatrixView<Scalar>, steps: Int, batchSize: Int, lengths: [Int]? = nil,
    initialState: State? = nil, threads: Threads? = nil
  ) throws(RecurError) -> Output {
    try Output(
      engine.infer(
        input.header, steps: steps, batchSize: batchSize, lengths: lengths,
        initialState: initialState?.matrices, threads: threads))
  }

  /// Runs one step. A ``NetworkStream`` also stores the state.
  ///
  /// - Parameters:
  ///   - input: The input, B x I.
  ///   - state: The state before the step. If omitted, it is zero.
  /// - Returns: The last layer's output, B x P, and the state after the step.
  /// - Throws: ``RecurError`` if the shape of the input or the state is wrong, or if the network is
  ///   bidirectional, because the reverse direction would need future inputs.
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

/// The Swift names of the C library's network arguments.
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
