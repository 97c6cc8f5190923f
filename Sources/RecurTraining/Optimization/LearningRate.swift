// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// A learning rate, and where it is on its schedule.
public struct LearningRate: Sendable, Equatable, Codable {
  public let first: Double
  public let schedule: Schedule

  /// What plateaus have made of it, and since when there is none.
  private var plateauFactor = 1.0
  private var best: Double?
  private var epochsWithout = 0

  /// - Throws: `RecurError.invalid(argument:reason:)` for a rate that is not above 0, or an option of
  ///   the schedule out of range.
  public init(_ first: Double, _ schedule: Schedule = .constant) throws(RecurError) {
    try require("rate", first, first.isPositive, "above 0")
    try schedule.validate()
    self.first = first
    self.schedule = schedule
  }

  /// At a step; 0 is the first.
  public func rate(step: Int) -> Double {
    first * plateauFactor * factor(schedule, step)
  }

  private func factor(_ schedule: Schedule, _ step: Int) -> Double {
    switch schedule {
    case .constant, .onPlateau: 1
    case .step(let every, let factor): pow(factor, Double(step / every))
    case .cosine(let steps, let least):
      step >= steps
        ? least : least + (1 - least) * 0.5 * (1 + cos(.pi * Double(step) / Double(steps)))
    case .warmUp(let steps, let then):
      step < steps ? Double(step + 1) / Double(steps) : factor(then, step - steps)
    }
  }

  /// Takes note of an epoch's validation loss.
  public mutating func observe(validationLoss: Double) {
    guard case .onPlateau(let factor, let patience, let threshold, let least)? = schedule.plateau
    else { return }
    if validationLoss < (best ?? .infinity) * (1 - threshold) {
      best = validationLoss
      epochsWithout = 0
      return
    }
    epochsWithout += 1
    guard epochsWithout > patience else { return }
    plateauFactor = max(plateauFactor * factor, least)
    epochsWithout = 0
  }
}
