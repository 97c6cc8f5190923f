// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import TestSupport
import Testing

/// Compares learning rates with those of PyTorch's schedulers.
@Suite struct ScheduleTests {
  @Test(arguments: TrainingGolden.file.schedules)
  func pyTorch(_ golden: ScheduleCase) throws {
    var rate = try LearningRate(golden.learningRate, schedule: golden.schedule)
    for (step, want) in golden.rates.enumerated() {
      // PyTorch computes each learning rate from the previous one, with up to six operations.
      let bound = Tolerance(operations: 6 * (step + 1), magnitude: golden.learningRate)
        .bound(epsilon: .ulpOfOne)
      #expect(abs(rate.value(atStep: step) - want) <= bound, "step \(step)")
      if let losses = golden.losses { rate.observe(validationLoss: losses[step]) }
    }
  }

  @Test("A cosine stays constant after its last step")
  func afterTheEnd() throws {
    let rate = try LearningRate(0.5, schedule: .cosine(steps: 10, minimumFactor: 0.2))
    for step in [10, 11, 15, 20, 1000] { #expect(rate.value(atStep: step) == 0.5 * 0.2) }
  }

  @Test("A NaN loss is not an improvement")
  func notANumber() throws {
    var rate = try LearningRate(1, schedule: .onPlateau(factor: 0.5, patience: 1))
    rate.observe(validationLoss: 3)
    for _ in 0..<2 { rate.observe(validationLoss: .nan) }
    #expect(rate.value(atStep: 0) == 0.5)
  }

  @Test("A plateau also counts epochs after a warm-up")
  func warmUpThenPlateau() throws {
    var rate = try LearningRate(
      1, schedule: .warmUp(steps: 4, then: .onPlateau(factor: 0.5, patience: 0)))
    rate.observe(validationLoss: 1)
    #expect(rate.value(atStep: 1) == 0.5 && rate.value(atStep: 9) == 1)
    rate.observe(validationLoss: 1)
    #expect(rate.value(atStep: 1) == 0.25 && rate.value(atStep: 9) == 0.5)
  }
}

/// The learning rate of every step; for a plateau, that of every epoch and the loss after it.
struct ScheduleCase: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var schedule: Schedule
  var learningRate: Double
  var losses: [Double]?
  var rates: [Double]

  var testDescription: String { name }
}
