// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// How a forecaster's prediction intervals are made to cover their nominal share of the values.
///
/// The quantiles of the values trained on are narrower than those of what comes, which the networks have not
/// seen. So one more network is trained without the latest windows, and forecasts them; intervals are
/// widened around their median by the factor with which those of that network would have covered their
/// share of them. That is split conformal prediction with quantile regression (Romano, Patterson and Candès 2019,
/// "Conformalized quantile regression") with a factor in place of a width, because what lies far ahead
/// differs more.
struct IntervalCalibration: Sendable {
  /// How many values the network is trained on.
  let known: Int

  /// The last quarter of the windows is withheld, with none between that share a target with both; nil where
  /// less than a third is left to train on, or too few for validation, and where there is no interval.
  init?(count: Int, _ options: ForecasterOptions) {
    guard options.calibratesIntervals, options.levels.count > 1 else { return nil }
    let windows = count - options.valuesNeeded + 1
    let withheld = max(1, windows / 4) + options.horizon - 1
    let left = windows - withheld
    let forValidation = options.windowsForValidation(of: left)
    guard left >= windows / 3, forValidation == 0 || left - forValidation >= options.horizon else {
      return nil
    }
    known = count - withheld
  }

  /// The factor, 1 or more: intervals that were too wide stay as they are.
  ///
  /// - `forecaster`: of the values known.
  func factor<Scalar>(
    of forecaster: SeriesForecaster<Scalar>, _ values: [Double]
  ) throws(RecurError) -> Double {
    let (levels, horizon) = (forecaster.options.levels, forecaster.options.horizon)
    var needed: [Double] = []
    for origin in known...values.count - horizon {
      let forecast = try forecaster.forecast(after: Array(values[..<origin]))
      needed += forecast.factors(toCover: values[origin..<origin + horizon])
    }
    needed.sort()
    let share = levels[levels.count - 1] - levels[0]
    let rank = Int((Double(needed.count + 1) * share).rounded(.up))
    let factor = needed[min(rank, needed.count) - 1]
    // No factor widens an interval that has no width.
    return factor.isFinite ? max(1, factor) : 1
  }
}
