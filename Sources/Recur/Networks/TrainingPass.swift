// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

extension RecurrentNetwork {
  public typealias TrainingPass = NetworkTrainingPass<Self>

  /// Runs over whole sequences and keeps what the gradients need.
  ///
  /// - `lengths`: how many steps each sequence has, 0 to T, in any order; T if left out.
  /// - `dropoutSeed`: for networks with dropout (between layers or recurrent) or zoneout, and only
  ///   for them.
  /// - `checkpointEvery`: k: keep the state of every k-th step only, and compute the rest again on the
  ///   way back: least memory where k is about √T, for one more forward pass, and the same gradients
  ///   to the bit. k ≥ T keeps every step. One direction only.
  @_specialize(where Self == RNN<Float>)
  @_specialize(where Self == RNN<Double>)
  @_specialize(where Self == ResidualRNN<Float>)
  @_specialize(where Self == ResidualRNN<Double>)
  @_specialize(where Self == GRU<Float>)
  @_specialize(where Self == GRU<Double>)
  @_specialize(where Self == LSTM<Float>)
  @_specialize(where Self == LSTM<Double>)
  public func trainingPass(
    _ input: SequenceBatch<Scalar>, lengths: [Int]? = nil, initialState: State? = nil,
    dropoutSeed: DropoutSeed? = nil, checkpointEvery: Int? = nil, threads: Threads? = nil
  ) throws(RecurError) -> TrainingPass {
    guard (dropoutSeed != nil) == description.drawsMasks else {
      throw .invalid(
        argument: "dropoutSeed",
        reason: description.drawsMasks
          ? "is missing, and the network has dropout or zoneout"
          : "is given, but the network has neither dropout nor zoneout")
    }
    let workspace = try NetworkWorkspace<Scalar>(
      description.plan, steps: input.steps, batchSize: input.batchSize, pass: RECUR_MODE_TRAINING,
      checkpointEvery: checkpointEvery, threads: threads)
    let output = try forward(
      input.header, .init(lengths: lengths, dropoutSeed: dropoutSeed), initialState: initialState,
      workspace: workspace)
    return TrainingPass(network: self, input: input, output: output, workspace: workspace)
  }
}

/// The gradients of a loss.
public struct NetworkGradients<Network: RecurrentNetwork>: Sendable {
  /// Of the parameters, in their layout.
  public let parameters: ParameterVector<Network.Scalar>

  /// Of the rest.
  public let inputs: NetworkInputGradients<Network>
}

/// The gradients of a loss with respect to what went into a pass.
public struct NetworkInputGradients<Network: RecurrentNetwork>: Sendable {
  /// T·B x I; 0 past the end of a sequence.
  public let input: SequenceBatch<Network.Scalar>

  public let initialState: Network.State

  /// ‖∂L/∂h_t‖ for every step and sequence, L·D·T x B, that of layer l and direction d from row
  /// (l·D + d)·T on: where these norms vanish or explode going back in time, so do the gradients. Nil
  /// unless they were asked for.
  public let stateNorms: Matrix<Network.Scalar>?
}

/// A forward pass that can be differentiated, once: ``backward(outputGradients:finalStateGradient:stateNorms:)``
/// uses it up, and the compiler sees to it. It stays on the thread that made it.
public struct NetworkTrainingPass<Network: RecurrentNetwork>: ~Copyable {
  public typealias Scalar = Network.Scalar

  private let network: Network
  private let input: SequenceBatch<Scalar>
  private let output: NetworkOutput<Network>
  private let workspace: NetworkWorkspace<Scalar>

  init(
    network: Network, input: SequenceBatch<Scalar>, output: NetworkOutput<Network>,
    workspace: consuming NetworkWorkspace<Scalar>
  ) {
    self.network = network
    self.input = input
    self.output = output
    self.workspace = workspace
  }

  /// The last layer's output at every step: T·B x D·P.
  public var outputs: SequenceBatch<Scalar> { output.outputs }

  /// The state after the last step of each sequence.
  public var finalState: Network.State { output.finalState }

  /// All gradients of a loss, from its gradients with respect to every output and to the final
  /// state; one that is left out is zero.
  ///
  /// - `stateNorms`: whether ``NetworkInputGradients/stateNorms`` are wanted.
  @_specialize(where Network == RNN<Float>)
  @_specialize(where Network == RNN<Double>)
  @_specialize(where Network == ResidualRNN<Float>)
  @_specialize(where Network == ResidualRNN<Double>)
  @_specialize(where Network == GRU<Float>)
  @_specialize(where Network == GRU<Double>)
  @_specialize(where Network == LSTM<Float>)
  @_specialize(where Network == LSTM<Double>)
  public consuming func backward(
    outputGradients: SequenceBatch<Scalar>? = nil, finalStateGradient: Network.State? = nil,
    stateNorms: Bool = false
  ) throws(RecurError) -> NetworkGradients<Network> {
    var parameters = try network.parameters.zeros()
    let inputs = try backward(
      outputGradients: outputGradients, finalStateGradient: finalStateGradient,
      stateNorms: stateNorms, addingTo: &parameters)
    return NetworkGradients(parameters: parameters, inputs: inputs)
  }

  /// The same, where the gradients of the parameters are added to what is there.
  @_specialize(where Network == RNN<Float>)
  @_specialize(where Network == RNN<Double>)
  @_specialize(where Network == ResidualRNN<Float>)
  @_specialize(where Network == ResidualRNN<Double>)
  @_specialize(where Network == GRU<Float>)
  @_specialize(where Network == GRU<Double>)
  @_specialize(where Network == LSTM<Float>)
  @_specialize(where Network == LSTM<Double>)
  public consuming func backward(
    outputGradients: SequenceBatch<Scalar>? = nil, finalStateGradient: Network.State? = nil,
    stateNorms: Bool = false, addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> NetworkInputGradients<Network> {
    let dx = try SequenceBatch<Scalar>(
      steps: input.steps, batchSize: input.batchSize, features: network.inputSize, zeroed: false)
    let norms: Matrix<Scalar>? =
      stateNorms
      ? try Matrix(
        rows: elementCount(
          network.description.layers * network.description.directions, input.steps, of: Scalar.self),
        columns: input.batchSize, zeroed: false) : nil
    let initial = try backward(
      outputGradients, finalStateGradient, dx: dx.matrix, norms: norms, addingTo: &gradients)
    return NetworkInputGradients(input: dx, initialState: initial, stateNorms: norms)
  }

  /// The gradients of the parameters alone, where that of the input is not wanted.
  @_specialize(where Network == RNN<Float>)
  @_specialize(where Network == RNN<Double>)
  @_specialize(where Network == ResidualRNN<Float>)
  @_specialize(where Network == ResidualRNN<Double>)
  @_specialize(where Network == GRU<Float>)
  @_specialize(where Network == GRU<Double>)
  @_specialize(where Network == LSTM<Float>)
  @_specialize(where Network == LSTM<Double>)
  package consuming func backwardToParameters(
    outputGradients: SequenceBatch<Scalar>? = nil, finalStateGradient: Network.State? = nil,
    addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) {
    _ = try backward(
      outputGradients, finalStateGradient, dx: nil, norms: nil, addingTo: &gradients)
  }

  private consuming func backward(
    _ outputGradients: SequenceBatch<Scalar>?, _ finalStateGradient: Network.State?,
    dx: Matrix<Scalar>?, norms: Matrix<Scalar>?,
    addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> Network.State {
    let (steps, batchSize) = (input.steps, input.batchSize)
    try outputGradients?.require(steps: steps, batchSize: batchSize, named: "outputGradients")
    let initial = try network.state(batchSize: batchSize, zeroed: false)
    var theta = try network.header(of: network.parameters, named: "parameters")
    _ = gradients.uniqueBase()
    var dtheta = try network.header(of: gradients, named: "gradients")
    let status = Scalar.withArguments { argument in
      Scalar._network.backward(
        &theta, argument(input.matrix), argument(output.outputs.matrix),
        argument(outputGradients?.matrix), argument(finalStateGradient?.hidden),
        argument(finalStateGradient?._cell), argument(dx), argument(initial.hidden),
        argument(initial._cell), &dtheta, argument(norms), workspace.pointer)
    }
    try check(status, networkArgumentNames)
    return withExtendedLifetime((network, outputGradients, finalStateGradient)) { initial }
  }
}

// The record

extension NetworkTrainingPass {
  /// The gates of every step in their order (a GRU's r z n, an LSTM's i f g o, coupled i g o; else the
  /// one there is): T·B x G·H; 0 past the end of a sequence. Not if `checkpointEvery` is below T.
  public borrowing func gates(
    layer: Int = 0, direction: Direction = .forward
  ) throws(RecurError) -> SequenceBatch<Scalar> {
    let columns = network.description.gates * network.hiddenSize
    return try read(layer, direction, columns: columns, Scalar._network.gates)
  }

  /// c_t of every step, after zoneout: T·B x H; 0 past the end of a sequence. Not if
  /// `checkpointEvery` is below T.
  public borrowing func cellStates<S>(
    layer: Int = 0, direction: Direction = .forward
  ) throws(RecurError) -> SequenceBatch<Scalar> where Network == LSTM<S> {
    try read(layer, direction, columns: network.hiddenSize, Scalar._network.cellStates)
  }

  /// A layer's output of every step before dropout, T·B x D·P: h_t, [forward, reverse]. Of layers
  /// below the last, not if `checkpointEvery` is below T.
  public borrowing func outputs(ofLayer layer: Int) throws(RecurError) -> SequenceBatch<Scalar> {
    try network.require(layer: layer, .forward)
    if layer == network.description.layers - 1 { return outputs }
    return try read(layer, .forward, columns: network.outputSize) { pointer, layer, _, y in
      Scalar._network.layerOutputs(pointer, layer, y)
    }
  }

  private borrowing func read(
    _ layer: Int, _ direction: Direction, columns: Int,
    _ function: (OpaquePointer?, Int, Int, UnsafeMutablePointer<Scalar.GSLMatrix>?) -> CInt
  ) throws(RecurError) -> SequenceBatch<Scalar> {
    try network.require(layer: layer, direction)
    let result = try SequenceBatch<Scalar>(
      steps: input.steps, batchSize: input.batchSize, features: columns)
    let pointer = workspace.pointer
    let status = Scalar.withArguments { argument in
      function(pointer, layer, direction.rawValue, argument(result.matrix))
    }
    try check(status, ["w": "the pass"])
    return result
  }
}
