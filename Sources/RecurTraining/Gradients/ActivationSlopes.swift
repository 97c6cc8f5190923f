// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension Activation {
  /// γ, the largest magnitude that the slope has anywhere.
  var largestSlope: Double {
    switch self {
    case .tanh, .relu, .identity, .thresholdedRelu, .softsign, .softplus: 1
    case .sigmoid: 0.25
    case .affine(let alpha, _), .hardSigmoid(let alpha, _): abs(alpha)
    case .leakyRelu(let alpha), .elu(let alpha): max(1, abs(alpha))
    case .scaledTanh(let alpha, let beta): abs(alpha * beta)
    }
  }

  /// φ′(z) where φ(z) = y; at a corner the slope to its left.
  func slope(at y: Double) -> Double {
    switch self {
    case .tanh: (1 - y) * (1 + y)
    case .sigmoid: y * (1 - y)
    case .relu: y > 0 ? 1 : 0
    case .identity: 1
    case .affine(let alpha, _): alpha
    case .leakyRelu(let alpha): y > 0 ? 1 : alpha
    case .thresholdedRelu: y == 0 ? 0 : 1
    case .scaledTanh(let alpha, let beta):
      alpha == 0 ? 0 : alpha * beta * (1 - y / alpha) * (1 + y / alpha)
    case .hardSigmoid(let alpha, _): 0 < y && y < 1 ? alpha : 0
    case .elu(let alpha): y > 0 ? 1 : y + alpha
    case .softsign: (1 - abs(y)) * (1 - abs(y))
    case .softplus: 1 - exp(-y)
    }
  }
}
