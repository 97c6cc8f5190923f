// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// How the learning rate changes from step to step: a factor of the first rate.
public indirect enum Schedule: Sendable, Equatable, Codable {
  case constant

  /// Multiplied by `factor` after every `every` steps.
  case step(every: Int, factor: Double)

  /// Half a cosine, from 1 at step 0 down to `least` at step `steps` and after (Loshchilov and Hutter
  /// 2017).
  case cosine(steps: Int, least: Double = 0)

  /// From 1/`steps` up to 1 in so many steps, and then another schedule, which begins there.
  case warmUp(steps: Int, then: Schedule = .constant)

  /// Multiplied by `factor` when the validation loss has not fallen below its least by a share of
  /// `threshold` for more than `patience` epochs, down to `least`.
  case onPlateau(
    factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4, least: Double = 0)
}

extension Schedule {
  func validate() throws(RecurError) {
    switch self {
    case .constant: return
    case .step(let every, let factor):
      try require("every", every, every >= 1, "at least 1")
      try require("factor", factor, factor.isPositive, "above 0")
    case .cosine(let steps, let least):
      try require("steps", steps, steps >= 1, "at least 1")
      try require("least", least, 0...1 ~= least, "0 to 1")
    case .warmUp(let steps, let then):
      try require("steps", steps, steps >= 1, "at least 1")
      try then.validate()
    case .onPlateau(let factor, let patience, let threshold, let least):
      try require("factor", factor, factor > 0 && factor < 1, "above 0 and below 1")
      try require("patience", patience, patience >= 0, "at least 0")
      try require("threshold", threshold, 0..<1 ~= threshold, "0 to below 1")
      try require("least", least, 0...1 ~= least, "0 to 1")
    }
  }

  /// What waits for a plateau, if anything does.
  var plateau: Schedule? {
    switch self {
    case .onPlateau: self
    case .warmUp(_, let then): then.plateau
    default: nil
    }
  }

  /// Whether it depends on validation losses.
  var needsValidation: Bool { plateau != nil }
}
