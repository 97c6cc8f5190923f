// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

extension Series {
  /// Checks that the series has enough values for a backtest, with known ones before and after its first
  /// origin.
  func require(_ options: ForecasterOptions, compared plan: BacktestOptions?, path: String) throws {
    guard let plan else {
      try require(options, path: path)
      return
    }
    try require(options, heldOut: plan.origins * options.horizon, path: path)
    guard canCompare(options, plan) else {
      throw BadInput("\(path): has no known values before the first origin, or none after it")
    }
  }

  /// Whether the series has enough values for a backtest, with known ones before and after its first origin.
  func canCompare(_ options: ForecasterOptions, _ plan: BacktestOptions) -> Bool {
    let first = plan.origins(count: values.count, horizon: options.horizon)[0]
    return first >= options.leastValues && values[..<first].contains { $0 != nil }
      && values[first...].contains { $0 != nil }
  }

  /// Backtests a forecaster on the values after its training data; nil if there are too few.
  func tested(_ forecaster: SeriesForecaster<Float>, from known: Int) throws -> Backtest? {
    guard known >= forecaster.options.valuesNeeded,
      values[..<known].contains(where: { $0 != nil })
    else { return nil }
    return try forecaster.backtest(values, from: known)
  }

  /// Checks that the series has enough values to train networks on.
  func requireNetworks(_ options: ForecasterOptions, path: String) throws {
    guard values.count >= options.valuesNeeded else {
      throw BadInput(
        "\(path): has \(values.count) values, expected at least \(options.valuesNeeded) for networks: "
          + "--seasons \(options.seasons) * --period \(options.period) + --window \(options.window) "
          + "+ --horizon \(options.horizon)")
    }
    try require(options, path: path)
  }

  /// Checks that the series has enough values to forecast.
  func require(_ options: ForecasterOptions, heldOut: Int = 0, path: String) throws {
    let needed = options.leastValues + heldOut
    guard values.count >= needed else {
      let tested = heldOut > 0 ? " + \(counted(heldOut, "held-out value"))" : ""
      let terms =
        options.components == [.network]
        ? "--seasons \(options.seasons) * --period \(options.period) + --window \(options.window) "
          + "+ --horizon \(options.horizon)"
        : "--period \(options.period) + --horizon \(options.horizon) + 2"
      throw BadInput(
        "\(path): has \(values.count) values, expected at least \(needed): \(terms)\(tested)")
    }
    guard values.contains(where: { $0 != nil }) else {
      throw BadInput("\(path): has no known values")
    }
  }
}
