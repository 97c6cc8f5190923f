// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Long short-term memory, gates i f g o.
public struct LSTM<Scalar: RecurScalar>: RecurrentNetwork {
  public typealias State = LSTMState<Scalar>

  public let plan: NetworkPlan
  public var parameters: ParameterVector<Scalar>

  public init(_ configuration: NetworkConfiguration) throws(RecurError) {
    plan = try NetworkPlan(configuration, for: .lstm)
    parameters = try ParameterVector(slices: plan.slices)
  }

  /// A network with new parameters.
  ///
  /// - Parameters:
  ///   - inputSize: I, at least 1.
  ///   - hiddenSize: H, at least 1.
  ///   - layers: L, at least 1.
  ///   - bidirectional: whether each layer has a reverse direction too.
  ///   - projectionSize: P, from 1 to H − 1: h_t is projected to this size. P = H if left out.
  ///   - peepholes: whether the gates see the cell state: i and f c_{t−1}, o c_t.
  ///   - coupledGates: whether f = 1 − i, which leaves three gates, i g o.
  ///   - activation: the activation of i, f and o.
  ///   - candidateActivation: the activation of g.
  ///   - outputActivation: the activation of c_t at the output.
  ///   - bias: whether there are b_ih and b_hh.
  ///   - layerNormalization: whether W_ih x and W_hh h are normalised before they are added, each of all
  ///     gates together.
  ///   - gateClamp: clamps the input of every gate's activation to ±gateClamp.
  ///   - cellClamp: clamps c_t to ±cellClamp.
  ///   - dropout: in training, the dropout probability between layers; from 0 to below 1.
  ///   - recurrentDropout: in training, the dropout probability of h_{t−1} in its product with W_hh, with
  ///     one mask for all steps; from 0 to below 1.
  ///   - zoneout: in training, the probability that an element of h keeps its previous value; from 0 to
  ///     below 1.
  ///   - cellZoneout: the same for c.
  ///   - initialization: how the parameters are drawn.
  ///   - seed: the seed of the random numbers.
  /// - Throws: ``RecurError/invalid(argument:reason:)`` for a size below 1 or an option out of range.
  public init(
    inputSize: Int, hiddenSize: Int, layers: Int = 1, bidirectional: Bool = false,
    projectionSize: Int? = nil, peepholes: Bool = false, coupledGates: Bool = false,
    activation: Activation = .sigmoid, candidateActivation: Activation = .tanh,
    outputActivation: Activation = .tanh, bias: Bool = true, layerNormalization: Bool = false,
    gateClamp: Double? = nil, cellClamp: Double? = nil, dropout: Double = 0,
    recurrentDropout: Double = 0, zoneout: Double = 0, cellZoneout: Double = 0,
    initialization: Initialization = .uniform, seed: UInt64
  ) throws(RecurError) {
    var configuration = NetworkConfiguration(.lstm, inputSize: inputSize, hiddenSize: hiddenSize)
    configuration.layers = layers
    configuration.bidirectional = bidirectional
    configuration.projectionSize = projectionSize
    configuration.peepholes = peepholes
    configuration.coupledGates = coupledGates
    configuration.activation = activation
    configuration.candidateActivation = candidateActivation
    configuration.outputActivation = outputActivation
    configuration.bias = bias
    configuration.layerNormalization = layerNormalization
    configuration.gateClamp = gateClamp
    configuration.cellClamp = cellClamp
    configuration.dropout = dropout
    configuration.recurrentDropout = recurrentDropout
    configuration.zoneout = zoneout
    configuration.cellZoneout = cellZoneout
    try self.init(configuration, initialization: initialization, seed: seed)
  }
}
