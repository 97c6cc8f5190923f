// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// How the parameters of a new model are chosen. The same seed gives the same parameters, and in
/// single precision those of double, rounded. The gains of a layer normalisation are 1 whatever the
/// schemes are.
public struct Initialization: Sendable, Equatable {
  /// Of one matrix.
  public enum Scheme: Sendable {
    case zeros

    /// In ±1/√n, where n is the hidden size of a network, or the input size of an output layer:
    /// PyTorch's default.
    case uniform

    /// Uniform in ±√(6 / (rows + columns)). Not for biases.
    case glorot

    /// Orthonormal columns (or rows, where there are fewer), uniform among such. Not for biases.
    case orthogonal

    /// The same for each gate's block of H rows. Not for biases.
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

  /// Of `weight_ih`, and of all weights that are not recurrent.
  public var input: Scheme

  /// Of `weight_hh`.
  public var recurrent: Scheme

  /// Of the biases: `zeros` or `uniform`.
  public var bias: Scheme

  /// What the forget gate of an LSTM begins with: its part of `bias_ih`, where `bias_hh` is 0. 1 lets
  /// it remember from the start (Gers et al. 2000, Jozefowicz et al. 2015).
  public var forgetGateBias: Double?

  public var seed: UInt64

  public init(
    input: Scheme, recurrent: Scheme, bias: Scheme = .zeros, forgetGateBias: Double? = nil,
    seed: UInt64
  ) {
    self.input = input
    self.recurrent = recurrent
    self.bias = bias
    self.forgetGateBias = forgetGateBias
    self.seed = seed
  }

  public static var zeros: Self { .init(input: .zeros, recurrent: .zeros, seed: 0) }

  /// PyTorch's: everything uniform in ±1/√H.
  public static func uniform(seed: UInt64) -> Self {
    .init(input: .uniform, recurrent: .uniform, bias: .uniform, seed: seed)
  }

  /// All weights by Glorot, biases zero.
  public static func glorot(seed: UInt64) -> Self {
    .init(input: .glorot, recurrent: .glorot, seed: seed)
  }

  /// Recurrent weights orthogonal, the others by Glorot, biases zero: Keras's, apart from the forget
  /// gate's bias of 1.
  public static func orthogonal(seed: UInt64, forgetGateBias: Double? = nil) -> Self {
    .init(
      input: .glorot, recurrent: .orthogonal, forgetGateBias: forgetGateBias, seed: seed)
  }

  /// Recurrent weights orthogonal for each gate, the others by Glorot, biases zero.
  public static func blockOrthogonal(seed: UInt64, forgetGateBias: Double? = nil) -> Self {
    .init(
      input: .glorot, recurrent: .blockOrthogonal, forgetGateBias: forgetGateBias, seed: seed)
  }
}

extension ParameterVector {
  /// New parameters of a network.
  init(
    _ description: NetworkDescription, _ initialization: Initialization
  ) throws(RecurError) {
    try self.init(parts: description.parts)
    var network = description.inC
    var how = recur_initialization(
      input: initialization.input.inC, recurrent: initialization.recurrent.inC,
      bias: initialization.bias.inC, set_forget_bias: initialization.forgetGateBias != nil,
      forget_bias: initialization.forgetGateBias ?? 0, seed: initialization.seed)
    var theta = Scalar._vector(uniqueBase(), count: count)
    try check(
      Scalar._parameters.initialize(&network, &how, &theta),
      [
        "initialization->input": "initialization.input",
        "initialization->recurrent": "initialization.recurrent",
        "initialization->bias": "initialization.bias",
        "initialization->forget_bias": "initialization.forgetGateBias",
        "initialization->set_forget_bias": "initialization.forgetGateBias",
      ])
  }

  /// New parameters of an output layer: `weight` (O x I) and, if there is one, `bias` (O x 1).
  init(
    inputSize: Int, outputSize: Int, bias: Bool, _ initialization: Initialization
  ) throws(RecurError) {
    let weights = try elementCount(outputSize, inputSize, of: Scalar.self)
    let weight = Part(name: "weight", rows: outputSize, columns: inputSize, offset: 0)
    let biases = Part(name: "bias", rows: outputSize, columns: 1, offset: weights)
    try self.init(parts: bias ? [weight, biases] : [weight])
    guard initialization.forgetGateBias == nil else {
      throw .invalid(
        argument: "initialization.forgetGateBias", reason: "is for LSTMs, not for output layers")
    }
    guard [.zeros, .uniform].contains(initialization.bias) else {
      throw .invalid(
        argument: "initialization.bias",
        reason: "is \(initialization.bias), expected zeros or uniform")
    }
    let base = uniqueBase()
    let schemes = [initialization.input, initialization.bias]
    for (index, (part, scheme)) in zip(parts, schemes).enumerated() {
      var matrix = Scalar._matrix(
        base + part.offset, rows: part.rows, columns: part.columns, stride: part.columns)
      let status = Scalar._parameters.initializeMatrix(
        scheme.inC, inputSize, initialization.seed, UInt32(index), &matrix)
      try check(status, ["scheme": "initialization.input"])
    }
  }
}
