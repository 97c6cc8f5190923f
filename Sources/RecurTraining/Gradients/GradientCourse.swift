// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// What becomes of a gradient over the steps back from the end.
public struct GradientCourse: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, Codable {
    /// ‖∂s_T/∂s_{T−k}‖ is below ``GradientCourse/little`` from some k on, for every sequence.
    case vanishes

    /// It is above ``GradientCourse/much``, or not finite, at some k, for some sequence.
    case explodes

    case neither
  }

  /// Explodes, where both are true.
  public var kind: Kind

  /// The least such k.
  public var stepsBack: Int?

  /// By what a step back multiplies the norm, on average over all: ‖∂s_T/∂s_0‖^(1/T). Nil where that is
  /// not a number, or without steps.
  public var factorPerStep: Double?

  /// 10⁻³: a gradient that comes from so many steps away is lost beside those from nearby.
  public static let little = 1e-3

  /// 10³.
  public static let much = 1e3

  /// - `products`: the norm after k = 1, 2, … steps back.
  init(_ products: [Double]) {
    let small = products.lastIndex { !($0 < Self.little) }.map { $0 + 1 } ?? 0
    let large = products.firstIndex { !($0 <= Self.much) }
    if let large {
      (kind, stepsBack) = (.explodes, large + 1)
    } else if small < products.count {
      (kind, stepsBack) = (.vanishes, small + 1)
    } else {
      (kind, stepsBack) = (.neither, nil)
    }
    let factor = products.last.map { pow($0, 1 / Double(products.count)) }
    factorPerStep = factor.flatMap { $0.isFinite ? $0 : nil }
  }
}

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
    case atMostOneMore

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
    largestSlope = network.configuration.activation.largestSlope
    kind =
      switch network {
      case is RNN<Network.Scalar>:
        largestSlope * largestSingularValue < 1 ? .vanishes : .mayExplode
      case is ResidualRNN<Network.Scalar>: .atMostOneMore
      default: .unknown
      }
  }
}
