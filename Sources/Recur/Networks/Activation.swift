// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// An activation function φ: the functions of ONNX with its default constants, the identity, hard tanh
/// and SiLU.
///
/// Networks compute the slope φ′(z) from the value φ(z). At a corner they use the slope on its left.
/// Networks with `silu`, or with `leakyRelu` or `elu` with a negative alpha, support only inference. Outside
/// of networks, ``callAsFunction(_:)`` applies any activation to a matrix or a batch, and
/// ``backward(inputs:outputGradient:)`` differentiates it.
public enum Activation: Sendable, Hashable, Codable {
  /// tanh(z)
  case tanh
  /// 1 / (1 + exp(−z))
  case sigmoid
  /// max(0, z)
  case relu
  /// z
  case identity
  /// α z + β
  case affine(alpha: Double = 1, beta: Double = 0)
  /// z if z > 0, else α z
  case leakyRelu(alpha: Double = 0.01)
  /// z if z > α, else 0
  case thresholdedRelu(alpha: Double = 1)
  /// α tanh(β z)
  case scaledTanh(alpha: Double = 1, beta: Double = 1)
  /// min(1, max(0, α z + β))
  case hardSigmoid(alpha: Double = 0.2, beta: Double = 0.5)
  /// z if z > 0, else α (exp(z) − 1)
  case elu(alpha: Double = 1)
  /// z / (1 + |z|)
  case softsign
  /// log(1 + exp(z))
  case softplus
  /// min(max, max(min, z)), where min < max
  case hardTanh(min: Double = -1, max: Double = 1)
  /// z / (1 + exp(−z)); in networks, for inference only
  case silu

  init(_ inC: recur_activation) {
    let (alpha, beta) = (inC.alpha, inC.beta)
    switch inC.kind {
    case RECUR_ACTIVATION_SIGMOID: self = .sigmoid
    case RECUR_ACTIVATION_RELU: self = .relu
    case RECUR_ACTIVATION_IDENTITY: self = .identity
    case RECUR_ACTIVATION_AFFINE: self = .affine(alpha: alpha, beta: beta)
    case RECUR_ACTIVATION_LEAKY_RELU: self = .leakyRelu(alpha: alpha)
    case RECUR_ACTIVATION_THRESHOLDED_RELU: self = .thresholdedRelu(alpha: alpha)
    case RECUR_ACTIVATION_SCALED_TANH: self = .scaledTanh(alpha: alpha, beta: beta)
    case RECUR_ACTIVATION_HARD_SIGMOID: self = .hardSigmoid(alpha: alpha, beta: beta)
    case RECUR_ACTIVATION_ELU: self = .elu(alpha: alpha)
    case RECUR_ACTIVATION_SOFTSIGN: self = .softsign
    case RECUR_ACTIVATION_SOFTPLUS: self = .softplus
    case RECUR_ACTIVATION_HARD_TANH: self = .hardTanh(min: alpha, max: beta)
    case RECUR_ACTIVATION_SILU: self = .silu
    case RECUR_ACTIVATION_TANH: self = .tanh
    default: preconditionFailure("no activation of kind \(inC.kind)")
    }
  }

  var inC: recur_activation {
    let (kind, alpha, beta) = parts
    return recur_activation(kind: kind, alpha: alpha, beta: beta)
  }

  private var parts: (recur_activation_kind, Double, Double) {
    switch self {
    case .tanh: (RECUR_ACTIVATION_TANH, 0, 0)
    case .sigmoid: (RECUR_ACTIVATION_SIGMOID, 0, 0)
    case .relu: (RECUR_ACTIVATION_RELU, 0, 0)
    case .identity: (RECUR_ACTIVATION_IDENTITY, 0, 0)
    case .affine(let alpha, let beta): (RECUR_ACTIVATION_AFFINE, alpha, beta)
    case .leakyRelu(let alpha): (RECUR_ACTIVATION_LEAKY_RELU, alpha, 0)
    case .thresholdedRelu(let alpha): (RECUR_ACTIVATION_THRESHOLDED_RELU, alpha, 0)
    case .scaledTanh(let alpha, let beta): (RECUR_ACTIVATION_SCALED_TANH, alpha, beta)
    case .hardSigmoid(let alpha, let beta): (RECUR_ACTIVATION_HARD_SIGMOID, alpha, beta)
    case .elu(let alpha): (RECUR_ACTIVATION_ELU, alpha, 0)
    case .softsign: (RECUR_ACTIVATION_SOFTSIGN, 0, 0)
    case .softplus: (RECUR_ACTIVATION_SOFTPLUS, 0, 0)
    case .hardTanh(let min, let max): (RECUR_ACTIVATION_HARD_TANH, min, max)
    case .silu: (RECUR_ACTIVATION_SILU, 0, 0)
    }
  }
}
