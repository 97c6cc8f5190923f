// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// What is known of products of Jacobians from the weights alone. With γ the largest slope of the
/// activation (1 of tanh, 1/4 of sigmoid) and σ₁ the largest singular value of W_hh, in any layer or
/// direction:
public struct GradientBound: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, Codable {
    /// Of a simple network, γ σ₁ < 1: in each layer ‖∂h_t/∂h_{t−1}‖ = ‖diag(φ′) W_hh‖ ≤ γ σ₁, and
    /// gradients vanish, whatever the inputs (Pascanu, Mikolov and Bengio 2013, section 2.1).
    case vanishes

    /// Of a simple network, γ σ₁ ≥ 1, which is necessary for gradients to explode and does not suffice
    /// (the same).
    case mayExplode

    /// Of a residual network, ‖1 + diag(φ′) W_hh‖ is between 1 − γ σ₁ and 1 + γ σ₁, which does not keep
    /// gradients from exploding, unless W_hh = 0.
    case aroundOne

    /// Of networks with gates, where the slopes of the gates add to the Jacobian what W_hh alone does not
    /// bound.
    case unknown
  }

  public var kind: Kind

  /// γ.
  public var largestSlope: Double

  /// σ₁, of all layers and directions (and gates).
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
