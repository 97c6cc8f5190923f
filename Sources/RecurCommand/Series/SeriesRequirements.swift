// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

extension Series {
  /// Checks that the series has enough values for a backtest, with known ones before and after its first
  /// origin.
  func require(_ options: ForecasterOptions, compared plan: BacktestOptions, path: String) throws {
    try require(options, heldOut: plan.origins * options.horizon, path: path)
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
  func require(_ options: ForecasterOptions, heldOut: Int = 0, path: String) throws {
    let needed = options.valuesNeeded + heldOut
    guard values.count >= needed else {
      let tested = heldOut > 0 ? " + \(heldOut) held-out values" : ""
      throw BadInput(
        "\(path): has \(values.count) values, expected at least \(needed): --seasons \(options.seasons) "
          + "* --period \(options.period) + --window \(options.window) + --horizon "
          + "\(options.horizon)\(tested)")
    }
    guard values.contains(where: { $0 != nil }) else {
      throw BadInput("\(path): has no known values")
    }
  }
}
