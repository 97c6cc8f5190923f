// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The gated recurrent unit, gates r z n.
public struct GRU<Scalar: RecurScalar>: RecurrentNetwork {
  public typealias State = HiddenState<Scalar>

  public let plan: NetworkPlan
  public var parameters: ParameterVector<Scalar>

  public init(_ configuration: NetworkConfiguration) throws(RecurError) {
    plan = try NetworkPlan(configuration, for: .gru)
    parameters = try ParameterVector(slices: plan.slices)
  }

  /// A network with new parameters.
  ///
  /// - Parameters:
  ///   - inputSize: I, at least 1.
  ///   - hiddenSize: H, at least 1.
  ///   - layers: L, at least 1.
  ///   - bidirectional: whether each layer has a reverse direction too.
  ///   - reset: where the reset gate acts.
  ///   - activation: the activation of r and z.
  ///   - candidateActivation: the activation of n.
  ///   - bias: whether there are b_ih and b_hh.
  ///   - layerNormalization: whether W_ih x and W_hh h are normalised before they are added, of r and z
  ///     together and of n for itself.
  ///   - gateClamp: clamps the input of every gate's activation to ±gateClamp.
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
    reset: NetworkConfiguration.Reset = .afterProduct, activation: Activation = .sigmoid,
    candidateActivation: Activation = .tanh, bias: Bool = true, layerNormalization: Bool = false,
    gateClamp: Double? = nil, dropout: Double = 0, recurrentDropout: Double = 0,
    zoneout: Double = 0, initialization: Initialization = .uniform, seed: UInt64
  ) throws(RecurError) {
    var configuration = NetworkConfiguration(.gru, inputSize: inputSize, hiddenSize: hiddenSize)
    configuration.layers = layers
    configuration.bidirectional = bidirectional
    configuration.reset = reset
    configuration.activation = activation
    configuration.candidateActivation = candidateActivation
    configuration.bias = bias
    configuration.layerNormalization = layerNormalization
    configuration.gateClamp = gateClamp
    configuration.dropout = dropout
    configuration.recurrentDropout = recurrentDropout
    configuration.zoneout = zoneout
    try self.init(configuration, initialization: initialization, seed: seed)
  }
}
