// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// How gradients are clipped.
public enum GradientClipping: Sendable, Equatable, Codable {
  /// No clipping.
  case none

  /// Clipping by norm: g ← g θ / (‖g‖ + 10⁻⁶) if the norm of all gradients together is above θ
  /// (Pascanu et al. 2013; PyTorch's `clip_grad_norm_`).
  case norm(Double)

  /// Clipping by value: every element is clamped to ±θ (PyTorch's `clip_grad_value_`).
  case value(Double)

  /// Returns the factor that scales gradients with a given norm to at most the norm `limit`.
  static func factor<Number: BinaryFloatingPoint>(to limit: Number, norm: Number) -> Number {
    min(limit / (norm + 1e-6), 1)
  }

  func validate() throws(RecurError) {
    switch self {
    case .none: return
    case .norm(let limit), .value(let limit):
      try require("clipping", limit, limit > 0, "above 0")
    }
  }
}

extension ParameterVector {
  /// Clips gradients.
  ///
  /// - Parameter clipping: how gradients are clipped; a limit must be above 0.
  /// - Returns: the norm before clipping.
  /// - Throws: `RecurError.invalid(argument:reason:)` if a limit is not above 0, or
  ///   `RecurError.outOfMemory(reason:)`.
  @discardableResult
  public mutating func clip(_ clipping: GradientClipping) throws(RecurError) -> Scalar {
    try clipping.validate()
    let norm = norm
    switch clipping {
    case .none: break
    case .norm(let limit):
      let factor = GradientClipping.factor(to: Scalar(limit), norm: norm)
      if factor < 1 {
        _ = try uniqueBase()
        scale(by: factor)
      }
    case .value(let limit): try clamp(to: Scalar(limit))
    }
    return norm
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private mutating func clamp(to limit: Scalar) throws(RecurError) {
    let base = try uniqueBase()
    for index in 0..<count {
      // NaN stays NaN.
      if base[index] > limit { base[index] = limit }
      if base[index] < -limit { base[index] = -limit }
    }
  }
}

extension ParameterVector {
  /// Sets all elements to 0, including those that are not finite.
  mutating func clear() throws(RecurError) { try uniqueBase().update(repeating: 0, count: count) }
}
