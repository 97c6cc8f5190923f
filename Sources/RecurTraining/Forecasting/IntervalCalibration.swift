// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The calibration of a forecaster's prediction intervals. Calibrated intervals cover their nominal
/// share of the values.
///
/// Intervals that fit the training values are too narrow for new values. Therefore, one more
/// network is trained without the latest windows and forecasts them. All intervals are widened
/// around their median by the factor that makes this network's intervals cover their nominal share
/// of those windows. The method is split conformal prediction with quantile regression (Romano,
/// Patterson and Candès 2019, "Conformalized quantile regression"), with a factor instead of a
/// width because errors grow with the number of steps ahead.
struct IntervalCalibration: Sendable {
  /// The number of training values of the calibration network.
  let known: Int

  /// Plans the calibration. The last quarter of the windows is withheld, and windows that share
  /// targets with it are left out. Nil if calibration is off, if there is no interval, if less than
  /// a third of the windows remains for training, or if too few windows remain for validation.
  ///
  /// - Parameters:
  ///   - count: the number of values of the series.
  ///   - options: the options of the forecast.
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

  /// Computes the calibration factor. It is at least 1: intervals that are too wide are not
  /// narrowed.
  ///
  /// - Parameters:
  ///   - forecaster: a forecaster fitted to the first ``known`` values.
  ///   - values: the whole series.
  /// - Returns: the factor.
  /// - Throws: `RecurError` if the forecaster cannot forecast the series.
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
