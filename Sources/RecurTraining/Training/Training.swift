// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// A training run: a model on its way, and all that decides how it goes on.
///
/// ```swift
/// var training = try Training(model, options: .init(loss: .meanSquaredError, epochs: 20))
/// try training.fit(windows, validation: later) { step in print(step.loss) }
/// let forecast = try training.best(.features(input))
/// ```
///
/// The same seed gives the same bits, for any number of threads.
public struct Training<Scalar: RecurScalar>: Sendable {
  public private(set) var options: TrainingOptions

  /// As it is after the last step.
  public private(set) var model: SequenceModel<Scalar>

  /// The epochs so far.
  public internal(set) var history: [TrainingEpoch] = []

  /// Where the run is.
  var position: TrainingPosition
  var optimizer: OptimizerState<Scalar>

  /// The parameters after the epoch whose validation loss was least.
  var bestParameters: ParameterVector<Scalar>?

  /// The state that the next batch goes on from.
  var carried: (any NetworkState<Scalar>)?

  private var gradients: ParameterVector<Scalar>
  private var order: [Int] = []

  public init(_ model: SequenceModel<Scalar>, options: TrainingOptions) throws(RecurError) {
    try options.validate()
    try options.batching.validate(for: model.network.configuration)
    self.model = model
    self.options = options
    self.position = try TrainingPosition(options)
    self.optimizer = try OptimizerState(options.optimizer, for: model.parameters)
    self.gradients = try model.parameters.zeros()
  }

  /// The model of the epoch with the least validation loss; without validation, as it is.
  public var best: SequenceModel<Scalar> {
    var best = model
    if let bestParameters { best.parameters = bestParameters }
    return best
  }

  /// Whether all epochs are over, or patience is.
  public var isFinished: Bool { position.isFinished(options) }

  /// Makes it a run of so many epochs, as if it had been begun with them. Its schedule stays as it is, and
  /// a run that patience has ended stays ended.
  ///
  /// - Throws: `RecurError` for fewer epochs than were begun.
  public mutating func setEpochs(_ epochs: Int) throws(RecurError) {
    let begun = max(position.epoch + (position.stepOfEpoch > 0 ? 1 : 0), 1)
    try require("epochs", epochs, epochs >= begun, "at least \(begun), as many as were begun")
    options.epochs = epochs
  }

  /// Trains on the next batch; nil when the run is finished.
  ///
  /// - `validation`: what the model is tried on after each epoch, for early stopping, the best model
  ///   and plateaus.
  /// - Throws: ``TrainingError`` if the loss is not finite; `RecurError` for data that do not fit the
  ///   model or are not those the epoch began with, and where patience or a plateau has no validation to
  ///   go by. The run is then as before the step.
  public mutating func step(
    _ data: any TrainingData<Scalar>, validation: (any TrainingData<Scalar>)? = nil,
    threads: Threads? = nil
  ) throws -> TrainingStep? {
    guard !isFinished else { return nil }
    try prepare(data, validation)
    let batch = try data.batch(examples(order))
    let isLast = (position.stepOfEpoch + 1) * options.batching.size >= data.count
    let before = isLast ? self : nil
    var report = try update(batch, threads)
    position.step += 1
    position.stepOfEpoch += 1
    do {
      if isLast { report.finishedEpoch = try finishEpoch(validation, threads) }
    } catch {
      if let before { self = before }
      throw error
    }
    return report
  }

  /// Sees to it that there is an order of this epoch's examples, and a next one.
  private mutating func prepare(
    _ data: any TrainingData<Scalar>, _ validation: (any TrainingData<Scalar>)?
  ) throws(RecurError) {
    try data.requireSome("data")
    try validation?.requireSome("validation")
    guard validation != nil || options.patience == nil && !options.schedule.needsValidation else {
      throw .invalid(
        argument: "validation", reason: "is missing, and patience or a plateau goes by it")
    }
    if position.stepOfEpoch == 0 { position.examples = data.count }
    guard data.count == position.examples else {
      throw .invalid(
        argument: "data",
        reason:
          "has \(data.count) examples, expected \(position.examples) as when the epoch began")
    }
    let used = position.stepOfEpoch * options.batching.size
    guard used < data.count else {
      throw .invalid(
        argument: "data",
        reason: "has \(data.count) examples, expected more than the epoch's first \(used)")
    }
    if position.stepOfEpoch == 0 || order.isEmpty { order = epochOrder(data.count) }
  }

  /// It is drawn from the epoch's generator, and so is had again in the middle of one.
  private func epochOrder(_ count: Int) -> [Int] {
    guard case .shuffled = options.batching else { return Array(0..<count) }
    var generator = SplitMix64(seed: position.generator)
    return generator.permutation(count)
  }

  private func examples(_ order: [Int]) -> ArraySlice<Int> {
    let first = position.stepOfEpoch * options.batching.size
    return order[first..<min(first + options.batching.size, order.count)]
  }

  private mutating func update(
    _ batch: TrainingBatch<Scalar>, _ threads: Threads?
  ) throws -> TrainingStep {
    try model.requireBatchSize(of: carried, in: batch)
    gradients.clear()
    let (loss, finalState) = try model.loss(
      options.loss, of: batch, initialState: carried, dropoutSeed: dropoutSeed, threads: threads,
      addingGradientsTo: &gradients)
    let learningRate = position.learningRate.value(atStep: position.step)
    let norm = Double(try gradients.clip(options.clipping))
    let report = TrainingStep(
      epoch: position.epoch, stepOfEpoch: position.stepOfEpoch, step: position.step,
      loss: loss.mean, gradientNorm: norm, parameterNorm: Double(model.parameters.norm),
      learningRate: learningRate)
    guard loss.mean.isFinite || loss.count == 0, norm.isFinite else {
      throw TrainingError.nonFinite(
        report,
        try model.firstNotFinite(batch, initialState: carried, dropoutSeed: dropoutSeed))
    }
    try optimizer.update(&model.parameters, with: gradients, learningRate: learningRate)
    if options.batching == .stateful { carried = finalState }
    position.add(loss)
    return report
  }

  private var dropoutSeed: DropoutSeed? {
    guard model.network.configuration.drawsMasks else { return nil }
    var generator = SplitMix64(seed: options.seed ^ 0x5eed_0f_d20b)
    generator = SplitMix64(seed: generator.next() &+ UInt64(position.step))
    return DropoutSeed(generator.next())
  }

  private mutating func finishEpoch(
    _ validation: (any TrainingData<Scalar>)?, _ threads: Threads?
  ) throws -> TrainingEpoch {
    let validationLoss = try validation.map { data in
      try model.loss(options.loss, over: data, batching: options.batching, threads: threads).mean
    }
    let finished = TrainingEpoch(
      epoch: position.epoch, loss: position.lossSum / Double(position.lossCount),
      validationLoss: validationLoss)
    history.append(finished)
    carried = nil
    var generator = SplitMix64(seed: position.generator)
    position.generator = generator.next()
    if position.finishEpoch(validationLoss) { bestParameters = model.parameters }
    return finished
  }
}
