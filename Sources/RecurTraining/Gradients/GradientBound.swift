// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A bound on products of Jacobians that follows from the weights alone. γ is the maximum slope of
/// the activation (1 for tanh, 1/4 for the sigmoid). σ₁ is the largest singular value of Wₕₕ in any
/// layer or direction.
public struct GradientBound: Sendable, Equatable, Codable {
  /// The consequence of the bound.
  public enum Kind: String, Sendable, Codable {
    /// Simple network, γ σ₁ < 1: in each layer ‖∂hₜ/∂hₜ₋₁‖ = ‖diag(φ′) Wₕₕ‖ ≤ γ σ₁, so gradients
    /// vanish for all inputs (Pascanu, Mikolov and Bengio 2013, section 2.1).
    case vanishes

    /// Simple network, γ σ₁ ≥ 1: a necessary but not sufficient condition for exploding gradients
    /// (same source).
    case mayExplode

    /// Residual network: ‖1 + diag(φ′) Wₕₕ‖ is between 1 − γ σ₁ and 1 + γ σ₁, which does not keep
    /// gradients from exploding unless Wₕₕ = 0.
    case aroundOne

    /// Networks with gates: Wₕₕ alone does not bound the Jacobian, which also depends on the slopes
    /// of the gates.
    case unknown
  }

  /// The consequence of the bound.
  public var kind: Kind

  /// γ: the maximum slope of the activation.
  public var largestSlope: Double

  /// σ₁, the maximum over all layers, directions and gates.
  public var largestSingularValue: Double

  init<Network: RecurrentNetwork>(_ network: Network, largestSingularValue: Double) {
    self.largestSingularValue = largestSingularValue
    largestSlope = network.configuration.activation.maxSlope
    kind =
      switch network {
      case is RNN<Network.Scalar>:
        largestSlope * largestSingularValue < 1 ? .vanishes : .mayExplode
      case is ResidualRNN<Network.Scalar>: .aroundOne
      default: .unknown
      }
  }
}
