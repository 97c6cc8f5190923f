// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Long short-term memory, with the gates i, f, g and o.
public struct LSTM<Scalar: RecurScalar>: RecurrentNetwork {
  public typealias State = LSTMState<Scalar>

  public let plan: NetworkPlan
  public var parameters: ParameterVector<Scalar>

  public init(_ configuration: NetworkConfiguration) throws(RecurError) {
    plan = try NetworkPlan(configuration, for: .lstm)
    parameters = try ParameterVector(slices: plan.slices)
  }

  /// Creates a network with new parameters.
  ///
  /// - Parameters:
  ///   - inputSize: The number of input features I, at least 1.
  ///   - hiddenSize: The hidden size H, at least 1.
  ///   - layers: The number of layers L, at least 1.
  ///   - bidirectional: Whether each layer also has a reverse direction.
  ///   - projectionSize: The size P to which hₜ is projected, from 1 to H − 1. If omitted, P = H.
  ///   - peepholes: Whether the gates read the cell state: i and f read cₜ₋₁, and o reads cₜ.
  ///   - coupledGates: Whether f = 1 − i, which leaves the three gates i, g and o.
  ///   - activation: The activation of i, f and o.
  ///   - candidateActivation: The activation of g.
  ///   - outputActivation: The activation of cₜ at the output.
  ///   - bias: Whether the cells have the biases bᵢₕ and bₕₕ.
  ///   - layerNormalization: Whether Wᵢₕ x and Wₕₕ h are normalized before they are added, each over all
  ///     gates together.
  ///   - gateClamp: The maximum absolute value of the input of every gate's activation; larger values are
  ///     clamped.
  ///   - cellClamp: The maximum absolute value of cₜ; larger values are clamped.
  ///   - dropout: The dropout probability between layers in training; at least 0 and below 1.
  ///   - recurrentDropout: The dropout probability of hₜ₋₁ in its product with Wₕₕ in training, with one
  ///     mask for all steps; at least 0 and below 1.
  ///   - zoneout: The probability that an element of h keeps its previous value in training; at least 0
  ///     and below 1.
  ///   - cellZoneout: The probability that an element of c keeps its previous value in training; at least
  ///     0 and below 1.
  ///   - initialization: The initialization of the parameters.
  ///   - seed: The seed of the random numbers.
  /// - Throws: ``RecurError/invalid(argument:reason:)`` if a size is below 1 or an option is out of
  ///   range.
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
