// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A training run of a ``SeriesForecaster``. It trains the networks one after another and then, if
/// prediction intervals are calibrated, the calibration network.
///
/// ```swift
/// var training = try ForecasterTraining<Float>(
///   fitting: values, options: options)
/// while let step = try training.step() { print(step.trainingStep.loss) }
/// let forecaster = training.forecaster!
/// ```
public struct ForecasterTraining<Scalar: RecurScalar>: Sendable {
  /// The options of the forecast.
  public let options: ForecasterOptions

  /// The finished epochs of each network, up to the network in training. The calibration network
  /// comes after all members.
  public var histories: [[TrainingEpoch]] {
    finished.map(\.history) + (isFinished ? [] : [training.history])
  }

  /// The trained networks.
  var finished: [Trained] = []

  /// The run of the network in training, or of the last network when all are trained.
  var training: Training<SequenceModel<Scalar>>

  private let values: [Double]
  let scale: SeriesScale
  private let fit: Fit

  /// The fit of the calibration network, without the latest windows.
  private let plan: (values: CalibrationPlan, fit: Fit)?
  private var calibration: ForecastCalibration?

  /// A trained network.
  struct Trained: Sendable {
    var model: SequenceModel<Scalar>
    var history: [TrainingEpoch]
  }

  /// The training data of a network.
  private struct Fit {
    let scaling: SeriesScaling
    let windows: SplitWindows<Scalar>

    init(_ values: [Double], _ form: SeriesForm, _ options: ForecasterOptions) throws(RecurError) {
      scaling = SeriesScaling(fitting: values, form: form, options)
      windows = try scaling.windows(values, options)
    }

    func training(
      of network: Int, _ options: ForecasterOptions
    ) throws(RecurError) -> Training<SequenceModel<Scalar>> {
      try Training(
        SequenceModel<Scalar>(options, network: network),
        options: options.training(windows: windows.training.count, network: network))
    }
  }

  /// Creates a run that trains on a series.
  ///
  /// - Parameters:
  ///   - values: the series, equally spaced in time; all finite.
  ///   - options: the options of the forecast.
  /// - Throws: `RecurError` if an option is out of range, if the components have no network, or if
  ///   the series is too short or not finite.
  public init(fitting values: [Double], options: ForecasterOptions) throws(RecurError) {
    try options.validate()
    guard options.components.contains(.network) else {
      throw .invalid(argument: "components", reason: "has no network to train")
    }
    try requireSeries(values, count: options.valuesNeeded)
    scale = options.scale(for: values)
    let numbers = try scale.applied(to: values)
    let form =
      options.form ?? SeriesForm(of: numbers, period: options.period, horizon: options.horizon)
    self.values = values
    self.options = options
    fit = try Fit(numbers, form, options)
    plan = try CalibrationPlan(
      count: values.count, needed: options.valuesNeeded, options
    ).map { plan throws(RecurError) in
      (plan, try Fit(Array(numbers[..<plan.known]), form, options))
    }
    training = try fit.training(of: 0, options)
  }

  /// Creates a run from the contents of a file.
  ///
  /// - Parameters:
  ///   - values: the series.
  ///   - options: the options of the forecast.
  ///   - finished: the trained networks.
  ///   - training: the run of the network in training.
  /// - Throws: `RecurError` if an option is out of range, or if the series is too short or not
  ///   finite.
  init(
    fitting values: [Double], _ options: ForecasterOptions, finished: [Trained],
    training: Training<SequenceModel<Scalar>>
  ) throws(RecurError) {
    try self.init(fitting: values, options: options)
    self.finished = finished
    self.training = training
    if isFinished { calibration = try calibrated() }
  }

  var scaling: SeriesScaling { fit.scaling }

  /// The number of networks, including the calibration network.
  var networks: Int { options.members + (plan == nil ? 0 : 1) }

  /// The index of the network in training, or of the last network when all are trained.
  var network: Int { min(finished.count, networks - 1) }

  /// The index of the member in training, from 0; nil for the calibration network.
  public var member: Int? { network < options.members ? network : nil }

  /// The data of the network in training.
  private var current: Fit {
    guard let plan, member == nil else { return fit }
    return plan.fit
  }

  var trainingWindows: Int { current.windows.training.count }

  /// The number of steps per epoch of the network in training.
  public var stepsPerEpoch: Int {
    (trainingWindows + options.batchSize - 1) / options.batchSize
  }

  /// The number of epochs of the network in training.
  public var epochs: Int { training.options.epochs }

  /// Whether all networks are trained.
  public var isFinished: Bool { finished.count == networks }

  /// Trains the current network for one step.
  ///
  /// - Parameters:
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  ///   - ranks: the processes that train together.
  /// - Returns: the results of the step; nil if all networks are trained.
  /// - Throws: ``TrainingError`` if the loss or a gradient is not finite; `RecurError` if memory
  ///   allocation fails; ``RankFailure`` if another rank failed.
  public mutating func step(
    threads: Threads? = nil, ranks: any Ranks = SingleRank()
  ) throws -> ForecasterTrainingStep? {
    guard !isFinished else { return nil }
    let (member, epochs, windows) = (member, epochs, current.windows)
    let step = try training.step(
      windows.training, validation: windows.validation, threads: threads, ranks: ranks)
    if training.isFinished { try ranks.together { try beginNext() } }
    return step.map { ForecasterTrainingStep(member: member, epochs: epochs, trainingStep: $0) }
  }

  /// Begins the run of the next network, or computes the calibration after the last one.
  private mutating func beginNext() throws(RecurError) {
    finished.append(Trained(model: training.best, history: training.history))
    if isFinished {
      calibration = try calibrated()
    } else {
      training = try current.training(of: finished.count, options)
    }
  }

  /// Computes the calibration, once all networks are trained.
  private func calibrated() throws(RecurError) -> ForecastCalibration? {
    guard let plan else { return nil }
    let forecaster = SeriesForecaster(
      options: options, scale: scale, scaling: plan.fit.scaling, calibration: nil,
      models: [finished[options.members].model])
    return try forecaster.calibration(plan.values, values)
  }

  /// The forecaster; nil until all networks are trained.
  public var forecaster: SeriesForecaster<Scalar>? {
    guard isFinished else { return nil }
    return SeriesForecaster(
      options: options, scale: scale, scaling: scaling, calibration: calibration,
      models: finished.prefix(options.members).map(\.model))
  }
}
