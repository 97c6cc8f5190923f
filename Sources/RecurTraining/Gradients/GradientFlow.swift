// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// How a gradient changes over the steps back from the end.
public struct GradientFlow: Sendable, Equatable, Codable {
  /// Whether gradients vanish or explode.
  public enum Kind: String, Sendable, Codable {
    /// ‖∂s_T/∂s_{T−k}‖ is below ``GradientFlow/vanishingThreshold`` from some k on, for every
    /// sequence.
    case vanishes

    /// The norm is above ``GradientFlow/explodingThreshold``, or not finite, at some k, for some
    /// sequence.
    case explodes

    case neither
  }

  /// Whether gradients vanish or explode; explodes if both are true.
  public var kind: Kind

  /// The smallest such k.
  public var stepsBack: Int?

  /// The mean factor by which a step back multiplies the norm: ‖∂s_T/∂s_0‖^(1/T). Nil if it is not
  /// finite, or without steps.
  public var factorPerStep: Double?

  /// 10⁻³: compared with gradients from nearby steps, such a gradient has no effect.
  public static let vanishingThreshold = 1e-3

  /// 10³.
  public static let explodingThreshold = 1e3

  /// Whether products of Jacobians vanish or explode.
  ///
  /// - Parameter products: the norms after k = 1, 2, … steps back.
  init(_ products: [Double]) {
    let small = products.lastIndex { !($0 < Self.vanishingThreshold) }.map { $0 + 1 } ?? 0
    let large = products.firstIndex { !($0 <= Self.explodingThreshold) }
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
