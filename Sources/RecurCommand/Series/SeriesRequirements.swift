// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

extension Series {
  /// Checks that the series has enough values for a backtest, with known ones before and after its first
  /// origin.
  func require(_ options: ForecasterOptions, compared plan: BacktestOptions, path: String) throws {
    let compared = plan.origins * options.horizon
    try require(
      count: options.valuesNeeded + compared, path: path,
      because: ", including \(compared) held-out values")
    let first = plan.origins(count: values.count, horizon: options.horizon)[0]
    guard values[..<first].contains(where: { $0 != nil }),
      values[first...].contains(where: { $0 != nil })
    else {
      throw BadInput("\(path): has no known values before the first origin, or none after it")
    }
  }

  /// Backtests a forecaster on the values after its training data; nil if there are too few.
  func tested(_ forecaster: SeriesForecaster<Float>, from known: Int) throws -> Backtest? {
    guard known >= forecaster.options.valuesNeeded,
      values[..<known].contains(where: { $0 != nil })
    else { return nil }
    return try forecaster.backtest(values, from: known)
  }

  /// Checks that the series has enough values to train on.
  func require(count: Int, path: String, because: String = "") throws {
    guard values.count >= count else {
      throw BadInput(
        "\(path): has \(values.count) values, expected at least \(count) for this period, window "
          + "and horizon\(because)")
    }
    guard values.contains(where: { $0 != nil }) else {
      throw BadInput("\(path): has no known values")
    }
  }
}
