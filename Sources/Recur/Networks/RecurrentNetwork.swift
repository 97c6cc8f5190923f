// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// A recurrent network: ``RNN``, ``ResidualRNN``, ``GRU`` or ``LSTM``, of one layer or several, in
/// one direction or two.
///
/// A value: it holds its parameters and nothing else, and is safe to share between threads. States
/// go in and come out as values; one that is left out is zero. Batches are T·B x I in and T·B x D·P
/// out.
///
/// ```swift
/// let network = try LSTM<Float>(inputSize: 40, hiddenSize: 128, layers: 2, bidirectional: true)
/// let result = try network(x, lengths: [7, 3])
/// let pass = try network.trainingPass(x, lengths: [7, 3])
/// let gradients = try pass.backward(outputGradients: dy)
/// ```
public protocol RecurrentNetwork<Scalar>: Sendable, TextOutputStreamable {
  associatedtype Scalar
  associatedtype State: NetworkState where State.Scalar == Scalar

  /// The sizes and options.
  var description: NetworkDescription { get }

  /// One vector with PyTorch's names: `weight_ih_l0`, `weight_hh_l1_reverse`, ….
  var parameters: ParameterVector<Scalar> { get set }
}

/// What a network makes of a batch of sequences.
public struct NetworkOutput<Network: RecurrentNetwork>: Sendable {
  /// The last layer's output at every step, T·B x D·P: [forward, reverse]; 0 past the end of a
  /// sequence.
  public let outputs: SequenceBatch<Network.Scalar>

  /// The state after the last step of each sequence, for the next chunk of the same sequences.
  public let finalState: Network.State
}

/// One of the two directions of a layer.
public enum Direction: Int, Sendable, CaseIterable {
  case forward
  case reverse
}

// Inference

extension RecurrentNetwork {
  public typealias Output = NetworkOutput<Self>

  public var inputSize: Int { description.inputSize }
  public var hiddenSize: Int { description.hiddenSize }

  /// D·P.
  public var outputSize: Int { description.outputSize }

  /// Runs over whole sequences.
  ///
  /// - `input`: T·B x I.
  /// - `lengths`: how many steps each sequence has, 0 to T, in any order; T if left out.
  /// - `threads`: share the work, where there is enough; the caller's own if left out.
  ///
  /// - Throws: ``RecurError`` for an input or a state of another shape, lengths out of range, or
  ///   without memory.
  @_specialize(where Self == RNN<Float>)
  @_specialize(where Self == RNN<Double>)
  @_specialize(where Self == ResidualRNN<Float>)
  @_specialize(where Self == ResidualRNN<Double>)
  @_specialize(where Self == GRU<Float>)
  @_specialize(where Self == GRU<Double>)
  @_specialize(where Self == LSTM<Float>)
  @_specialize(where Self == LSTM<Double>)
  public func callAsFunction(
    _ input: SequenceBatch<Scalar>, lengths: [Int]? = nil, initialState: State? = nil,
    threads: Threads? = nil
  ) throws(RecurError) -> Output {
    try withExtendedLifetime(input) { () throws(RecurError) in
      try infer(
        input.header, steps: input.steps, batchSize: input.batchSize, lengths: lengths,
        initialState: initialState, threads: threads)
    }
  }

  /// Runs over whole sequences that lie in somebody else's memory: a view of T·B x I.
  public func callAsFunction(
    _ input: borrowing MatrixView<Scalar>, steps: Int, batchSize: Int, lengths: [Int]? = nil,
    initialState: State? = nil, threads: Threads? = nil
  ) throws(RecurError) -> Output {
    try infer(
      input.header, steps: steps, batchSize: batchSize, lengths: lengths,
      initialState: initialState, threads: threads)
  }

  /// Runs one step: from the state before it to the last layer's output and the state after it.
  ///
  /// - Parameters:
  ///   - input: B x I.
  ///   - state: the state after the step before; zero if left out. A ``NetworkStream`` keeps it.
  /// - Throws: ``RecurError`` for an input or a state of another shape, or if the network is
  ///   bidirectional: its reverse direction comes from the future.
  @_specialize(where Self == RNN<Float>)
  @_specialize(where Self == RNN<Double>)
  @_specialize(where Self == ResidualRNN<Float>)
  @_specialize(where Self == ResidualRNN<Double>)
  @_specialize(where Self == GRU<Float>)
  @_specialize(where Self == GRU<Double>)
  @_specialize(where Self == LSTM<Float>)
  @_specialize(where Self == LSTM<Double>)
  public func step(
    _ input: Matrix<Scalar>, from state: State? = nil
  ) throws(RecurError) -> (output: Matrix<Scalar>, state: State) {
    try requireOneDirection()
    let result = try withExtendedLifetime(input) { () throws(RecurError) in
      try infer(
        input.header, steps: 1, batchSize: input.rows, lengths: nil, initialState: state,
        threads: nil)
    }
    return (result.outputs.matrix, result.finalState)
  }

  func requireOneDirection() throws(RecurError) {
    guard description.directions == 1 else {
      throw .unsupported(argument: "step", reason: "of a bidirectional network needs its future")
    }
  }

  /// The input has to outlive the call.
  private func infer(
    _ input: Scalar.GSLMatrix, steps: Int, batchSize: Int, lengths: [Int]?, initialState: State?,
    threads: Threads?
  ) throws(RecurError) -> Output {
    let plan = description.plan
    let weights = try parameters.prepared(for: plan)
    let workspace = try NetworkWorkspace<Scalar>(
      plan, steps: steps, batchSize: batchSize, pass: RECUR_MODE_INFERENCE, threads: threads)
    return try withExtendedLifetime(weights) { () throws(RecurError) in
      try run(
        input, .init(lengths: lengths), initialState: initialState, workspace: workspace
      ) { x, batch, h0, c0, y, hT, cT, w in
        Scalar._network.infer(weights.pointer, x, batch, h0, c0, y, hT, cT, w)
      }
    }
  }

  /// A forward pass of training. The input has to outlive the call.
  func forward(
    _ input: Scalar.GSLMatrix, _ batch: BatchOptions, initialState: State?,
    workspace: borrowing NetworkWorkspace<Scalar>
  ) throws(RecurError) -> Output {
    let parameters = parameters
    var theta = try header(of: parameters, named: "parameters")
    return try withExtendedLifetime(parameters) { () throws(RecurError) in
      try run(
        input, batch, initialState: initialState, workspace: workspace
      ) { x, batch, h0, c0, y, hT, cT, w in
        Scalar._network.forward(&theta, x, batch, h0, c0, y, hT, cT, w)
      }
    }
  }

  private typealias In = _NetworkFunctions<Scalar>.In
  private typealias Out = _NetworkFunctions<Scalar>.Out

  /// Makes room for what comes out, and calls a function of the C library with all arguments but the
  /// parameters.
  private func run(
    _ input: Scalar.GSLMatrix, _ batch: BatchOptions, initialState: State?,
    workspace: borrowing NetworkWorkspace<Scalar>,
    _ function: (
      In, UnsafePointer<recur_batch>, In, In, Out, Out, Out, OpaquePointer
    ) -> CInt
  ) throws(RecurError) -> Output {
    let batchSize = workspace.batchSize
    let outputs = try SequenceBatch<Scalar>(
      steps: workspace.steps, batchSize: batchSize, features: outputSize, zeroed: false)
    let final = try state(batchSize: batchSize, zeroed: false)
    let pointer = workspace.pointer
    let status = try batch.withC(batchSize: batchSize) { batch in
      Scalar.withArguments { argument in
        function(
          argument.header(input), batch, argument(initialState?.hidden),
          argument(initialState?._cell), argument(outputs.matrix), argument(final.hidden),
          argument(final._cell), pointer)
      }
    }
    try check(status, networkArgumentNames)
    return withExtendedLifetime(initialState) { Output(outputs: outputs, finalState: final) }
  }

  /// A state of zeros for so many sequences.
  public func zeroState(batchSize: Int) throws(RecurError) -> State {
    try state(batchSize: batchSize, zeroed: true)
  }

  /// A state of zeros, or one to be written over.
  func state(batchSize: Int, zeroed: Bool) throws(RecurError) -> State {
    try requireSize("batchSize", batchSize, atLeast: 0)
    let description = description
    let rows = try elementCount(
      description.layers * description.directions, batchSize, of: Scalar.self)
    return try State._make(
      hidden: Matrix(rows: rows, columns: description.stateSize, zeroed: zeroed),
      hiddenSize: description.hiddenSize, zeroed: zeroed)
  }

  /// A state of these hidden parts (L·D·B x P), and zero for the rest: where only `finalState.hidden`
  /// goes on into a loss, the gradient of the state.
  public func state(hidden: Matrix<Scalar>) throws(RecurError) -> State {
    try State._make(hidden: hidden, hiddenSize: hiddenSize, zeroed: true)
  }

  /// The rows of one layer and direction in a matrix of a state: B rows of L·D·B.
  public func rows(
    of matrix: Matrix<Scalar>, layer: Int, direction: Direction = .forward
  ) throws(RecurError) -> Matrix<Scalar> {
    let all = description.layers * description.directions
    try require(layer: layer, direction)
    guard matrix.rows % all == 0 else {
      throw .invalid(
        argument: "matrix", reason: "has \(matrix.rows) rows, expected a multiple of \(all)")
    }
    let part = layer * description.directions + direction.rawValue
    return try SequenceBatch(steps: all, batchSize: matrix.rows / all, matrix: matrix).step(part)
  }

  func require(layer: Int, _ direction: Direction) throws(RecurError) {
    guard (0..<description.layers).contains(layer) else {
      throw .invalid(
        argument: "layer", reason: "is \(layer), expected 0 to \(description.layers - 1)")
    }
    guard direction.rawValue < description.directions else {
      throw .invalid(argument: "direction", reason: "is reverse, and the network has none")
    }
  }

  /// The C library's view of a vector of parameters or gradients, which has to outlive it.
  func header(
    of vector: ParameterVector<Scalar>, named name: String
  ) throws(RecurError) -> Scalar.GSLVector {
    try vector.require(description.parts, named: name)
    return Scalar._vector(vector.base, count: vector.count)
  }
}

/// What the C library calls its arguments, and what they are called here.
let networkArgumentNames: KeyValuePairs<String, String> = [
  "x": "input", "h0": "initialState.hidden", "c0": "initialState.cell", "dy": "outputGradients",
  "dhT": "finalStateGradient.hidden", "dcT": "finalStateGradient.cell",
  "batch->lengths": "lengths", "batch->first_step": "dropoutSeed.firstStep",
  "batch->first_sequence": "dropoutSeed.firstSequence", "batch_size": "batchSize",
  "steps * batch_size": "steps * batchSize", "segment": "checkpointEvery",
  "network->input_size": "inputSize", "network->hidden_size": "hiddenSize",
  "network->layers": "layers", "network->dropout": "dropout",
  "network->recurrent_dropout": "recurrentDropout",
  "network->zoneout": "zoneout", "network->cell_zoneout": "cellZoneout",
  "network->cell.gate_clamp": "clip",
  "network->cell.cell_clamp": "cellClip", "network->cell.projection_size": "projectionSize",
  "network->cell.peepholes": "peepholes", "network->cell.coupled": "forgetGate",
  "network->cell.layer_norm": "layerNormalization", "network->cell.kind": "the cell",
  "network->cell.f": "activation", "network->cell.g": "candidateActivation",
  "network->cell.h": "outputActivation",
]
