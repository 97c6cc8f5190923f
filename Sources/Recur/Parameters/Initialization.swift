// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The distributions of the initial parameters. The same seed gives the same parameters; single-precision
/// parameters are the rounded double-precision ones. The gains of layer normalization are always
/// initialized to 1.
public struct Initialization: Sendable, Hashable {
  /// The scheme of one matrix.
  public enum Scheme: Sendable, Hashable {
    /// All elements 0.
    case zeros

    /// Uniform in ±1/√n, where n is the hidden size of a network or the input size of an output layer.
    /// This is PyTorch's default.
    case uniform

    /// Uniform in ±√(6 / (rows + columns)). Not for biases.
    case glorot

    /// Orthonormal columns, or rows if there are fewer, drawn uniformly. Not for biases.
    case orthogonal

    /// An orthogonal matrix for each gate's block of H rows. Not for biases.
    case blockOrthogonal

    var inC: recur_scheme {
      switch self {
      case .zeros: RECUR_SCHEME_ZEROS
      case .uniform: RECUR_SCHEME_UNIFORM
      case .glorot: RECUR_SCHEME_GLOROT
      case .orthogonal: RECUR_SCHEME_ORTHOGONAL
      case .blockOrthogonal: RECUR_SCHEME_BLOCK_ORTHOGONAL
      }
    }
  }

  /// The scheme of `weight_ih`, and of all weights that are not recurrent.
  public var input: Scheme

  /// The scheme of `weight_hh`.
  public var recurrent: Scheme

  /// The scheme of the biases: `zeros` or `uniform`.
  public var bias: Scheme

  /// The initial bias of an LSTM's forget gate: its rows of `bias_ih`. Its rows of `bias_hh` are 0. With
  /// a bias of 1, a new cell retains more of its state (Gers et al. 2000, Jozefowicz et al. 2015).
  public var forgetGateBias: Double?

  /// Creates an initialization with the given schemes.
  ///
  /// - Parameters:
  ///   - input: The scheme of all weights that are not recurrent.
  ///   - recurrent: The scheme of `weight_hh`.
  ///   - bias: The scheme of the biases, `zeros` or `uniform`.
  ///   - forgetGateBias: The initial bias of an LSTM's forget gate.
  public init(
    input: Scheme, recurrent: Scheme, bias: Scheme = .zeros, forgetGateBias: Double? = nil
  ) {
    self.input = input
    self.recurrent = recurrent
    self.bias = bias
    self.forgetGateBias = forgetGateBias
  }

  /// PyTorch's initialization: all parameters uniform in ±1/√H.
  public static var uniform: Self {
    .init(input: .uniform, recurrent: .uniform, bias: .uniform)
  }

  /// Glorot for all weights, and zero biases.
  public static var glorot: Self { .init(input: .glorot, recurrent: .glorot) }

  /// Orthogonal recurrent weights, Glorot for the others, and zero biases. This is Keras's
  /// initialization, apart from the forget gate bias of 1.
  public static var orthogonal: Self { .init(input: .glorot, recurrent: .orthogonal) }

  /// Returns ``orthogonal`` with a forget gate bias, for an LSTM.
  ///
  /// - Parameter forgetGateBias: The initial bias of the forget gate.
  /// - Returns: The initialization.
  public static func orthogonal(forgetGateBias: Double?) -> Self {
    .init(input: .glorot, recurrent: .orthogonal, forgetGateBias: forgetGateBias)
  }

  /// Recurrent weights orthogonal for each gate, Glorot for the others, and zero biases.
  public static var blockOrthogonal: Self { .init(input: .glorot, recurrent: .blockOrthogonal) }

  /// Returns ``blockOrthogonal`` with a forget gate bias, for an LSTM.
  ///
  /// - Parameter forgetGateBias: The initial bias of the forget gate.
  /// - Returns: The initialization.
  public static func blockOrthogonal(forgetGateBias: Double?) -> Self {
    .init(input: .glorot, recurrent: .blockOrthogonal, forgetGateBias: forgetGateBias)
  }
}

extension ParameterVector {
  /// Draws new parameters of a network.
  mutating func draw(
    for plan: NetworkPlan, _ initialization: Initialization, seed: UInt64
  ) throws(RecurError) {
    var network = plan.inC
    try draw(initialization, seed: seed) { how, theta in
      Scalar.kernels.parameters.initialize(&network, how, theta)
    }
  }

  /// Draws new parameters of a model.
  mutating func draw(
    for plan: ModelPlan, _ initialization: Initialization, seed: UInt64
  ) throws(RecurError) {
    try draw(initialization, seed: seed) { how, theta in
      Scalar.kernels.model.initialize(plan.inC.pointer, how, theta)
    }
  }

  private mutating func draw(
    _ initialization: Initialization, seed: UInt64,
    _ function: (UnsafePointer<recur_initialization>, Kernels<Scalar>.OutVector) -> CInt
  ) throws(RecurError) {
    var how = recur_initialization(
      input: initialization.input.inC, recurrent: initialization.recurrent.inC,
      bias: initialization.bias.inC, set_forget_gate_bias: initialization.forgetGateBias != nil,
      forget_gate_bias: initialization.forgetGateBias ?? 0, seed: seed)
    var theta = try Scalar.vector(uniqueBase(), count: count)
    try check(
      function(&how, &theta),
      [
        "initialization->input": "initialization.input",
        "initialization->recurrent": "initialization.recurrent",
        "initialization->bias": "initialization.bias",
        "initialization->forget_gate_bias": "initialization.forgetGateBias",
        "initialization->set_forget_gate_bias": "initialization.forgetGateBias",
      ])
  }

  /// Creates the zero parameters of an output layer: `weight` (O x I) and optionally `bias` (O x 1).
  init(inputSize: Int, outputSize: Int, bias: Bool) throws(RecurError) {
    let weights = try elementCount(outputSize, inputSize, of: Scalar.self)
    let weight = ParameterSlice(name: "weight", rows: outputSize, columns: inputSize, offset: 0)
    let biases = ParameterSlice(name: "bias", rows: outputSize, columns: 1, offset: weights)
    try self.init(slices: bias ? [weight, biases] : [weight])
  }

  /// Draws new parameters of an output layer.
  mutating func draw(
    inputSize: Int, _ initialization: Initialization, seed: UInt64
  ) throws(RecurError) {
    guard initialization.forgetGateBias == nil else {
      throw .invalid(
        argument: "initialization.forgetGateBias", reason: "applies to LSTMs, not to output layers")
    }
    guard [.zeros, .uniform].contains(initialization.bias) else {
      throw .invalid(
        argument: "initialization.bias",
        reason: "is \(initialization.bias), expected zeros or uniform")
    }
    let base = try uniqueBase()
    let schemes = [initialization.input, initialization.bias]
    for (index, (slice, scheme)) in zip(slices, schemes).enumerated() {
      var matrix = Scalar.matrix(
        base + slice.offset, rows: slice.rows, columns: slice.columns, stride: slice.columns)
      let status = Scalar.kernels.parameters.initializeMatrix(
        scheme.inC, inputSize, seed, UInt32(index), &matrix)
      try check(status, ["scheme": "initialization.input"])
    }
  }
}
