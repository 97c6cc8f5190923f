// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// A learning-rate schedule: the factor that multiplies the initial learning rate at each step.
///
/// Steps are optimizer steps. Only ``onPlateau(factor:patience:threshold:minimumFactor:)`` depends
/// on epochs, because the validation loss is computed after an epoch.
public indirect enum Schedule: Sendable, Equatable, Codable {
  /// A constant learning rate.
  case constant

  /// Step decay: multiplied by `factor` after every `every` steps.
  case step(every: Int, factor: Double)

  /// Cosine decay from 1 at step 0 to `minimumFactor` at step `steps` and later (Loshchilov and
  /// Hutter 2017).
  case cosine(steps: Int, minimumFactor: Double = 0)

  /// Linear warm-up from 1/`steps` to 1 in `steps` steps, followed by another schedule, which then
  /// starts at its step 0.
  case warmUp(steps: Int, then: Schedule = .constant)

  /// Decay on a plateau: multiplied by `factor`, down to `minimumFactor`, when the validation loss
  /// has not fallen below its minimum by a share of `threshold` for more than `patience` epochs.
  case onPlateau(
    factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4, minimumFactor: Double = 0)
}

extension Schedule {
  func validate() throws(RecurError) {
    switch self {
    case .constant: return
    case .step(let every, let factor):
      try require("every", every, every >= 1, "at least 1")
      try require("factor", factor, factor.isPositive, "above 0")
    case .cosine(let steps, let minimumFactor):
      try require("steps", steps, steps >= 1, "at least 1")
      try require("minimumFactor", minimumFactor, 0...1 ~= minimumFactor, "0 to 1")
    case .warmUp(let steps, let then):
      try require("steps", steps, steps >= 1, "at least 1")
      try then.validate()
    case .onPlateau(let factor, let patience, let threshold, let minimumFactor):
      try require("factor", factor, factor > 0 && factor < 1, "above 0 and below 1")
      try require("patience", patience, patience >= 0, "at least 0")
      try require("threshold", threshold, 0..<1 ~= threshold, "0 to below 1")
      try require("minimumFactor", minimumFactor, 0...1 ~= minimumFactor, "0 to 1")
    }
  }

  /// Returns the factor at a step, from 0, without the factors of plateaus.
  func factor(atStep step: Int) -> Double {
    switch self {
    case .constant, .onPlateau: 1
    case .step(let every, let factor): pow(factor, Double(step / every))
    case .cosine(let steps, let minimum):
      step >= steps
        ? minimum : minimum + (1 - minimum) * 0.5 * (1 + cos(.pi * Double(step) / Double(steps)))
    case .warmUp(let steps, let then):
      step < steps ? Double(step + 1) / Double(steps) : then.factor(atStep: step - steps)
    }
  }

  /// The part of the schedule that depends on validation losses, if there is one.
  var plateau: Schedule? {
    switch self {
    case .onPlateau: self
    case .warmUp(_, let then): then.plateau
    case .constant, .step, .cosine: nil
    }
  }

  var needsValidation: Bool { plateau != nil }

  /// Whether the learning rate of a step depends on the number of steps of the run. If so, a run
  /// with more epochs differs from its first step on.
  package var dependsOnRunLength: Bool {
    switch self {
    case .constant, .step, .onPlateau: false
    case .cosine: true
    case .warmUp(_, let then): then.dependsOnRunLength
    }
  }
}
