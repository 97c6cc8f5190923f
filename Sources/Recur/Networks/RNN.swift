// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The simple recurrent network (Elman): hₜ = φ(Wᵢₕ xₜ + bᵢₕ + Wₕₕ hₜ₋₁ + bₕₕ).
public struct RNN<Scalar: RecurScalar>: RecurrentNetwork {
  public typealias State = HiddenState<Scalar>

  public let plan: NetworkPlan
  public var parameters: ParameterVector<Scalar>

  public init(_ configuration: NetworkConfiguration) throws(RecurError) {
    plan = try NetworkPlan(configuration, for: .simple)
    parameters = try ParameterVector(slices: plan.slices)
  }

  /// Creates a network with new parameters.
  ///
  /// - Parameters:
  ///   - inputSize: The number of input features I, at least 1.
  ///   - hiddenSize: The hidden size H, at least 1.
  ///   - layers: The number of layers L, at least 1.
  ///   - bidirectional: Whether each layer also has a reverse direction.
  ///   - activation: The activation φ.
  ///   - bias: Whether the cells have the biases bᵢₕ and bₕₕ.
  ///   - gateClamp: The maximum absolute value of the activation's input; larger values are clamped.
  ///   - dropout: The dropout probability between layers in training; at least 0 and below 1.
  ///   - recurrentDropout: The dropout probability of hₜ₋₁ in its product with Wₕₕ in training, with one
  ///     mask for all steps; at least 0 and below 1.
  ///   - zoneout: The probability that an element of h keeps its previous value in training; at least 0
  ///     and below 1.
  ///   - initialization: The initialization of the parameters.
  ///   - seed: The seed of the random numbers.
  /// - Throws: ``RecurError/invalid(argument:reason:)`` if a size is below 1 or an option is out of
  ///   range.
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

  /// Creates a network of one layer and direction with given parameters, such as PyTorch's, in PyTorch's
  /// shapes.
  ///
  /// - Parameters:
  ///   - weightIH: The weight Wᵢₕ, H x I.
  ///   - weightHH: The weight Wₕₕ, H x H.
  ///   - biasIH: The bias bᵢₕ, H elements.
  ///   - biasHH: The bias bₕₕ, H elements.
  ///   - activation: The activation φ.
  /// - Throws: ``RecurError`` if the shapes do not match.
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
  /// Computes the error terms δₜₖ = ∂Lₜ/∂zₖ for k = 0 … t, where Lₜ is the loss at step t alone. The
  /// network must have one layer and one direction, and no clamp, recurrent dropout or zoneout.
  ///
  /// - Parameters:
  ///   - t: The step t, counted from 0.
  ///   - gradient: The gradient ∂Lₜ/∂hₜ, B x H.
  ///   - outputs: The outputs of a pass of this network: every hₜ.
  /// - Returns: The t + 1 error terms, each B x H.
  /// - Throws: ``RecurError`` if the step is out of range, the shape of a matrix is wrong, or the network
  ///   does not meet the conditions.
  public func errorTerms(
    step t: Int, gradient: Matrix<Scalar>, outputs: SequenceBatch<Scalar>
  ) throws(RecurError) -> SequenceBatch<Scalar> {
    guard configuration.layers == 1, configuration.directions == 1,
      configuration.gateClamp == nil, !configuration.drawsMasks
    else {
      throw .unsupported(
        argument: "errorTerms",
        reason: "require one layer and direction, and no clamp, recurrent dropout or zoneout")
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
