// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension GradientDiagnosis {
  /// A few sentences on whether gradients vanish or explode, from which step, and what the weights
  /// imply.
  public var summary: String {
    let notFinite =
      gradientNorm.isFinite
      ? nil : "The gradient of the parameters is not finite: an update would destroy the model."
    return [notFinite, flow?.summary ?? Self.twoDirections, bound.summary].compactMap(\.self)
      .joined(separator: " ")
  }

  private static let twoDirections =
    "Products of Jacobians are not measured for bidirectional networks, whose state does not follow "
    + "from an earlier state; the norms of ∂L/∂h_t are measured."
}

extension GradientFlow {
  /// A summary in one or two sentences.
  public var summary: String {
    let what =
      switch (kind, stepsBack) {
      case (.explodes, let steps?):
        "Gradients explode: \(back(steps)), they can grow by a factor above "
          + "\(plain(Self.explodingThreshold))."
      case (.vanishes, let steps?):
        "Gradients vanish: from \(back(steps)) on, less than "
          + "\(plain(Self.vanishingThreshold)) of them remains."
      default: "Gradients neither vanish nor explode over these steps."
      }
    guard let factorPerStep else { return what }
    return what + " On average, each step back multiplies their largest component by "
      + "\(plain(factorPerStep))."
  }

  private func back(_ steps: Int) -> String {
    "\(steps) \(steps == 1 ? "step" : "steps") back"
  }
}

extension GradientBound {
  /// A summary in one sentence.
  public var summary: String {
    let product = plain(largestSlope * largestSingularValue)
    let sizes = "γ σ₁(W_hh) = \(plain(largestSlope)) · \(plain(largestSingularValue)) = \(product)"
    return switch kind {
    case .vanishes:
      "\(sizes) is below 1, so gradients vanish over enough steps for any input (Pascanu, Mikolov "
        + "and Bengio 2013)."
    case .mayExplode:
      "\(sizes) is not below 1, which is necessary but not sufficient for gradients to explode "
        + "(Pascanu, Mikolov and Bengio 2013)."
    case .aroundOne:
      product == "0"
        ? "\(sizes): the Jacobian of a step is exactly 1, so gradients pass back unchanged."
        : "\(sizes): the norm of 1 + diag(φ′) W_hh is at most 1 plus this product, which does not keep "
          + "gradients from exploding."
    case .unknown:
      "For a network with gates, W_hh alone gives no such bound; the measurements apply to this batch "
        + "only."
    }
  }
}

/// Returns a value with four significant digits.
private func plain(_ value: Double) -> String { String(format: "%.4g", value) }
