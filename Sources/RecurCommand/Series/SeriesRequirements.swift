// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

extension Series {
  /// Enough values, and some that are known before the first origin and after it.
  func require(_ options: ForecasterOptions, compared plan: BacktestOptions, path: String) throws {
    let compared = plan.origins * options.horizon
    try require(
      count: options.valuesNeeded + compared, path: path,
      because: "; \(compared) of them are compared with forecasts")
    let first = plan.origins(count: values.count, horizon: options.horizon)[0]
    guard values[..<first].contains(where: { $0 != nil }),
      values[first...].contains(where: { $0 != nil })
    else { throw BadInput("\(path): has no values to train on, or none to compare with") }
  }

  /// A backtest of a forecaster on what it was not fitted to; nil if there is not enough to observe.
  func tested(_ forecaster: SeriesForecaster<Float>, from known: Int) throws -> Backtest? {
    guard known >= forecaster.options.valuesNeeded,
      values[..<known].contains(where: { $0 != nil })
    else { return nil }
    return try forecaster.backtest(values, from: known)
  }

  /// Enough values to train on.
  func require(count: Int, path: String, because: String = "") throws {
    guard values.count >= count else {
      throw BadInput(
        "\(path): has \(values.count) values, expected at least \(count) for this period, window "
          + "and horizon\(because)")
    }
    guard values.contains(where: { $0 != nil }) else {
      throw BadInput("\(path): has no values to train on")
    }
  }
}
