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
    var next = SplitMix64(seed: generator)
    generator = next.next()
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
  /// Throws an error for invalid options, or a position that no run with them and these results reaches.
  func validate(
    _ options: TrainingOptions, history: [TrainingEpoch]
  ) throws(RecurError) {
    try options.validate()
    try history.validate()
    // The results of the finished epochs determine everything except the place in this epoch.
    var expected = try TrainingPosition(options)
    for finished in history { _ = expected.finishEpoch(finished.validationLoss) }
    (expected.stepOfEpoch, expected.step, expected.examples) = (stepOfEpoch, step, examples)
    (expected.lossSum, expected.lossCount) = (lossSum, lossCount)
    guard self == expected, isPossible(options) else {
      throw .invalid(argument: "position", reason: "does not belong to a run with these options")
    }
  }

  /// Whether a run with these options can be at this place in an epoch.
  private func isPossible(_ options: TrainingOptions) -> Bool {
    let counts = [stepOfEpoch, step, examples, lossCount]
    let (done, overflow) = stepOfEpoch.multipliedReportingOverflow(by: options.batching.size)
    guard counts.allSatisfy({ 0 <= $0 && $0 < 1 << 53 }), epoch <= options.epochs,
      isPossibleStep(options)
    else { return false }
    return stepOfEpoch == 0
      ? lossSum == 0 && lossCount == 0 : !overflow && done < examples && epoch < options.epochs
  }
}

extension TrainingPosition {
  /// Whether the epochs have the steps. Every epoch has at least one, and the examples are those of the
  /// latest epoch that began.
  private func isPossibleStep(_ options: TrainingOptions) -> Bool {
    if epoch == 0 { return step == stepOfEpoch }
    if stepOfEpoch > 0 { return step >= epoch + stepOfEpoch }
    let last = options.batching.steps(examples: examples)
    return epoch == 1 ? step == last : step >= epoch - 1 + last
  }
}

extension Training {
  /// Throws an error unless each epoch of the run had the same number of examples.
  package func requirePosition(examples: Int) throws(RecurError) {
    let steps = options.batching.steps(examples: examples)
    let (finished, overflow) = position.epoch.multipliedReportingOverflow(by: steps)
    guard !overflow, position.step - position.stepOfEpoch == finished,
      position.step == 0 || position.examples == examples
    else {
      throw .invalid(
        argument: "position", reason: "does not belong to a run over \(examples) examples")
    }
  }
}

extension [TrainingEpoch] {
  /// Throws an error for results that no run has.
  func validate() throws(RecurError) {
    for (index, finished) in enumerated() {
      guard finished.epoch == index, finished.validationLoss?.isInfinite != true else {
        throw .invalid(argument: "history", reason: "does not belong to a run")
      }
    }
  }
}
