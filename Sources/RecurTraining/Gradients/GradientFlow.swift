// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// How a gradient changes in the backward pass, over the steps back from the end.
public struct GradientFlow: Sendable, Equatable, Codable {
  /// Whether gradients vanish or explode.
  public enum Kind: String, Sendable, Codable {
    /// From some number k of steps back on, the norm of the product of Jacobians is below
    /// ``GradientFlow/vanishingThreshold`` for every sequence.
    case vanishes

    /// At some number k of steps back, the norm is above ``GradientFlow/explodingThreshold``, or
    /// not finite, for some sequence.
    case explodes

    /// Gradients neither vanish nor explode.
    case neither
  }

  /// Whether gradients vanish or explode; ``Kind/explodes`` if both are true.
  public var kind: Kind

  /// The smallest such k; nil if gradients neither vanish nor explode.
  public var stepsBack: Int?

  /// The mean factor by which a step back multiplies the norm: the T-th root of the norm over all T
  /// steps. Nil if it is not finite, or if there are no steps.
  public var factorPerStep: Double?

  /// 10⁻³. Compared with gradients from nearby steps, a gradient scaled by less than this has no
  /// effect.
  public static let vanishingThreshold = 1e-3

  /// 10³.
  public static let explodingThreshold = 1e3

  /// Classifies products of Jacobians.
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
