// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A forecaster of many series: one recurrent network that learns from all of them, combined with an
/// autoregressive model and exponential smoothing of each series.
///
/// ```swift
/// let options = PanelOptions(period: 12, horizon: 12)
/// let forecaster = try PanelForecaster<Float>(
///   fitting: panel, options: options)
/// let forecasts = try forecaster.forecast(after: panel)
/// for (series, forecast) in zip(panel, forecasts) {
///   print(series.id, forecast.median)
/// }
/// ```
///
/// The network reads a window of a series and the inputs of the steps ahead, relative to the level and
/// the unit of the window, and predicts the quantiles of all steps ahead (Wen et al., "A multi-horizon
/// quantile recurrent forecaster", 2017). It can forecast series that it was not trained on. The forecast
/// of a series depends on no other series in the call, bit for bit.
public struct PanelForecaster<Scalar: RecurScalar>: Sendable {
  /// The options of the forecasts.
  public let options: PanelOptions

  /// The network; nil if ``PanelOptions/components`` have none.
  public let model: SequenceModel<Scalar>?

  /// The weights of the components and the widths of the prediction intervals, chosen on the last
  /// horizon of all series. The ``ForecastCalibration/error`` is a mean absolute scaled error. Nil if
  /// no series was long enough.
  public let calibration: ForecastCalibration?

  let scaling: PanelScaling

  init(
    options: PanelOptions, model: SequenceModel<Scalar>?, calibration: ForecastCalibration?,
    scaling: PanelScaling
  ) {
    self.options = options
    self.model = model
    self.calibration = calibration
    self.scaling = scaling
  }

  /// Creates a forecaster by training the network on all series but their last horizon, on which the
  /// forecaster is then calibrated.
  ///
  /// - Parameters:
  ///   - panel: the series.
  ///   - options: the options of the forecasts.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  ///   - progress: called after every training step.
  /// - Throws: `RecurError` if an option is out of range, if a series does not fit the options, or if
  ///   all series are too short; ``TrainingError`` if the loss does not stay finite; any error that
  ///   `progress` throws.
  public init(
    fitting panel: [PanelSeries], options: PanelOptions, threads: Threads? = nil,
    progress: (TrainingStep) throws -> Void = { _ in }
  ) throws {
    guard options.components.contains(.network) else {
      self = try Self(fittingWithoutNetwork: panel, options, threads)
      return
    }
    var training = try PanelTraining<Scalar>(fitting: panel, options: options)
    while let step = try training.step(threads: threads) { try progress(step) }
    self = try training.forecaster(calibratedOn: panel, threads: threads)
  }

  private init(
    fittingWithoutNetwork panel: [PanelSeries], _ options: PanelOptions, _ threads: Threads?
  ) throws {
    try options.validate()
    for series in panel { try series.require(options) }
    self = try Self(
      options: options, model: nil, calibration: nil, scaling: PanelScaling(panel, options)
    ).calibrated(on: panel, threads)
  }

  /// Forecasts the continuation of series, which may be other ones than those of the training.
  ///
  /// - Parameters:
  ///   - panel: the series.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  /// - Returns: the forecast of each series.
  /// - Throws: `RecurError` if a series does not fit the options, or if its forecast is not finite.
  public func forecast(
    after panel: [PanelSeries], threads: Threads? = nil
  ) throws(RecurError) -> [Forecast] {
    for series in panel { try series.require(options) }
    return try parts(of: panel, threads) { series, parts throws(RecurError) in
      try forecast(of: series, parts)
    }
  }

  private func forecast(
    of series: PanelSeries, _ parts: PanelParts
  ) throws(RecurError) -> Forecast {
    let combined = parts.combined(options.components, calibration, options.levels)
    let limits = options.ofOneSeries.limits(for: series.values)
    let forecast = Forecast(
      levels: options.levels,
      steps: combined.map { $0.map { limits.nearest(to: parts.scale.value(of: $0)) } },
      calibration: calibration)
    guard forecast.steps.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw .invalid(
        argument: "series \"\(series.id)\"", reason: "has a forecast that is not finite")
    }
    return forecast
  }
}
