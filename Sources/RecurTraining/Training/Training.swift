// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// A training run: the model, the optimizer's state and the position in the data.
///
/// ```swift
/// var training = try Training(
///   model, options: .init(loss: .meanSquaredError, epochs: 20))
/// try training.fit(windows, validation: later) { print($0.loss) }
/// let forecast = try training.best(.features(input))
/// ```
///
/// Runs with the same seed are bit-identical for any number of threads and, if batches have shards
/// (``TrainingOptions/shards``), of processes.
public struct Training<TrainedModel: TrainableModel>: Sendable {
  public typealias Scalar = TrainedModel.Scalar

  /// The options of the run.
  public private(set) var options: TrainingOptions

  /// The model after the last step. The workspaces of the run are not among those of this model.
  public var model: TrainedModel { original.with(current.parameters) }

  /// The model in training. Its workspaces end with the run, because only the run has copies of it.
  private(set) var current: TrainedModel

  /// The model that the run was created from, without parameters.
  private let original: TrainedModel

  /// The results of the finished epochs.
  public internal(set) var history: [TrainingEpoch] = []

  /// The position of the run.
  var position: TrainingPosition
  var optimizer: OptimizerState<Scalar>

  /// The parameters after the epoch with the minimum validation loss.
  var bestParameters: ParameterVector<Scalar>?

  /// The initial state of the next batch.
  var carried: TrainedModel.State?

  /// Whether the state has only the sequences of this rank.
  var isCarriedInPart = false

  /// The gradients of a step, and sums of its shards that wait for the next ones.
  var gradients: [ParameterVector<Scalar>]

  /// The norm of the model's parameters.
  private var parameterNorm: Double
  private var order: [Int] = []

  /// Creates a run that starts with a model's parameters.
  ///
  /// - Parameters:
  ///   - model: the model to train.
  ///   - options: the loss, the optimizer and the other options.
  /// - Throws: `RecurError` if an option is out of range, or if memory allocation fails.
  public init(_ model: TrainedModel, options: TrainingOptions) throws(RecurError) {
    try options.validate()
    try options.batching.validate(for: model)
    self.original = model.with(try .none())
    self.current = try model.withOwnWorkspaces()
    self.options = options
    self.position = try TrainingPosition(options)
    self.optimizer = try OptimizerState(options.optimizer, for: model.parameters)
    self.gradients = [try model.parameters.zeros()]
    self.parameterNorm = Double(model.parameters.norm)
  }

  /// The model after the epoch with the minimum validation loss; without validation, the current
  /// model.
  public var best: TrainedModel {
    original.with(bestParameters ?? current.parameters)
  }

  /// Whether all epochs are finished, or the run's patience is exhausted.
  public var isFinished: Bool { position.isFinished(options) }

  /// Changes the number of epochs, as if the run had started with it. The schedule does not change,
  /// and a run whose patience is exhausted does not continue.
  ///
  /// - Parameter epochs: the number of epochs; at least the number that have started.
  /// - Throws: `RecurError.invalid(argument:reason:)` if more epochs have started.
  public mutating func setEpochs(_ epochs: Int) throws(RecurError) {
    let begun = max(position.epoch + (position.stepOfEpoch > 0 ? 1 : 0), 1)
    try require(
      "epochs", epochs, epochs >= begun, "at least \(begun), the number of epochs started")
    options.epochs = epochs
  }

  /// Trains on the next batch.
  ///
  /// - Parameters:
  ///   - data: the examples.
  ///   - validation: the examples for the validation loss after each epoch. Early stopping, the
  ///     best model and plateaus depend on it.
  ///   - metrics: what to compute on the validation data after each epoch, in addition to the loss.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  ///   - ranks: the processes that train the model together. All of them call this function on the same
  ///     data, with ``TrainingOptions/shards``, and have bit-identical results.
  /// - Returns: the results of the step; nil if the run is finished.
  /// - Throws: ``TrainingError`` if the loss, a gradient, a parameter after the update or the
  ///   validation loss is not finite; `RecurError` if the data do not fit the model or changed
  ///   within an epoch, or if patience, a plateau or a metric lacks validation data; the errors of
  ///   the metrics; ``RankFailure`` if another rank failed. After an error, the run is unchanged.
  public mutating func step(
    _ data: any TrainingData<Scalar>, validation: (any TrainingData<Scalar>)? = nil,
    metrics: [Metric<Scalar>] = [], threads: Threads? = nil, ranks: any Ranks = SingleRank()
  ) throws -> TrainingStep? {
    guard !isFinished else { return nil }
    let (parts, own) = try ranks.together {
      try prepare(data, validation, metrics)
      let parts = try self.parts(of: data.batch(examples(order)), ranks)
      return try (parts, differentiate(parts[...], threads))
    }
    let loss = try own.total(over: ranks)
    try gradients[0].sum(over: ranks)
    let isLast = (position.stepOfEpoch + 1) * options.batching.size >= data.count
    let (before, updates) = ((position, carried, isCarriedInPart, parameterNorm), optimizer.steps)
    do {
      let (report, epoch) = try ranks.together {
        let report = try update(loss, own.finalStates, parts, ranks)
        return try (report, isLast ? measure(report, validation, metrics, threads) : nil)
      }
      return epoch.map { finish($0, after: report) } ?? report
    } catch {
      if optimizer.steps > updates { optimizer.undo(&current.parameters) }
      (position, carried, isCarriedInPart, parameterNorm) = before
      throw error
    }
  }

  /// Checks the data, and draws the order of the examples if necessary.
  private mutating func prepare(
    _ data: any TrainingData<Scalar>, _ validation: (any TrainingData<Scalar>)?,
    _ metrics: [Metric<Scalar>]
  ) throws(RecurError) {
    try data.requireSome("data")
    try validation?.requireSome("validation")
    let isUnneeded =
      options.patience == nil && !options.schedule.needsValidation && metrics.isEmpty
    guard validation != nil || isUnneeded else {
      throw .invalid(
        argument: "validation",
        reason: "is missing, but patience, a plateau or a metric requires it")
    }
    if position.stepOfEpoch == 0 { position.examples = data.count }
    guard data.count == position.examples else {
      throw .invalid(
        argument: "data",
        reason:
          "has \(data.count) examples, expected \(position.examples) as at the start of the epoch")
    }
    let used = position.stepOfEpoch * options.batching.size
    guard used < data.count else {
      throw .invalid(
        argument: "data",
        reason:
          "has \(data.count) examples, expected more than the \(used) already used in this epoch")
    }
    if position.stepOfEpoch == 0 || order.isEmpty { order = epochOrder(data.count) }
  }

  /// Returns the order of an epoch's examples. It depends on the epoch's generator only, so a
  /// resumed run has the same order.
  private func epochOrder(_ count: Int) -> [Int] {
    guard case .shuffled = options.batching else { return Array(0..<count) }
    var generator = SplitMix64(seed: position.generator)
    return generator.permutation(count)
  }

  private func examples(_ order: [Int]) -> ArraySlice<Int> {
    let first = position.stepOfEpoch * options.batching.size
    return order[first..<min(first + options.batching.size, order.count)]
  }

  /// Updates the parameters with the gradients of a batch.
  private mutating func update(
    _ loss: LossValue, _ finalStates: [TrainedModel.State], _ parts: [BatchPart<TrainedModel>?],
    _ ranks: any Ranks
  ) throws -> TrainingStep {
    let learningRate = position.learningRate.value(atStep: position.step)
    let gradientNorm = Double(try gradients[0].clip(options.clipping))
    let report = TrainingStep(
      epoch: position.epoch, stepOfEpoch: position.stepOfEpoch, index: position.step,
      loss: loss.mean, gradientNorm: gradientNorm, parameterNorm: parameterNorm,
      learningRate: learningRate)
    guard loss.mean.isFinite || loss.count == 0, gradientNorm.isFinite else {
      throw TrainingError.nonFinite(report, try firstNotFinite(in: parts, ranks))
    }
    try optimizer.update(&current.parameters, with: gradients[0], learningRate: learningRate)
    let norm = Double(current.parameters.norm)
    // The norm can overflow although all parameters are finite.
    if !norm.isFinite, let (slice, _, _) = current.parameters.firstNotFinite {
      throw TrainingError.nonFiniteParameter(report, slice.name)
    }
    parameterNorm = norm
    if options.batching == .stateful {
      carried = try current.state(joining: finalStates)
      isCarriedInPart = ranks.count > 1
    }
    position.add(loss)
    position.step += 1
    position.stepOfEpoch += 1
    return report
  }

  /// Computes the results of the epoch that a step ends.
  private func measure(
    _ report: TrainingStep, _ validation: (any TrainingData<Scalar>)?,
    _ metrics: [Metric<Scalar>], _ threads: Threads?
  ) throws -> TrainingEpoch {
    let validated = try validation.map { data in
      try current.loss(options.loss, over: data, batching: options.batching, threads: threads)
    }
    if let validated, validated.count > 0, !validated.mean.isFinite {
      throw TrainingError.nonFiniteValidationLoss(report, validated.mean)
    }
    let measured =
      try metrics.isEmpty
      ? nil
      : validation.map { data in
        try current.metrics(
          metrics, options.loss, over: data, batching: options.batching, threads: threads)
      }
    return TrainingEpoch(
      epoch: position.epoch,
      loss: LossValue(sum: position.lossSum, count: position.lossCount).mean,
      validationLoss: validated?.mean, metrics: measured)
  }

  private mutating func finish(
    _ finished: TrainingEpoch, after report: TrainingStep
  ) -> TrainingStep {
    history.append(finished)
    carried = nil
    isCarriedInPart = false
    if position.finishEpoch(finished.validationLoss) { bestParameters = current.parameters }
    if isFinished { current.releaseWorkspaces() }
    var report = report
    report.finishedEpoch = finished
    return report
  }
}
