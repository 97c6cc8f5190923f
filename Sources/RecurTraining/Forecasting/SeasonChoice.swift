// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension ForecasterOptions {
  /// Chooses the number of values per season by the data.
  ///
  /// For each candidate, autoregression and exponential smoothing are fitted without the last quarter
  /// of the series and forecast it. The candidate with the least mean absolute error is chosen.
  ///
  /// - Parameters:
  ///   - values: the series, equally spaced in time; all finite.
  ///   - candidates: the numbers of values per season to compare, at least 1 each. A candidate of
  ///     which the series has fewer than three seasons is left out.
  ///   - horizon: the number of values to forecast, at least 1.
  /// - Returns: the period: 1 if there is no candidate. If the series is too short for a comparison,
  ///   the first candidate.
  /// - Throws: `RecurError` if an argument is out of range, or if a value is not finite.
  public static func period(
    of values: [Double], among candidates: [Int], horizon: Int
  ) throws(RecurError) -> Int {
    let periods = candidates.filter { $0 <= values.count / 3 }
    guard periods.count > 1, let longest = periods.max() else { return periods.first ?? 1 }
    var (best, least) = (periods[0], Double.infinity)
    for period in periods {
      let options = ForecasterOptions(
        period: period, horizon: horizon, components: [.autoregressive, .exponentialSmoothing],
        levels: [0.5])
      try options.validate()
      let forecaster = SeriesForecaster<Double>(
        options: options, scale: options.scale(for: values), scaling: nil, calibration: nil,
        models: [])
      let needed = longest + horizon + 2
      guard let plan = CalibrationPlan(count: values.count, needed: needed, options) else { break }
      let error = try forecaster.calibration(plan, values).error
      if error < least { (best, least) = (period, error) }
    }
    return best
  }
}
