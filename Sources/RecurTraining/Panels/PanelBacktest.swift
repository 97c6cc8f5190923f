// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The accuracy of the forecasts of one series from several origins.
public struct PanelSeriesScore: Sendable {
  /// The name of the series.
  public let id: String

  /// The mean absolute error over all origins and steps.
  public let meanAbsoluteError: Double

  /// The mean absolute scaled error of the forecast; see
  /// ``ForecastScore/meanAbsoluteScaledError``. Nil if seasonal-naive forecasts have no error.
  public let meanAbsoluteScaledError: Double?

  /// The mean absolute scaled errors of the baselines, in the order of ``Baseline/all(period:)``.
  public let baselineErrors: [Double?]

  /// The number of origins.
  public let origins: Int

  /// The numbers of observed values, and of those that the prediction intervals cover.
  public let observed: Int
  public let covered: Int
}

/// The accuracy of the forecasts of a panel. Series are added one block after another.
public struct PanelScore: Sendable {
  /// The baselines.
  public let baselines: [Baseline]

  /// The number of series with a score.
  public private(set) var series = 0

  /// The largest number of origins of a series.
  public private(set) var origins = 0

  private var errors: [Double]
  private var scaled = 0
  private var observed = 0
  private var covered = 0

  /// Creates the score of no series.
  ///
  /// - Parameter period: the number of values per season; 1 without a season.
  public init(period: Int) {
    baselines = Baseline.all(period: period)
    errors = Array(repeating: 0, count: baselines.count + 1)
  }

  /// Adds the score of a series.
  ///
  /// - Parameter score: the score.
  public mutating func add(_ score: PanelSeriesScore) {
    series += 1
    origins = max(origins, score.origins)
    observed += score.observed
    covered += score.covered
    let all = [score.meanAbsoluteScaledError] + score.baselineErrors
    guard all.allSatisfy({ $0?.isFinite ?? false }) else { return }
    scaled += 1
    for (index, error) in all.enumerated() { errors[index] += error! }
  }

  /// The mean over all series of the mean absolute scaled error; nil if no series has one.
  public var meanAbsoluteScaledError: Double? { scaled > 0 ? errors[0] / Double(scaled) : nil }

  /// The same means of the baselines; empty if no series has one.
  public var baselineErrors: [Double] {
    scaled > 0 ? errors.dropFirst().map { $0 / Double(scaled) } : []
  }

  /// The share of the observed values that the prediction intervals cover. An interval extends from
  /// the lowest to the highest quantile. Nil without observed values.
  public var coverage: Double? { observed > 0 ? Double(covered) / Double(observed) : nil }
}

extension PanelForecaster {
  /// Forecasts the last values of series from the values before them. For a fair score, the forecaster
  /// must be fitted to series without these values, as ``PanelSeries/prefix(_:horizon:)`` returns them.
  ///
  /// - Parameters:
  ///   - panel: the series.
  ///   - origins: the number of origins, one horizon apart, at least 1. Origins that are preceded by
  ///     too few values are left out.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  /// - Returns: the score of each series; nil for a series that is too short, or without observed
  ///   values.
  /// - Throws: `RecurError` if a series does not fit the options.
  public func scores(
    of panel: [PanelSeries], origins: Int, threads: Threads? = nil
  ) throws(RecurError) -> [PanelSeriesScore?] {
    try require("origins", origins, origins >= 1, "at least 1")
    for series in panel { try series.require(options) }
    let fewest = options.period + options.horizon + 1
    var trials: [[Backtest.Trial]] = Array(repeating: [], count: panel.count)
    for origin in (1...origins).reversed() {
      let chosen = panel.indices.filter {
        panel[$0].values.count - origin * options.horizon >= fewest
      }
      let known = chosen.map {
        panel[$0].prefix(
          panel[$0].values.count - origin * options.horizon, horizon: options.horizon)
      }
      let forecasts = try forecast(after: known, threads: threads)
      let found = try concurrently(chosen.count, threads: threads) {
        index throws(RecurError) in
        try trial(panel[chosen[index]], known[index].values, forecasts[index])
      }
      for (index, trial) in zip(chosen, found) { trials[index].append(trial) }
    }
    return zip(panel, trials).map { PanelSeriesScore($0.id, $1) }
  }

  private func trial(
    _ series: PanelSeries, _ known: [Double], _ forecast: Forecast
  ) throws(RecurError) -> Backtest.Trial {
    let observed = Array(series.observedValues[known.count..<known.count + options.horizon])
    return try Backtest.Trial(
      known, observed, forecast, period: options.period, horizon: options.horizon)
  }
}

extension PanelSeriesScore {
  init?(_ id: String, _ trials: [Backtest.Trial]) {
    let trials = trials.filter { $0.observed.contains { $0 != nil } }
    guard !trials.isEmpty else { return nil }
    func mean(_ error: (Backtest.Trial) -> Double) -> Double {
      trials.reduce(0) { $0 + error($1) } / Double(trials.count)
    }
    self.id = id
    origins = trials.count
    meanAbsoluteError = mean { $0.meanAbsoluteError(of: $0.forecast.median) }
    let isScaled = trials.allSatisfy { $0.unit > 0 }
    meanAbsoluteScaledError =
      isScaled ? mean { $0.meanAbsoluteError(of: $0.forecast.median) / $0.unit } : nil
    baselineErrors = trials[0].baselines.indices.map { index in
      isScaled ? mean { $0.meanAbsoluteError(of: $0.baselines[index]) / $0.unit } : nil
    }
    var (observed, covered) = (0, 0)
    for trial in trials {
      for (value, step) in zip(trial.observed, trial.forecast.steps) {
        guard let value else { continue }
        observed += 1
        if step[0] <= value, value <= step[step.count - 1] { covered += 1 }
      }
    }
    (self.observed, self.covered) = (observed, covered)
  }
}
