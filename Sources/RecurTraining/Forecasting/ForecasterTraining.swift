// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The training of a ``SeriesForecaster``, step by step: its networks one after another, and then the one
/// that its prediction intervals are calibrated by, if there is one.
///
/// ```swift
/// var training = try ForecasterTraining<Float>(fitting: values, options: options)
/// while let step = try training.step() { print(step.step.loss) }
/// let forecaster = training.forecaster!
/// ```
public struct ForecasterTraining<Scalar: RecurScalar>: Sendable {
  public let options: ForecasterOptions

  /// The epochs of each network so far, those of the one that is being trained last; the one for calibration
  /// comes after all members.
  public var histories: [[TrainingEpoch]] {
    finished.map(\.history) + (isFinished ? [] : [training.history])
  }

  /// Those that are trained.
  var finished: [Trained] = []

  /// Of the network after those; of the last one when all are trained.
  var training: Training<Scalar>

  private let values: [Double]
  private let fit: Fit

  /// The latest windows are withheld from it.
  private let calibration: (plan: IntervalCalibration, fit: Fit)?
  private var calibrationFactor: Double?

  /// A network that is trained.
  struct Trained: Sendable {
    var model: SequenceModel<Scalar>
    var history: [TrainingEpoch]
  }

  /// What a network is trained on.
  private struct Fit {
    let scaling: SeriesScaling
    let windows: SplitWindows<Scalar>

    init(_ values: [Double], _ form: SeriesForm, _ options: ForecasterOptions) throws(RecurError) {
      scaling = SeriesScaling(fitting: values, form: form, options)
      windows = try scaling.windows(values, options)
    }

    func training(
      of network: Int, _ options: ForecasterOptions
    ) throws(RecurError) -> Training<Scalar> {
      try Training(
        SequenceModel<Scalar>(options, network: network),
        options: options.training(windows: windows.training.count, network: network))
    }
  }

  /// Begins to train on a series of numbers at equal distances in time.
  ///
  /// - Throws: `RecurError` for options out of range or a series that is too short or not finite.
  public init(fitting values: [Double], options: ForecasterOptions) throws(RecurError) {
    try options.validate()
    try requireSeries(values, count: options.valuesNeeded)
    let form =
      options.form ?? SeriesForm(of: values, period: options.period, horizon: options.horizon)
    self.values = values
    self.options = options
    fit = try Fit(values, form, options)
    calibration = try IntervalCalibration(count: values.count, options).map {
      plan throws(RecurError) in
      (plan, try Fit(Array(values[..<plan.known]), form, options))
    }
    training = try fit.training(of: 0, options)
  }

  /// Goes on with what a file has.
  init(
    fitting values: [Double], _ options: ForecasterOptions, finished: [Trained],
    training: Training<Scalar>
  ) throws(RecurError) {
    try self.init(fitting: values, options: options)
    self.finished = finished
    self.training = training
    if isFinished { calibrationFactor = try calibrated() }
  }

  var scaling: SeriesScaling { fit.scaling }

  /// How many networks are trained, with the one for calibration.
  var networks: Int { options.members + (calibration == nil ? 0 : 1) }

  /// Which of them is being trained, or was last.
  var network: Int { min(finished.count, networks - 1) }

  /// Which member of the forecaster that is, from 0; nil of the one for calibration.
  public var member: Int? { network < options.members ? network : nil }

  /// What that one is trained on.
  private var current: Fit {
    guard let calibration, member == nil else { return fit }
    return calibration.fit
  }

  var trainingWindows: Int { current.windows.training.count }

  /// How many steps each of its epochs has.
  public var stepsPerEpoch: Int {
    (trainingWindows + options.batchSize - 1) / options.batchSize
  }

  /// How many epochs its training has.
  public var epochs: Int { training.options.epochs }

  public var isFinished: Bool { finished.count == networks }

  /// One step of the network that is being trained; nil when all are.
  ///
  /// - Throws: ``TrainingError`` if the loss is not finite.
  public mutating func step(threads: Threads? = nil) throws -> ForecasterTrainingStep? {
    guard !isFinished else { return nil }
    let (member, epochs, windows) = (member, epochs, current.windows)
    let step = try training.step(
      windows.training, validation: windows.validation, threads: threads)
    if training.isFinished {
      finished.append(Trained(model: training.best, history: training.history))
      if isFinished {
        calibrationFactor = try calibrated()
      } else {
        training = try current.training(of: finished.count, options)
      }
    }
    return step.map { ForecasterTrainingStep(member: member, epochs: epochs, step: $0) }
  }

  /// When all networks are trained.
  private func calibrated() throws(RecurError) -> Double? {
    guard let calibration else { return nil }
    let forecaster = SeriesForecaster(
      options: options, scaling: calibration.fit.scaling, calibrationFactor: nil,
      models: [finished[options.members].model])
    return try calibration.plan.factor(of: forecaster, values)
  }

  /// When all networks are trained.
  public var forecaster: SeriesForecaster<Scalar>? {
    guard isFinished else { return nil }
    return SeriesForecaster(
      options: options, scaling: scaling, calibrationFactor: calibrationFactor,
      models: finished.prefix(options.members).map(\.model))
  }
}
