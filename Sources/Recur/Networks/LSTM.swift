// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// What an LSTM forgets by.
public enum LSTMForgetGate: Sendable, Codable {
  /// A gate of its own.
  case independent

  /// f = 1 − i: three gates, i g o.
  case coupledToInput
}

/// Whether an LSTM's gates see the cell state.
public enum LSTMPeepholes: Sendable, Codable {
  case none

  /// They do: i and f c_{t−1}, o c_t.
  case diagonal
}

/// Long short-term memory, gates i f g o.
public struct LSTM<Scalar: RecurScalar>: RecurrentNetwork {
  public typealias State = LSTMState<Scalar>
  public typealias ForgetGate = LSTMForgetGate
  public typealias Peepholes = LSTMPeepholes

  public let description: NetworkDescription
  public var parameters: ParameterVector<Scalar>

  /// A network with new parameters.
  ///
  /// - `projectionSize`: P, below H: h_t is projected to this size.
  /// - `activation`: of i, f and o.
  /// - `candidateActivation`: of g.
  /// - `outputActivation`: of c_t on its way out.
  /// - `layerNormalization`: W_ih x and W_hh h are normalised before they are added,
  ///   each of all gates together.
  /// - `clip`: the input of every gate's activation is clamped to ±clip.
  /// - `cellClip`: c_t is clamped to ±cellClip.
  /// - `dropout`: in training, the chance of a layer's output not to reach the next.
  /// - `recurrentDropout`: in training, the chance of h_{t−1} not to reach W_hh, at all steps or none.
  /// - `zoneout`, `cellZoneout`: in training, the chance of h and of c to stay as they were.
  ///
  /// - Throws: ``RecurError/invalid(argument:reason:)`` for a size below 1 or an option out of range.
  public init(
    inputSize: Int, hiddenSize: Int, layers: Int = 1, bidirectional: Bool = false,
    projectionSize: Int? = nil, peepholes: Peepholes = .none,
    forgetGate: ForgetGate = .independent, activation: Activation = .sigmoid,
    candidateActivation: Activation = .tanh, outputActivation: Activation = .tanh,
    bias: Bool = true, layerNormalization: Bool = false, clip: Double? = nil,
    cellClip: Double? = nil, dropout: Double = 0,
    recurrentDropout: Double = 0, zoneout: Double = 0, cellZoneout: Double = 0,
    initialization: Initialization = .uniform(seed: 0)
  ) throws(RecurError) {
    description = try NetworkDescription(
      "LSTM", recur_lstm, inputSize: inputSize, hiddenSize: hiddenSize, layers: layers,
      bidirectional: bidirectional, bias: bias, clip: clip,
      random: RandomOptions(
        dropout: dropout, recurrentDropout: recurrentDropout, zoneout: zoneout,
        cellZoneout: cellZoneout)
    ) { cell throws(RecurError) in
      cell.f = activation.inC
      cell.g = candidateActivation.inC
      cell.layer_norm = layerNormalization
      cell.h = outputActivation.inC
      cell.peepholes = peepholes == .diagonal
      cell.coupled = forgetGate == .coupledToInput
      cell.cell_clamp = try limit("cellClip", cellClip)
      if let projectionSize {
        try requireSize("projectionSize", projectionSize, atLeast: 1)
        cell.projection_size = projectionSize
      }
    }
    parameters = try ParameterVector(description, initialization)
  }
}
