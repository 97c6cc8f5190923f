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
    "In a network of two directions the state of a step does not follow from one before, and products "
    + "of Jacobians are not measured; the norms of ∂L/∂h_t are there."
}

extension GradientFlow {
  /// One or two sentences.
  public var summary: String {
    let what =
      switch (kind, stepsBack) {
      case (.explodes, let steps?):
        "Gradients explode: \(back(steps)) they can grow more than \(plain(Self.explodingThreshold)) times."
      case (.vanishes, let steps?):
        "Gradients vanish: from \(back(steps)) on less than "
          + "\(plain(Self.vanishingThreshold)) of them is left."
      default: "Gradients neither vanish nor explode over these steps."
      }
    guard let factorPerStep else { return what }
    return what + " On average a step back multiplies their largest part by "
      + "\(plain(factorPerStep))."
  }

  private func back(_ steps: Int) -> String {
    "\(steps) \(steps == 1 ? "step" : "steps") back"
  }
}

extension GradientBound {
  /// One sentence.
  public var summary: String {
    let product = plain(largestSlope * largestSingularValue)
    let sizes = "γ σ₁(W_hh) = \(plain(largestSlope)) · \(plain(largestSingularValue)) = \(product)"
    return switch kind {
    case .vanishes:
      "\(sizes) is below 1, so over enough steps they vanish whatever the inputs are (Pascanu, Mikolov "
        + "and Bengio 2013)."
    case .mayExplode:
      "\(sizes) is not below 1, which is necessary for them to explode and does not suffice "
        + "(Pascanu, Mikolov and Bengio 2013)."
    case .aroundOne:
      product == "0"
        ? "\(sizes): a step's Jacobian is exactly 1, and gradients come back as they were given."
        : "\(sizes): the norm of 1 + diag(φ′) W_hh is at most 1 more than that, which does not keep them "
          + "from exploding."
    case .unknown:
      "Of a network with gates there is no such bound by W_hh alone; this is measured, and holds for "
        + "this batch."
    }
  }
}

/// Four digits.
private func plain(_ value: Double) -> String { String(format: "%.4g", value) }
