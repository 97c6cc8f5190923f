// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// The options of a new forecaster and of its backtest.
///
/// The season of the forecast comes from all values, so a backtest never changes the forecast. The season
/// of the backtest comes from the values before its first origin.
struct ForecastPlan {
  /// The options of a forecaster, and the choice of its season; nil if `--period` gives it.
  typealias Choice = (options: ForecasterOptions, season: SeasonChoice?)

  let forecast: Choice

  /// The options and the origins of the backtest; nil without one.
  private(set) var backtest: (choice: Choice, origins: BacktestOptions)?

  /// The number of values that a backtest from one origin needs, if the series is too short for it.
  private(set) var valuesForBacktest: Int?

  /// Plans a forecast.
  ///
  /// - Parameters:
  ///   - series: The series.
  ///   - origins: The number of backtest origins; as many as suit the series if nil, at most five.
  ///   - refits: Whether to fit new networks at each origin.
  ///   - path: The name of the file.
  ///   - options: Returns the options for a series without its last values.
  /// - Throws: `BadInput` if the series is too short.
  init(
    _ series: Series, origins: Int?, refits: Bool, path: String,
    options: (_ heldOut: Int) throws -> Choice
  ) throws {
    let forecast = try options(0)
    self.forecast = forecast
    try series.require(forecast.options, path: path)
    try forecast.options.requireLogarithms(of: series, path: path)
    let horizon = forecast.options.horizon
    if let origins {
      guard origins > 0 else { return }
      let choice = try options(origins * horizon)
      let plan = BacktestOptions(origins: origins, refits: refits)
      try series.require(choice.options, compared: plan, path: path)
      backtest = (choice, plan)
      return
    }
    for origins in (0...series.usualOrigins(horizon: horizon)).reversed().dropLast() {
      let choice = try options(origins * horizon)
      let plan = BacktestOptions(origins: origins, refits: refits)
      guard series.canCompare(choice.options, plan) else { continue }
      backtest = (choice, plan)
      return
    }
    valuesForBacktest = max(3 * horizon, forecast.options.leastValues + horizon)
  }
}

extension SeasonChoice {
  /// A line about the choice for dates with an interval.
  func line(_ interval: DateInterval) -> String {
    let what = period > 1 ? "values per season: \(period)" : "no season"
    let why =
      switch reason {
      case .compared: ", chosen by the data"
      case .usual: ", the usual number for dates \(interval) apart"
      case .none where interval == .steps: ": the values have no dates"
      case .none: ": dates \(interval) apart have no usual one"
      case .tooShort(let needed, let season):
        ": the series has fewer than the \(needed) values that a season of \(season) needs"
      }
    return "  \(what)\(why) (override with --period)"
  }
}

extension Series {
  /// The usual number of backtest origins: five, or fewer if these would hold out more than a third of the
  /// series.
  fileprivate func usualOrigins(horizon: Int) -> Int { min(5, values.count / 3 / horizon) }
}
