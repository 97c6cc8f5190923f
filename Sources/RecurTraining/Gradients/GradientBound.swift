// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A bound on the products of Jacobians that the weights alone imply. γ is the maximum slope of the
/// activation (1 for tanh, 1/4 for sigmoid) and σ₁ the largest singular value of W_hh in any layer
/// or direction.
public struct GradientBound: Sendable, Equatable, Codable {
  /// What the bound says.
  public enum Kind: String, Sendable, Codable {
    /// Simple network, γ σ₁ < 1: in each layer ‖∂h_t/∂h_{t−1}‖ = ‖diag(φ′) W_hh‖ ≤ γ σ₁, so
    /// gradients vanish for all inputs (Pascanu, Mikolov and Bengio 2013, section 2.1).
    case vanishes

    /// Simple network, γ σ₁ ≥ 1: necessary for gradients to explode, but not sufficient (same
    /// source).
    case mayExplode

    /// Residual network: ‖1 + diag(φ′) W_hh‖ is between 1 − γ σ₁ and 1 + γ σ₁, which does not keep
    /// gradients from exploding unless W_hh = 0.
    case aroundOne

    /// Networks with gates: W_hh alone does not bound the Jacobian, to which the slopes of the
    /// gates contribute.
    case unknown
  }

  /// What the bound says.
  public var kind: Kind

  /// γ.
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
