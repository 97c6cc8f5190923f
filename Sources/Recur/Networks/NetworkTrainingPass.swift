// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension RecurrentNetwork {
  public typealias TrainingPass = NetworkTrainingPass<Self>

  /// Runs over whole sequences and stores the values that the gradients need.
  ///
  /// - Parameters:
  ///   - input: T·B x I.
  ///   - lengths: the number of steps of each sequence, 0 to T, in any order; all T if left out.
  ///   - initialState: the state before the first step; zero if left out.
  ///   - dropoutSeed: for networks with dropout, recurrent dropout or zoneout, and only for them.
  ///   - segmentLength: k: store only the state of every k-th step, and recompute the rest in backward,
  ///     one segment of k steps at a time. Memory is smallest for k near √T; the cost is one more forward
  ///     pass, and gradients are bit-identical. k ≥ T stores every step. One direction only.
  ///   - threads: share the work, where there is enough; the caller's own thread if left out.
  /// - Returns: the pass, with its outputs, to be differentiated once.
  /// - Throws: ``RecurError`` for an input or a state of another shape, lengths out of range, a missing
  ///   or needless seed, an activation that cannot be trained, or without memory.
  @inlinable
  public func trainingPass(
    _ input: SequenceBatch<Scalar>, lengths: [Int]? = nil, initialState: State? = nil,
    dropoutSeed: DropoutSeed? = nil, segmentLength: Int? = nil, threads: Threads? = nil
  ) throws(RecurError) -> TrainingPass {
    try NetworkTrainingPass(
      engine.record(
        input, lengths: lengths, initialState: initialState?.matrices, dropoutSeed: dropoutSeed,
        segmentLength: segmentLength, threads: threads))
  }
}

/// The gradients of a loss.
public struct NetworkGradients<Network: RecurrentNetwork>: Sendable {
  /// With respect to the inputs, T·B x I; 0 past the end of a sequence.
  public let inputs: SequenceBatch<Network.Scalar>

  /// With respect to the initial state.
  public let initialState: Network.State

  /// With respect to the parameters, in their layout.
  public let parameters: ParameterVector<Network.Scalar>

  /// ‖∂L/∂h_t‖ for every step and sequence, L·D·T x B, that of layer l and direction d from row
  /// (l·D + d)·T on: where these norms vanish or explode going back in time, so do the gradients. Nil
  /// unless they were asked for.
  public let stateNorms: Matrix<Network.Scalar>?

  @inlinable
  init(
    inputs: SequenceBatch<Network.Scalar>, initialState: Network.State,
    parameters: ParameterVector<Network.Scalar>, stateNorms: Matrix<Network.Scalar>?
  ) {
    self.inputs = inputs
    self.initialState = initialState
    self.parameters = parameters
    self.stateNorms = stateNorms
  }
}

/// The gradients of a loss with respect to the inputs and the initial state of a pass, whose gradients
/// with respect to the parameters were added to a vector.
public struct NetworkInputGradients<Network: RecurrentNetwork>: Sendable {
  /// With respect to the inputs, T·B x I; 0 past the end of a sequence.
  public let inputs: SequenceBatch<Network.Scalar>

  /// With respect to the initial state.
  public let initialState: Network.State

  /// As ``NetworkGradients/stateNorms``.
  public let stateNorms: Matrix<Network.Scalar>?

  @inlinable
  init(
    inputs: SequenceBatch<Network.Scalar>, initialState: Network.State,
    stateNorms: Matrix<Network.Scalar>?
  ) {
    self.inputs = inputs
    self.initialState = initialState
    self.stateNorms = stateNorms
  }
}

/// A forward pass that can be differentiated once: `backward` consumes it, which the compiler checks.
/// It stays on the thread that made it.
public struct NetworkTrainingPass<Network: RecurrentNetwork>: ~Copyable {
  public typealias Scalar = Network.Scalar

  @usableFromInline let record: RecordedPass<Scalar>

  /// The state after the last step of each sequence.
  public let finalState: Network.State

  @inlinable
  init(_ record: RecordedPass<Scalar>) throws(RecurError) {
    self.finalState = try Network.State(record.finalState)
    self.record = record
  }

  /// The last layer's output at every step: T·B x D·P.
  public var outputs: SequenceBatch<Scalar> { record.outputs }

  /// All gradients of a loss.
  ///
  /// - Parameters:
  ///   - outputGradient: the loss's gradient with respect to ``outputs``, T·B x D·P; zero if left out.
  ///   - finalStateGradient: the loss's gradient with respect to ``finalState``; zero if left out.
  ///   - stateNorms: whether to compute ``NetworkGradients/stateNorms``.
  /// - Returns: the gradients with respect to the parameters, the inputs and the initial state.
  /// - Throws: ``RecurError`` for a gradient of another shape, or without memory.
  @inlinable
  public consuming func backward(
    outputGradient: SequenceBatch<Scalar>? = nil, finalStateGradient: Network.State? = nil,
    stateNorms: Bool = false
  ) throws(RecurError) -> NetworkGradients<Network> {
    var parameters = try record.zeroGradients()
    let gradients = try record.backward(
      outputGradient, finalStateGradient?.matrices, inputs: true, stateNorms: stateNorms,
      addingTo: &parameters)
    return NetworkGradients(
      inputs: gradients.inputs!, initialState: try Network.State(gradients.initialState),
      parameters: parameters, stateNorms: gradients.stateNorms)
  }

  /// All gradients of a loss whose gradient with respect to the outputs is a function of them.
  ///
  /// ```swift
  /// let gradients = try network.trainingPass(x).backward { outputs in outputs }  // of Σ y² / 2
  /// ```
  ///
  /// - Parameters:
  ///   - finalStateGradient: the loss's gradient with respect to ``finalState``; zero if left out.
  ///   - stateNorms: whether to compute ``NetworkGradients/stateNorms``.
  ///   - outputGradient: gives the loss's gradient with respect to ``outputs`` from these, T·B x D·P.
  /// - Returns: the gradients with respect to the parameters, the inputs and the initial state.
  /// - Throws: what `outputGradient` throws; ``RecurError`` for a gradient of another shape, or without
  ///   memory.
  public consuming func backward(
    finalStateGradient: Network.State? = nil, stateNorms: Bool = false,
    outputGradient: (SequenceBatch<Scalar>) throws -> SequenceBatch<Scalar>
  ) throws -> NetworkGradients<Network> {
    let dy = try outputGradient(outputs)
    return try backward(
      outputGradient: dy, finalStateGradient: finalStateGradient, stateNorms: stateNorms)
  }

  /// All gradients of a loss; those with respect to the parameters are added to a vector.
  ///
  /// - Parameters:
  ///   - outputGradient: the loss's gradient with respect to ``outputs``, T·B x D·P; zero if left out.
  ///   - finalStateGradient: the loss's gradient with respect to ``finalState``; zero if left out.
  ///   - stateNorms: whether to compute ``NetworkInputGradients/stateNorms``.
  ///   - gradients: has the layout of the network's parameters.
  /// - Returns: the gradients with respect to the inputs and the initial state.
  /// - Throws: ``RecurError`` for a gradient of another shape, or without memory.
  @inlinable
  public consuming func backward(
    outputGradient: SequenceBatch<Scalar>? = nil, finalStateGradient: Network.State? = nil,
    stateNorms: Bool = false, addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> NetworkInputGradients<Network> {
    let inputs = try record.backward(
      outputGradient, finalStateGradient?.matrices, inputs: true, stateNorms: stateNorms,
      addingTo: &gradients)
    return NetworkInputGradients(
      inputs: inputs.inputs!, initialState: try Network.State(inputs.initialState),
      stateNorms: inputs.stateNorms)
  }

  /// The gradients of the parameters alone, where that of the inputs is not wanted.
  package consuming func backwardToParameters(
    outputGradient: SequenceBatch<Scalar>? = nil, finalStateGradient: Network.State? = nil,
    addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) {
    _ = try record.backward(
      outputGradient, finalStateGradient?.matrices, inputs: false, stateNorms: false,
      addingTo: &gradients)
  }
}

// The record

extension NetworkTrainingPass {
  /// The gates at every step, in the order of ``NetworkConfiguration/gateNames``; 0 past the end of a
  /// sequence.
  ///
  /// - Parameters:
  ///   - layer: from 0 to L − 1.
  ///   - direction: of the layer.
  /// - Returns: T·B x G·H.
  /// - Throws: ``RecurError`` for a layer or direction that the network does not have, or where
  ///   `segmentLength` is below T.
  public borrowing func gates(
    layer: Int = 0, direction: Direction = .forward
  ) throws(RecurError) -> SequenceBatch<Scalar> {
    let configuration = record.plan.configuration
    return try record.read(
      layer, direction, columns: configuration.gateCount * configuration.hiddenSize,
      Scalar.kernels.network.gates)
  }

  /// c_t at every step, after zoneout; 0 past the end of a sequence.
  ///
  /// - Parameters:
  ///   - layer: from 0 to L − 1.
  ///   - direction: of the layer.
  /// - Returns: T·B x H.
  /// - Throws: ``RecurError`` for a layer or direction that the network does not have, or where
  ///   `segmentLength` is below T.
  public borrowing func cellStates<S>(
    layer: Int = 0, direction: Direction = .forward
  ) throws(RecurError) -> SequenceBatch<Scalar> where Network == LSTM<S> {
    try record.read(
      layer, direction, columns: record.plan.configuration.hiddenSize,
      Scalar.kernels.network.cellStates)
  }

  /// A layer's output at every step before dropout: h_t, [forward, reverse].
  ///
  /// - Parameter layer: from 0 to L − 1.
  /// - Returns: T·B x D·P.
  /// - Throws: ``RecurError`` for a layer that the network does not have, or, of layers below the last,
  ///   where `segmentLength` is below T.
  public borrowing func outputs(ofLayer layer: Int) throws(RecurError) -> SequenceBatch<Scalar> {
    let configuration = record.plan.configuration
    try record.plan.require(layer: layer, .forward)
    if layer == configuration.layers - 1 { return outputs }
    return try record.read(layer, .forward, columns: configuration.outputSize) {
      pointer, layer, _, y in
      Scalar.kernels.network.layerOutputs(pointer, layer, y)
    }
  }
}
