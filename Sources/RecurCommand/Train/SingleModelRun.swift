// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining

/// A run that trains one model.
protocol SingleModelRun: TrainingRun {
  associatedtype TrainedModel: TrainableModel

  var training: Training<TrainedModel> { get set }

  /// The model before the first step; nil if the run is resumed.
  var start: TrainedModel? { get }

  var trainingData: any TrainingData<TrainedModel.Scalar> { get }
  var validationData: (any TrainingData<TrainedModel.Scalar>)? { get }
}

extension SingleModelRun {
  mutating func step(threads: Threads?) throws -> TrainingStep? {
    try training.step(
      trainingData, validation: validationData, threads: threads, ranks: Processes.ranks)
  }

  mutating func gather() throws { try training.gather(Processes.ranks) }
  var shards: Int? { training.options.shards }

  var progress: ProgressLine.Frame {
    let steps = training.options.batching.steps(examples: trainingData.count)
    return .init(epochs: training.options.epochs, stepsPerEpoch: steps)
  }

  var isFinished: Bool { training.isFinished }
  var histories: [[TrainingEpoch]] { [training.history] }
  func name(ofNetwork number: Int) -> String? { nil }

  // The losses of steps are those of different batches. Only those of all training data tell whether the
  // loss has decreased.
  func hasLowerLossThanAtStart(threads: Threads?) throws -> Bool {
    guard let start else { return false }
    let options = training.options
    func loss(of model: TrainedModel) throws -> Double {
      try model.loss(
        options.loss, over: trainingData, batching: options.batching, threads: threads
      ).mean
    }
    let first = try loss(of: start)
    // The last model may be lower in the training loss than the one with the minimum validation loss.
    return try loss(of: training.best) < first || loss(of: training.model) < first
  }
}
