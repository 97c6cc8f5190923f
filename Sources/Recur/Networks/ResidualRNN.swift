// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The residual recurrent network: h_t = h_{t−1} + φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh). The sum
/// is over h, so I and H may differ.
public struct ResidualRNN<Scalar: RecurScalar>: RecurrentNetwork {
  public typealias State = HiddenState<Scalar>

  public let description: NetworkDescription
  public var parameters: ParameterVector<Scalar>

  /// A network with new parameters.
  ///
  /// - `clip`: the activation's input is clamped to ±clip.
  /// - `dropout`: in training, the chance of a layer's output not to reach the next.
  /// - `recurrentDropout`: in training, the chance of h_{t−1} not to reach W_hh, at all steps or none.
  /// - `zoneout`: in training, the chance of h to stay as it was.
  ///
  /// - Throws: ``RecurError/invalid(argument:reason:)`` for a size below 1 or an option out of range.
  public init(
    inputSize: Int, hiddenSize: Int, layers: Int = 1, bidirectional: Bool = false,
    activation: Activation = .tanh, bias: Bool = true, clip: Double? = nil, dropout: Double = 0,
    recurrentDropout: Double = 0, zoneout: Double = 0,
    initialization: Initialization = .uniform(seed: 0)
  ) throws(RecurError) {
    description = try NetworkDescription(
      "ResidualRNN", recur_residual, inputSize: inputSize, hiddenSize: hiddenSize, layers: layers,
      bidirectional: bidirectional, bias: bias, clip: clip,
      random: RandomOptions(dropout: dropout, recurrentDropout: recurrentDropout, zoneout: zoneout)
    ) { cell in
      cell.f = activation.inC
    }
    parameters = try ParameterVector(description, initialization)
  }
}
