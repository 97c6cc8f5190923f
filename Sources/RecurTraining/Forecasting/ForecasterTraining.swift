// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The training of a ``SeriesForecaster`` on its way: its networks one after another.
///
/// ```swift
/// var training = try ForecasterTraining<Float>(fitting: values, options)
/// while let step = try training.step() { print(step.step.loss) }
/// let forecaster = training.forecaster!
/// ```
public struct ForecasterTraining<Scalar: RecurScalar>: Sendable {
  public let options: ForecasterOptions

  /// The epochs of each network so far, those of the one that is being trained last.
  public var histories: [[TrainingEpoch]] {
    finished.map(\.history) + (isFinished ? [] : [training.history])
  }

  /// Those that are trained.
  var finished: [Member] = []

  /// Of the network after those; of the last one when all are trained.
  var training: Training<Scalar>
  let scaling: SeriesScaling
  private let windows: SplitWindows<Scalar>

  /// A network that is trained.
  struct Member: Sendable {
    var model: SequenceModel<Scalar>
    var history: [TrainingEpoch]
  }

  /// Begins to train on a series of numbers at equal distances in time.
  ///
  /// - Throws: `RecurError` for options out of range or a series that is too short or not finite.
  public init(fitting values: [Double], _ options: ForecasterOptions) throws(RecurError) {
    (scaling, windows) = try Self.data(values, options)
    self.options = options
    training = try Self.training(options, windows, member: 0)
  }

  /// Goes on with what a file has.
  init(
    fitting values: [Double], _ options: ForecasterOptions, finished: [Member],
    training: Training<Scalar>
  ) throws(RecurError) {
    (scaling, windows) = try Self.data(values, options)
    self.options = options
    self.finished = finished
    self.training = training
  }

  private static func data(
    _ values: [Double], _ options: ForecasterOptions
  ) throws(RecurError) -> (SeriesScaling, SplitWindows<Scalar>) {
    try options.validate()
    try requireSeries(values, count: options.valuesNeeded)
    let form =
      options.form ?? SeriesForm(of: values, period: options.period, horizon: options.horizon)
    let scaling = SeriesScaling(fitting: values, form: form, options)
    return (scaling, try scaling.windows(values, options))
  }

  private static func training(
    _ options: ForecasterOptions, _ windows: SplitWindows<Scalar>, member: Int
  ) throws(RecurError) -> Training<Scalar> {
    try Training(
      SequenceModel<Scalar>(options, member: member),
      options: options.training(windows: windows.training.count, member: member))
  }

  /// Which network is being trained, from 0.
  public var member: Int { min(finished.count, options.members - 1) }

  var trainingWindows: Int { windows.training.count }

  /// How many steps each of its epochs has.
  public var stepsOfEpoch: Int {
    (trainingWindows + options.batchSize - 1) / options.batchSize
  }

  /// How many epochs its training has.
  public var epochs: Int { training.options.epochs }

  public var isFinished: Bool { finished.count == options.members }

  /// One step of the network that is being trained; nil when all are.
  ///
  /// - Throws: ``TrainingError`` if the loss is not finite.
  public mutating func step(threads: Threads? = nil) throws -> FittingStep? {
    guard !isFinished else { return nil }
    let (member, epochs) = (member, epochs)
    let step = try training.step(
      windows.training, validation: windows.validation, threads: threads)
    if training.isFinished {
      finished.append(Member(model: training.best, history: training.history))
      if !isFinished {
        training = try Self.training(options, windows, member: finished.count)
      }
    }
    return step.map { FittingStep(member: member, epochs: epochs, step: $0) }
  }

  /// When all networks are trained.
  public var forecaster: SeriesForecaster<Scalar>? {
    guard isFinished else { return nil }
    return SeriesForecaster(options: options, scaling: scaling, models: finished.map(\.model))
  }
}
