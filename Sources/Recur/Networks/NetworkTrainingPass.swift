// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension RecurrentNetwork {
  public typealias TrainingPass = NetworkTrainingPass<Self>

  /// Runs a forward pass over whole sequences and stores the values that the backward pass needs.
  ///
  /// - Parameters:
  ///   - input: The input, T·B x I.
  ///   - lengths: The number of steps of each sequence, from 0 to T, in any order. If omitted, each
  ///     sequence has T steps.
  ///   - initialState: The state before the first step. If omitted, it is zero.
  ///   - dropoutSeed: The seed. It is required for networks with dropout, recurrent dropout or zoneout,
  ///     and refused for others.
  ///   - segmentLength: The segment length k. The pass stores only the state of every k-th step, and the
  ///     backward pass recomputes the rest, one segment of k steps at a time. Memory is smallest for k
  ///     near √T. The cost is one more forward pass, and the gradients are bit-identical. With k ≥ T the
  ///     pass stores every step. Segments require a single direction.
  ///   - threads: The threads that share the work if there is enough. If omitted, the calling thread does
  ///     all work.
  /// - Returns: The pass with its outputs, which can be differentiated once.
  /// - Throws: ``RecurError`` if the shape of the input or the state is wrong, a length is out of range,
  ///   a seed is missing or not needed, the activation cannot be trained, or memory cannot be allocated.
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
  /// The gradient with respect to the inputs, T·B x I; 0 past the end of a sequence.
  public let inputs: SequenceBatch<Network.Scalar>

  /// The gradient with respect to the initial state.
  public let initialState: Network.State

  /// The gradient with respect to the parameters, in their layout.
  public let parameters: ParameterVector<Network.Scalar>

  /// The norm ‖∂L/∂hₜ‖ for every step and sequence, L·D·T x B, or nil if it was not requested. The rows
  /// of layer l and direction d start at (l·D + d)·T. If the norms vanish or explode toward earlier
  /// steps, so do the gradients.
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

/// The gradients of a loss with respect to the inputs and the initial state of a pass. The parameter
/// gradients were added to a vector.
public struct NetworkInputGradients<Network: RecurrentNetwork>: Sendable {
  /// The gradient with respect to the inputs, T·B x I; 0 past the end of a sequence.
  public let inputs: SequenceBatch<Network.Scalar>

  /// The gradient with respect to the initial state.
  public let initialState: Network.State

  /// The norms of the state gradients, as in ``NetworkGradients/stateNorms``.
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

/// A forward pass that can be differentiated once: `backward` consumes it, and the compiler checks this.
/// A pass stays on the thread that created it.
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

  /// Computes all gradients of a loss.
  ///
  /// - Parameters:
  ///   - outputGradient: The gradient of the loss with respect to ``outputs``, T·B x D·P. If omitted, it
  ///     is zero.
  ///   - finalStateGradient: The gradient of the loss with respect to ``finalState``. If omitted, it is
  ///     zero.
  ///   - stateNorms: Whether to compute ``NetworkGradients/stateNorms``.
  /// - Returns: The gradients with respect to the parameters, the inputs and the initial state.
  /// - Throws: ``RecurError`` if the shape of a gradient is wrong or memory cannot be allocated.
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

  /// Computes all gradients of a loss whose gradient with respect to the outputs is a function of the
  /// outputs.
  ///
  /// ```swift
  /// // The loss is Σ y² / 2.
  /// let gradients = try network.trainingPass(x).backward { y in y }
  /// ```
  ///
  /// - Parameters:
  ///   - finalStateGradient: The gradient of the loss with respect to ``finalState``. If omitted, it is
  ///     zero.
  ///   - stateNorms: Whether to compute ``NetworkGradients/stateNorms``.
  ///   - outputGradient: A function that returns the gradient of the loss with respect to ``outputs``,
  ///     T·B x D·P.
  /// - Returns: The gradients with respect to the parameters, the inputs and the initial state.
  /// - Throws: Any error from `outputGradient`, and ``RecurError`` if the shape of a gradient is wrong or
  ///   memory cannot be allocated.
  public consuming func backward(
    finalStateGradient: Network.State? = nil, stateNorms: Bool = false,
    outputGradient: (SequenceBatch<Scalar>) throws -> SequenceBatch<Scalar>
  ) throws -> NetworkGradients<Network> {
    let dy = try outputGradient(outputs)
    return try backward(
      outputGradient: dy, finalStateGradient: finalStateGradient, stateNorms: stateNorms)
  }

  /// Computes all gradients of a loss and adds the parameter gradients to a vector.
  ///
  /// - Parameters:
  ///   - outputGradient: The gradient of the loss with respect to ``outputs``, T·B x D·P. If omitted, it
  ///     is zero.
  ///   - finalStateGradient: The gradient of the loss with respect to ``finalState``. If omitted, it is
  ///     zero.
  ///   - stateNorms: Whether to compute ``NetworkInputGradients/stateNorms``.
  ///   - gradients: A vector with the layout of the network's parameters.
  /// - Returns: The gradients with respect to the inputs and the initial state.
  /// - Throws: ``RecurError`` if the shape of a gradient is wrong or memory cannot be allocated.
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

  /// Computes only the gradients of the parameters, without those of the inputs.
  package consuming func backwardToParameters(
    outputGradient: SequenceBatch<Scalar>? = nil, finalStateGradient: Network.State? = nil,
    addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) {
    _ = try record.backward(
      outputGradient, finalStateGradient?.matrices, inputs: false, stateNorms: false,
      addingTo: &gradients)
  }
}

// Stored values

extension NetworkTrainingPass {
  /// Returns the gates at every step, in the order of ``NetworkConfiguration/gateNames``; 0 past the end
  /// of a sequence.
  ///
  /// - Parameters:
  ///   - layer: The layer, from 0 to L − 1.
  ///   - direction: The direction of the layer.
  /// - Returns: The gates, T·B x G·H.
  /// - Throws: ``RecurError`` if the network does not have the layer or direction, or `segmentLength` is
  ///   below T.
  public borrowing func gates(
    layer: Int = 0, direction: Direction = .forward
  ) throws(RecurError) -> SequenceBatch<Scalar> {
    let configuration = record.plan.configuration
    return try record.read(
      layer, direction, columns: configuration.gateCount * configuration.hiddenSize,
      Scalar.kernels.network.gates)
  }

  /// Returns cₜ at every step, after zoneout; 0 past the end of a sequence.
  ///
  /// - Parameters:
  ///   - layer: The layer, from 0 to L − 1.
  ///   - direction: The direction of the layer.
  /// - Returns: The cell states, T·B x H.
  /// - Throws: ``RecurError`` if the network does not have the layer or direction, or `segmentLength` is
  ///   below T.
  public borrowing func cellStates<S>(
    layer: Int = 0, direction: Direction = .forward
  ) throws(RecurError) -> SequenceBatch<Scalar> where Network == LSTM<S> {
    try record.read(
      layer, direction, columns: record.plan.configuration.hiddenSize,
      Scalar.kernels.network.cellStates)
  }

  /// Returns a layer's output hₜ at every step, before dropout: [forward, reverse].
  ///
  /// - Parameter layer: The layer, from 0 to L − 1.
  /// - Returns: The outputs, T·B x D·P.
  /// - Throws: ``RecurError`` if the network does not have the layer, or if `segmentLength` is below T
  ///   and the layer is not the last.
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
