// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// How parameters are updated from gradients, with PyTorch's formulas and defaults (`torch.optim`).
/// The learning rate η is an argument of each step.
public enum Optimizer: Sendable, Equatable, Codable {
  /// Stochastic gradient descent: v ← μ v + (1 − τ) g, with v = g in the first step; then p ← p − η
  /// v, or p ← p − η (g + μ v) with `nesterov`.
  ///
  /// - Parameters:
  ///   - momentum: μ, at least 0.
  ///   - dampening: τ, from 0 to 1; only with momentum, and not with `nesterov`.
  ///   - nesterov: whether to use Nesterov momentum.
  ///   - weightDecay: λ, at least 0; g ← g + λ p comes first.
  case sgd(
    momentum: Double = 0, dampening: Double = 0, nesterov: Bool = false, weightDecay: Double = 0)

  /// RMSprop: s ← α s + (1 − α) g²; p ← p − η g / (√s + ε).
  ///
  /// With momentum: b ← μ b + g / (√s + ε); p ← p − η b.
  ///
  /// - Parameters:
  ///   - alpha: α, from 0 to below 1.
  ///   - epsilon: ε, at least 0.
  ///   - momentum: μ, at least 0.
  ///   - centered: whether √(s − m²) replaces √s, where m is the running mean of g.
  ///   - weightDecay: λ, at least 0; g ← g + λ p comes first.
  case rmsProp(
    alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0, centered: Bool = false,
    weightDecay: Double = 0)

  /// Adam (Kingma and Ba 2015): m ← β₁ m + (1 − β₁) g, s ← β₂ s + (1 − β₂) g²; at step k, p ← p −
  /// η/(1 − β₁ᵏ) m / (√s/√(1 − β₂ᵏ) + ε).
  ///
  /// - Parameters:
  ///   - beta1: β₁, from 0 to below 1.
  ///   - beta2: β₂, from 0 to below 1.
  ///   - epsilon: ε, at least 0.
  ///   - weightDecay: λ, at least 0; g ← g + λ p comes first.
  case adam(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0)

  /// AdamW (Loshchilov and Hutter 2019), which is Adam with decoupled weight decay: p ← (1 − η λ) p
  /// before the update.
  ///
  /// - Parameters:
  ///   - beta1: β₁, from 0 to below 1.
  ///   - beta2: β₂, from 0 to below 1.
  ///   - epsilon: ε, at least 0.
  ///   - weightDecay: λ, at least 0.
  case adamW(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01)
}

extension Optimizer {
  var rule: any UpdateRule {
    switch self {
    case .sgd(let momentum, let dampening, let nesterov, let weightDecay):
      SGD(momentum: momentum, dampening: dampening, nesterov: nesterov, weightDecay: weightDecay)
    case .rmsProp(let alpha, let epsilon, let momentum, let centered, let weightDecay):
      RMSProp(
        alpha: alpha, epsilon: epsilon, momentum: momentum, centered: centered,
        weightDecay: weightDecay)
    case .adam(let beta1, let beta2, let epsilon, let weightDecay):
      Adam(
        beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, decay: .inGradient)
    case .adamW(let beta1, let beta2, let epsilon, let weightDecay):
      Adam(
        beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, decay: .decoupled)
    }
  }

  func validate() throws(RecurError) { try rule.validate() }
}
