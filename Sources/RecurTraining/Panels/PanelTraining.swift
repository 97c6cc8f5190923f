// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A training run of the network of a ``PanelForecaster``.
///
/// ```swift
/// var training = try PanelTraining<Float>(
///   fitting: panel, options: options)
/// while let step = try training.step() { print(step.loss) }
/// let forecaster = try training.forecaster(calibratedOn: panel)
/// ```
public struct PanelTraining<Scalar: RecurScalar>: Sendable {
  /// The options of the forecasts.
  public let options: PanelOptions

  var training: Training<SequenceModel<Scalar>>
  let scaling: PanelScaling
  private let windows: PanelWindows<Scalar>

  /// Creates a run that trains on all series but their last horizon, which is withheld for the
  /// calibration.
  ///
  /// - Parameters:
  ///   - panel: the series.
  ///   - options: the options of the forecasts.
  /// - Throws: `RecurError` if an option is out of range, if a series does not fit the options, or if
  ///   all series are too short.
  public init(fitting panel: [PanelSeries], options: PanelOptions) throws(RecurError) {
    try options.validate()
    for series in panel { try series.require(options) }
    let horizon = options.horizon
    let known = panel.filter { $0.values.count > horizon }.map {
      $0.prefix($0.values.count - horizon, horizon: horizon)
    }
    scaling = PanelScaling(known, options)
    windows = try PanelWindows(known, scaling, options)
    training = try Training(
      options.network(), options: options.training(windows: windows.count))
    self.options = options
  }

  /// The number of training windows.
  public var windowCount: Int { windows.count }

  /// The finished epochs.
  public var history: [TrainingEpoch] { training.history }

  /// The number of epochs of the run, and of steps in each.
  public var epochs: Int { training.options.epochs }
  public var stepsPerEpoch: Int { (windows.count + options.batchSize - 1) / options.batchSize }

  /// Whether the network is trained.
  public var isFinished: Bool { training.isFinished }

  /// Trains the network for one step.
  ///
  /// - Parameters:
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  ///   - ranks: the processes that train the network together; see ``PanelOptions/shards``.
  /// - Returns: the results of the step; nil if the network is trained.
  /// - Throws: ``TrainingError`` if the loss or a gradient is not finite; `RecurError` if memory
  ///   allocation fails; ``RankFailure`` if another rank failed.
  public mutating func step(
    threads: Threads? = nil, ranks: any Ranks = SingleRank()
  ) throws -> TrainingStep? {
    try training.step(windows, threads: threads, ranks: ranks)
  }

  /// Creates the forecaster of the network as it is trained so far.
  ///
  /// - Parameters:
  ///   - panel: the series of the training.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  /// - Returns: the forecaster, calibrated on the last horizon of the series.
  /// - Throws: `RecurError` if a series does not fit the options.
  public func forecaster(
    calibratedOn panel: [PanelSeries], threads: Threads? = nil
  ) throws(RecurError) -> PanelForecaster<Scalar> {
    for series in panel { try series.require(options) }
    return try PanelForecaster(
      options: options, model: training.best, calibration: nil, scaling: scaling
    ).calibrated(on: panel, threads)
  }
}
