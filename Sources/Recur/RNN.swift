// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The simple recurrent network (Elman): h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh).
///
/// A value: it holds its parameters and nothing else, and is safe to share between threads. States
/// go in and come out as values; one that is left out is zero. Batches are T·B x I in and T·B x H
/// out.
///
/// ```swift
/// let network = try RNN<Double>(inputSize: 3, hiddenSize: 8)
/// let result = try network(x)
/// let pass = try network.trainingPass(x)
/// let gradients = try pass.backward(outputGradients: dh)
/// ```
public struct RNN<Scalar: RecurScalar>: Sendable {
  public let inputSize: Int
  public let hiddenSize: Int
  public let activation: Activation

  /// `weight_ih` (H x I), `weight_hh` (H x H), `bias_ih` and `bias_hh` (H x 1), as PyTorch names them.
  public var parameters: ParameterVector<Scalar>

  private let parts: [ParameterVector<Scalar>.Part]

  /// What one step hands to the next.
  public struct State: Sendable, Equatable {
    /// B x H.
    public var hidden: Matrix<Scalar>

    public init(hidden: Matrix<Scalar>) {
      self.hidden = hidden
    }
  }

  /// What a network makes of a batch of sequences.
  public struct Output: Sendable {
    /// Every h_t: T·B x H.
    public let outputs: SequenceBatch<Scalar>

    /// The state after the last step, for the next chunk of the same sequences.
    public let finalState: State
  }

  /// A network with new parameters.
  ///
  /// - Throws: ``RecurError/invalid(argument:reason:)`` unless both sizes are at least 1.
  public init(
    inputSize: Int, hiddenSize: Int, activation: Activation = .tanh,
    initialization: Initialization = .uniform(seed: 0)
  ) throws(RecurError) {
    try requireSize("inputSize", inputSize, atLeast: 1)
    try requireSize("hiddenSize", hiddenSize, atLeast: 1)
    var count = 0
    try check(
      Scalar._rnn.count(inputSize, hiddenSize, &count), ["I": "inputSize", "H": "hiddenSize"])
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.activation = activation
    self.parameters = try ParameterVector([
      ("weight_ih", hiddenSize, inputSize), ("weight_hh", hiddenSize, hiddenSize),
      ("bias_ih", hiddenSize, 1), ("bias_hh", hiddenSize, 1),
    ])
    self.parts = parameters.parts
    parameters.initialize(initialization, fanIn: hiddenSize)
  }

  /// A network with given parameters, such as PyTorch's, in its shapes.
  public init(
    weightIH: Matrix<Scalar>, weightHH: Matrix<Scalar>, biasIH: [Scalar], biasHH: [Scalar],
    activation: Activation = .tanh
  ) throws(RecurError) {
    try self.init(
      inputSize: weightIH.columns, hiddenSize: weightIH.rows, activation: activation,
      initialization: .zeros)
    try parameters.set("weight_ih", to: weightIH)
    try parameters.set("weight_hh", to: weightHH)
    try parameters.set("bias_ih", to: Matrix(rows: biasIH.count, columns: 1, elements: biasIH))
    try parameters.set("bias_hh", to: Matrix(rows: biasHH.count, columns: 1, elements: biasHH))
  }
}

// Inference

extension RNN {
  /// Runs over whole sequences.
  ///
  /// - Throws: ``RecurError`` for an input or a state of another shape, or without memory.
  public func callAsFunction(
    _ input: SequenceBatch<Scalar>, initialState: State? = nil
  ) throws(RecurError) -> Output {
    try input.matrix.withView { view throws(RecurError) in
      try self(
        view, steps: input.steps, batchSize: input.batchSize, initialState: initialState)
    }
  }

  /// Runs over whole sequences that lie in somebody else's memory: a view of T·B x I.
  public func callAsFunction(
    _ input: borrowing MatrixView<Scalar>, steps: Int, batchSize: Int, initialState: State? = nil
  ) throws(RecurError) -> Output {
    try forward(
      input.header, initialState: initialState,
      workspace: Workspace(self, steps: steps, batchSize: batchSize, pass: RECUR_INFERENCE))
  }

  /// Runs one step: from the state before it to the state after it, which is also its output.
  ///
  /// - Parameters:
  ///   - input: B x I.
  ///   - state: h_{t−1}; zero if left out.
  public func step(_ input: Matrix<Scalar>, from state: State? = nil) throws(RecurError) -> State {
    try input.withView { view throws(RecurError) in
      try self(view, steps: 1, batchSize: input.rows, initialState: state).finalState
    }
  }

  /// The input has to outlive the call.
  func forward(
    _ input: Scalar.GSLMatrix, initialState: State?, workspace: borrowing Workspace
  ) throws(RecurError) -> Output {
    let outputs = try SequenceBatch<Scalar>(
      steps: workspace.steps, batchSize: workspace.batchSize, features: hiddenSize)
    let final = try Matrix<Scalar>(rows: workspace.batchSize, columns: hiddenSize)
    var cell = try view(of: parameters)
    let status = Scalar.withArguments { argument in
      Scalar._rnn.forward(
        &cell, argument.header(input), argument(initialState?.hidden), argument(outputs.matrix),
        argument(final), workspace.pointer)
    }
    try check(status, RNN.argumentNames)
    return withExtendedLifetime((parameters, initialState)) {
      Output(outputs: outputs, finalState: State(hidden: final))
    }
  }

  /// The C library's view of a vector of parameters or gradients, which has to outlive it.
  func view(
    of vector: ParameterVector<Scalar>, named name: String = "parameters"
  ) throws(RecurError) -> Scalar._RNNParameters {
    try vector.require(parts, named: name)
    return try vector.view(inputSize, hiddenSize, named: name, Scalar._rnn.view)
  }

  static var argumentNames: KeyValuePairs<String, String> {
    [
      "x": "input", "h0": "initialState.hidden", "dh": "outputGradients",
      "dhT": "finalStateGradient.hidden", "T": "steps", "B": "batchSize",
      "T * B": "steps * batchSize", "T * B * H": "steps * batchSize * hiddenSize",
    ]
  }

  /// The C library's scratch: one thread's, freed with its owner.
  struct Workspace: ~Copyable {
    let steps: Int
    let batchSize: Int
    let pointer: OpaquePointer

    init(_ network: RNN, steps: Int, batchSize: Int, pass: recur_pass) throws(RecurError) {
      try requireSize("steps", steps, atLeast: 0)
      try requireSize("batchSize", batchSize, atLeast: 0)
      let pointer = Scalar._rnn.alloc(
        steps, batchSize, network.inputSize, network.hiddenSize, network.activation.inC, pass)
      guard let pointer else { throw lastError(RNN.argumentNames) }
      self.steps = steps
      self.batchSize = batchSize
      self.pointer = pointer
    }

    deinit {
      Scalar._rnn.free(pointer)
    }
  }
}
