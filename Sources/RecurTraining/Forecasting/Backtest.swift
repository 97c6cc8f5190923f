// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The accuracy of forecasts of known values, compared with baselines. Each forecast uses only the
/// values before its origin.
public struct Backtest: Sendable {
  /// The forecasts from one origin.
  public struct Trial: Sendable {
    /// The number of values before the origin.
    public let known: Int

    /// The values after the origin; nil where a value is missing.
    public let observed: [Double?]

    /// The forecast of the values after the origin.
    public let forecast: Forecast

    /// The baselines' forecasts, in the order of ``Backtest/baselines``.
    public let baselines: [[Double]]

    let unit: Double

    /// NaN if no value was observed.
    func meanAbsoluteError(of forecast: [Double]) -> Double {
      let errors = zip(forecast, observed).compactMap { forecast, value in
        value.map { abs(forecast - $0) }
      }
      return errors.reduce(0, +) / Double(errors.count)
    }
  }

  /// The forecasts from each origin.
  public let trials: [Trial]

  /// The baselines.
  public let baselines: [Baseline]

  /// The accuracy of the forecasts' medians.
  public let score: ForecastScore

  /// The accuracy of the baselines, in the order of ``baselines``.
  public let baselineScores: [ForecastScore]

  /// The share of the observed values that the prediction intervals cover. An interval extends from
  /// the lowest to the highest quantile.
  public let coverage: Double

  /// The baselines whose mean absolute errors are smaller than the forecast's at every origin, if there
  /// are at least five origins. For a baseline that is as good as the forecast, the probability of five
  /// such origins is 1/32 (sign test).
  public var betterBaselines: [Baseline] {
    guard trials.count >= Self.originsForComparison else { return [] }
    return baselines.indices.filter { index in
      trials.allSatisfy {
        $0.meanAbsoluteError(of: $0.baselines[index]) < $0.meanAbsoluteError(of: $0.forecast.median)
      }
    }.map { baselines[$0] }
  }

  /// The number of origins that a comparison with baselines needs.
  package static let originsForComparison = 5

  init(_ trials: [Trial], _ options: ForecasterOptions) throws(RecurError) {
    let baselines = Baseline.all(period: options.period)
    func score(_ forecast: (Trial) -> [Double]) throws(RecurError) -> ForecastScore {
      try ForecastScore(
        of: trials.map { (forecast($0), $0.observed, $0.unit) }, horizon: options.horizon)
    }
    self.trials = trials
    self.baselines = baselines
    self.score = try score(\.forecast.median)
    var scores: [ForecastScore] = []
    for index in baselines.indices { scores.append(try score { $0.baselines[index] }) }
    self.baselineScores = scores
    let inside = trials.flatMap { trial in
      zip(trial.observed, zip(trial.forecast.lower, trial.forecast.upper)).compactMap {
        observed, interval in observed.map { interval.0 <= $0 && $0 <= interval.1 }
      }
    }
    coverage = Double(inside.count(where: \.self)) / Double(inside.count)
  }
}

extension SeriesForecaster {
  /// Forecasts the last values of a series from the values before them, at one or more origins.
  ///
  /// Values after an origin have no influence on its forecast: missing values are interpolated only
  /// between values known at the origin.
  ///
  /// - Parameters:
  ///   - values: the series, equally spaced in time; nil where a value is missing.
  ///   - options: the options of the forecast.
  ///   - backtest: the origins, and whether to fit a new forecaster at each.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  ///   - progress: called after every step with the index of the fit, from 0.
  /// - Returns: the forecasts and their accuracy.
  /// - Throws: the errors of ``init(fitting:options:threads:progress:)``; `RecurError` if too few
  ///   values precede the first origin, if no value after any origin is known, or if a value is not
  ///   finite.
  public static func backtest(
    _ values: [Double?], options: ForecasterOptions, backtest: BacktestOptions = .init(),
    threads: Threads? = nil, progress: (Int, ForecasterTrainingStep) throws -> Void = { _, _ in }
  ) throws -> Backtest {
    try options.validate()
    try requireSeries(values.map { $0 ?? 0 }, count: 0)
    for (name, value) in [("origins", backtest.origins), ("stride", backtest.stride ?? 1)] {
      try require(name, value, value >= 1, "at least 1")
      try require(
        name, value, value <= values.count, "at most the number of values, \(values.count)")
    }
    let origins = backtest.origins(count: values.count, horizon: options.horizon)
    guard origins[0] >= options.leastValues else {
      throw RecurError.invalid(
        argument: "values",
        reason: "has \(values.count) elements, expected at least "
          + "\(values.count - origins[0] + options.leastValues) for these options")
    }
    var forecaster: SeriesForecaster?
    let trials = try origins.enumerated().map { fit, origin in
      let known = MissingValues.interpolated(Array(values[..<origin]))
      if forecaster == nil || backtest.refits {
        forecaster = try SeriesForecaster(fitting: known, options: options, threads: threads) {
          try progress(fit, $0)
        }
      }
      return try forecaster!.trial(known, Array(values[origin..<origin + options.horizon]))
    }
    return try Backtest(trials, options)
  }

  /// Forecasts the values that followed this forecaster's training series. The origins are one
  /// horizon apart; there are as many as the values allow.
  ///
  /// - Parameters:
  ///   - values: the series, equally spaced in time; nil where a value is missing.
  ///   - known: the number of values before the first origin.
  /// - Returns: the forecasts and their accuracy; nil if all values after the origins are missing.
  /// - Throws: `RecurError` if too few values precede the first origin, or if a value is not finite.
  public func backtest(_ values: [Double?], from known: Int) throws -> Backtest? {
    try requireSeries(values.map { $0 ?? 0 }, count: 0)
    let horizon = options.horizon
    let origins = Array(Swift.stride(from: known, through: values.count - horizon, by: horizon))
    let isObserved = origins.contains { values[$0..<$0 + horizon].contains { $0 != nil } }
    guard isObserved else { return nil }
    return try Backtest(
      origins.map { origin in
        try trial(
          MissingValues.interpolated(Array(values[..<origin])),
          Array(values[origin..<origin + horizon]))
      }, options)
  }

  private func trial(_ known: [Double], _ observed: [Double?]) throws -> Backtest.Trial {
    try Backtest.Trial(
      known, observed, forecast(after: known), period: options.period, horizon: options.horizon)
  }
}

extension Backtest.Trial {
  init(
    _ known: [Double], _ observed: [Double?], _ forecast: Forecast, period: Int, horizon: Int
  ) throws(RecurError) {
    self.known = known.count
    self.observed = observed
    self.forecast = forecast
    var baselines: [[Double]] = []
    for baseline in Baseline.all(period: period) {
      baselines.append(try baseline.forecast(after: known, period: period, horizon: horizon))
    }
    self.baselines = baselines
    unit = ForecastScore.unit(known, period: period)
  }
}
