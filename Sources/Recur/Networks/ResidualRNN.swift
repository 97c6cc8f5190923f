// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The residual recurrent network: hₜ = hₜ₋₁ + φ(Wᵢₕ xₜ + bᵢₕ + Wₕₕ hₜ₋₁ + bₕₕ). The sum adds vectors of
/// size H, so I and H may differ.
public struct ResidualRNN<Scalar: RecurScalar>: RecurrentNetwork {
  public typealias State = HiddenState<Scalar>

  public let plan: NetworkPlan
  public var parameters: ParameterVector<Scalar>

  public init(_ configuration: NetworkConfiguration) throws(RecurError) {
    plan = try NetworkPlan(configuration, for: .residual)
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
      .residual, inputSize: inputSize, hiddenSize: hiddenSize)
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
}
