// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The position of a run. Together with the parameters, the optimizer's state and the carried
/// state, it determines the rest of the run.
struct TrainingPosition: Sendable, Equatable, Codable {
  var epoch = 0
  var stepOfEpoch = 0
  var step = 0

  /// The number of examples in this epoch.
  var examples = 0

  /// The state of the generator for the orders of examples, before it drew this epoch's order.
  var generator: UInt64
  var learningRate: LearningRate

  /// The sum of the losses of this epoch's batches.
  var lossSum = 0.0
  var lossCount = 0

  var leastValidationLoss = Double.infinity
  var epochsWithoutLeast = 0

  init(_ options: TrainingOptions) throws(RecurError) {
    generator = options.seed
    learningRate = try LearningRate(options.learningRate, schedule: options.schedule)
  }

  func isFinished(_ options: TrainingOptions) -> Bool {
    if epoch >= options.epochs { return true }
    guard let patience = options.patience else { return false }
    return epochsWithoutLeast >= patience
  }

  mutating func add(_ loss: LossValue) {
    guard loss.count > 0 else { return }
    lossSum += loss.mean * Double(loss.count)
    lossCount += loss.count
  }

  /// Moves to the next epoch; returns whether the validation loss is a new minimum.
  mutating func finishEpoch(_ validationLoss: Double?) -> Bool {
    epoch += 1
    stepOfEpoch = 0
    (lossSum, lossCount) = (0, 0)
    guard let validationLoss else { return false }
    learningRate.observe(validationLoss: validationLoss)
    guard validationLoss < leastValidationLoss else {
      epochsWithoutLeast += 1
      return false
    }
    leastValidationLoss = validationLoss
    epochsWithoutLeast = 0
    return true
  }
}

extension TrainingPosition {
  /// Throws an error for a position that no run with these options reaches.
  func validate(
    _ options: TrainingOptions, history: [TrainingEpoch]
  ) throws(RecurError) {
    let counts = [epoch, stepOfEpoch, step, examples, lossCount, epochsWithoutLeast]
    let (done, overflow) = stepOfEpoch.multipliedReportingOverflow(by: options.batching.size)
    guard counts.allSatisfy({ 0 <= $0 && $0 < 1 << 53 }), history.count == epoch,
      !overflow, stepOfEpoch == 0 || done < examples,
      learningRate.initial == options.learningRate, learningRate.schedule == options.schedule
    else {
      throw .invalid(argument: "position", reason: "does not belong to a run with these options")
    }
  }
}
