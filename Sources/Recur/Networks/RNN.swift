// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The simple recurrent network (Elman): h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh).
public struct RNN<Scalar: RecurScalar>: RecurrentNetwork {
  public typealias State = HiddenState<Scalar>

  public let plan: NetworkPlan
  public var parameters: ParameterVector<Scalar>

  public init(_ configuration: NetworkConfiguration) throws(RecurError) {
    plan = try NetworkPlan(configuration, for: .simple)
    parameters = try ParameterVector(slices: plan.slices)
  }

  /// A network with new parameters.
  ///
  /// - Parameters:
  ///   - inputSize: I, at least 1.
  ///   - hiddenSize: H, at least 1.
  ///   - layers: L, at least 1.
  ///   - bidirectional: whether each layer has a reverse direction too.
  ///   - activation: φ.
  ///   - bias: whether there are b_ih and b_hh.
  ///   - gateClamp: clamps the activation's input to ±gateClamp.
  ///   - dropout: in training, the dropout probability between layers; from 0 to below 1.
  ///   - recurrentDropout: in training, the dropout probability of h_{t−1} in its product with W_hh, with
  ///     one mask for all steps; from 0 to below 1.
  ///   - zoneout: in training, the probability that an element of h keeps its previous value; from 0 to
  ///     below 1.
  ///   - initialization: how the parameters are drawn.
  ///   - seed: the seed of the random numbers.
  /// - Throws: ``RecurError/invalid(argument:reason:)`` for a size below 1 or an option out of range.
  public init(
    inputSize: Int, hiddenSize: Int, layers: Int = 1, bidirectional: Bool = false,
    activation: Activation = .tanh, bias: Bool = true, gateClamp: Double? = nil,
    dropout: Double = 0, recurrentDropout: Double = 0, zoneout: Double = 0,
    initialization: Initialization = .uniform, seed: UInt64
  ) throws(RecurError) {
    var configuration = NetworkConfiguration(
      .simple, inputSize: inputSize, hiddenSize: hiddenSize)
    configuration.layers = layers
    configuration.bidirectional = bidirectional
    configuration.activation = activation
    configuration.bias = bias
    configuration.gateClamp = gateClamp
    configuration.dropout = dropout
    configuration.recurrentDropout = recurrentDropout
    configuration.zoneout = zoneout
    try self.init(configuration, initialization: initialization, seed: seed)
  }

  /// One layer in one direction with given parameters, such as PyTorch's, in its shapes.
  ///
  /// - Parameters:
  ///   - weightIH: W_ih, H x I.
  ///   - weightHH: W_hh, H x H.
  ///   - biasIH: b_ih, H.
  ///   - biasHH: b_hh, H.
  ///   - activation: φ.
  /// - Throws: ``RecurError`` for shapes that do not fit together.
  public init(
    weightIH: Matrix<Scalar>, weightHH: Matrix<Scalar>, biasIH: [Scalar], biasHH: [Scalar],
    activation: Activation = .tanh
  ) throws(RecurError) {
    var configuration = NetworkConfiguration(
      .simple, inputSize: weightIH.columns, hiddenSize: weightIH.rows)
    configuration.activation = activation
    try self.init(configuration)
    try parameters.set("weight_ih_l0", to: weightIH)
    try parameters.set("weight_hh_l0", to: weightHH)
    try parameters.set("bias_ih_l0", to: Matrix(rows: biasIH.count, columns: 1, elements: biasIH))
    try parameters.set("bias_hh_l0", to: Matrix(rows: biasHH.count, columns: 1, elements: biasHH))
  }
}

extension RNN {
  /// The error terms δ_{t,k} = ∂L_t/∂z_k for k = 0 … t, where L_t is the loss at step t alone, of a
  /// network of one layer and direction without clamp, recurrent dropout and zoneout.
  ///
  /// - Parameters:
  ///   - t: a step, counted from 0.
  ///   - gradient: ∂L_t/∂h_t, B x H.
  ///   - outputs: every h_t, from a pass of this network.
  /// - Returns: t + 1 steps of B x H.
  /// - Throws: ``RecurError`` for a step out of range, matrices of another shape, or a network of
  ///   another kind.
  public func errorTerms(
    step t: Int, gradient: Matrix<Scalar>, outputs: SequenceBatch<Scalar>
  ) throws(RecurError) -> SequenceBatch<Scalar> {
    guard configuration.layers == 1, configuration.directions == 1,
      configuration.gateClamp == nil, !configuration.drawsMasks
    else {
      throw .unsupported(
        argument: "errorTerms",
        reason: "are of one layer and direction without clamp, recurrent dropout and zoneout")
    }
    guard (0..<outputs.steps).contains(t) else {
      throw .invalid(argument: "step", reason: "is \(t), expected 0 to \(outputs.steps - 1)")
    }
    guard gradient.rows == outputs.batchSize, gradient.columns == hiddenSize else {
      throw .shape(
        argument: "gradient", expected: .init(outputs.batchSize, hiddenSize),
        found: .init(gradient.rows, gradient.columns))
    }
    let delta = try SequenceBatch<Scalar>(
      steps: t + 1, batchSize: outputs.batchSize, features: hiddenSize)
    let weight = parameters["weight_hh_l0"]
    var phi = configuration.activation.inC
    let status = Scalar.withArguments { argument in
      Scalar.kernels.rnnErrorTerms(
        argument(weight), &phi, argument(outputs.matrix), t, argument(gradient),
        argument(delta.matrix))
    }
    try check(status, ["h": "outputs", "dh_t": "gradient"])
    return withExtendedLifetime((weight, outputs, gradient)) { delta }
  }
}
