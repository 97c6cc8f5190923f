// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A learning rate that follows a schedule.
public struct LearningRate: Sendable, Equatable, Codable {
  /// The initial learning rate, which the factors of the schedule multiply.
  public let initial: Double

  /// How the learning rate changes from step to step.
  public let schedule: Schedule

  /// The product of the factors of all plateaus so far.
  private var plateauFactor = 1.0

  private var minimumLoss: Double?
  private var epochsWithoutMinimum = 0

  /// Creates a learning rate.
  ///
  /// - Parameters:
  ///   - initial: the initial learning rate, which the factors of the schedule multiply, above 0.
  ///   - schedule: how the learning rate changes from step to step.
  /// - Throws: `RecurError.invalid(argument:reason:)` if the learning rate is not above 0, or if an
  ///   option of the schedule is out of range.
  public init(_ initial: Double, schedule: Schedule = .constant) throws(RecurError) {
    try require("learningRate", initial, initial.isPositive, "above 0")
    try schedule.validate()
    self.initial = initial
    self.schedule = schedule
  }

  /// Returns the learning rate at a step.
  ///
  /// - Parameter step: the index of the step, from 0.
  /// - Returns: the learning rate η.
  public func value(atStep step: Int) -> Double {
    initial * plateauFactor * schedule.factor(atStep: step)
  }

  /// Records the validation loss after an epoch, which plateaus depend on.
  ///
  /// - Parameter validationLoss: the validation loss.
  public mutating func observe(validationLoss: Double) {
    guard
      case .onPlateau(let factor, let patience, let threshold, let minimumFactor)? =
        schedule.plateau
    else { return }
    if validationLoss < (minimumLoss ?? .infinity) * (1 - threshold) {
      minimumLoss = validationLoss
      epochsWithoutMinimum = 0
      return
    }
    epochsWithoutMinimum += 1
    guard epochsWithoutMinimum > patience else { return }
    plateauFactor = max(plateauFactor * factor, minimumFactor)
    epochsWithoutMinimum = 0
  }
}
