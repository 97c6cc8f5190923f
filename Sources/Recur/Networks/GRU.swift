// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// Where the reset gate acts: two different networks are called GRU.
public enum GRUReset: Sendable, Codable {
  /// After the product, n = tanh(W_n x + b_in + r ∘ (U_n h + b_hn)): PyTorch, cuDNN, Keras.
  case afterProduct

  /// Before it, n = tanh(W_n x + b_in + U_n (r ∘ h) + b_hn): the textbook (6.66), ONNX's default.
  case beforeProduct
}

/// The gated recurrent unit, gates r z n.
public struct GRU<Scalar: RecurScalar>: RecurrentNetwork {
  public typealias State = HiddenState<Scalar>
  public typealias Reset = GRUReset

  public let description: NetworkDescription
  public var parameters: ParameterVector<Scalar>

  /// A network with new parameters.
  ///
  /// - `activation`: of r and z.
  /// - `candidateActivation`: of n.
  /// - `layerNormalization`: W_ih x and W_hh h are normalised before they are added, of r and z
  ///   together and of n for itself.
  /// - `clip`: the input of every gate's activation is clamped to ±clip.
  /// - `dropout`: in training, the chance of a layer's output not to reach the next.
  /// - `recurrentDropout`: in training, the chance of h_{t−1} not to reach W_hh, at all steps or none.
  /// - `zoneout`: in training, the chance of h to stay as it was.
  ///
  /// - Throws: ``RecurError/invalid(argument:reason:)`` for a size below 1 or an option out of range.
  public init(
    inputSize: Int, hiddenSize: Int, layers: Int = 1, bidirectional: Bool = false,
    reset: Reset = .afterProduct, activation: Activation = .sigmoid,
    candidateActivation: Activation = .tanh, bias: Bool = true, layerNormalization: Bool = false,
    clip: Double? = nil,
    dropout: Double = 0, recurrentDropout: Double = 0, zoneout: Double = 0,
    initialization: Initialization = .uniform(seed: 0)
  ) throws(RecurError) {
    description = try NetworkDescription(
      "GRU", recur_gru, inputSize: inputSize, hiddenSize: hiddenSize, layers: layers,
      bidirectional: bidirectional, bias: bias, clip: clip,
      random: RandomOptions(dropout: dropout, recurrentDropout: recurrentDropout, zoneout: zoneout)
    ) { cell in
      cell.f = activation.inC
      cell.g = candidateActivation.inC
      cell.layer_norm = layerNormalization
      cell.reset = reset == .afterProduct ? RECUR_RESET_AFTER : RECUR_RESET_BEFORE
    }
    parameters = try ParameterVector(description, initialization)
  }
}
