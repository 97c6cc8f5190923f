// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// What is done to gradients before they are used.
public enum Clipping: Sendable, Equatable, Codable {
  case none

  /// g ← g θ / ‖g‖ where the norm of all gradients together is above θ (Pascanu et al. 2013).
  case norm(Double)

  /// Every number is clamped to ±θ.
  case value(Double)

  func validate() throws(RecurError) {
    switch self {
    case .none: return
    case .norm(let limit), .value(let limit):
      guard limit > 0 else {
        throw .invalid(argument: "clipping", reason: "is at \(limit), expected above 0")
      }
    }
  }
}

extension ParameterVector {
  /// Clips gradients; returns their norm before.
  @discardableResult
  public mutating func clip(_ clipping: Clipping) -> Scalar {
    let norm = norm
    switch clipping {
    case .none: break
    case .norm(let limit):
      // As PyTorch's clip_grad_norm_.
      let factor = Scalar(limit) / (norm + 1e-6)
      if factor < 1 { scale(by: factor) }
    case .value(let limit): clamp(to: Scalar(limit))
    }
    return norm
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private mutating func clamp(to limit: Scalar) {
    let base = uniqueBase()
    for index in 0..<count {
      // NaN stays NaN.
      if base[index] > limit { base[index] = limit }
      if base[index] < -limit { base[index] = -limit }
    }
  }
}
