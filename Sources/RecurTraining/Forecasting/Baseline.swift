// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CLinearAlgebra
import Recur

/// Forecasts that need no network: what a model has to beat.
public enum Baseline: String, Sendable, Codable, CaseIterable {
  /// The last value again and again.
  case naive

  /// The last season again and again.
  case seasonalNaive = "seasonal-naive"

  /// The same, each time higher by the mean growth over a season.
  case seasonalNaiveWithDrift = "seasonal-naive with drift"

  /// An ``Autoregression`` of the form that ``SeriesForm/init(of:period:horizon:)`` chooses.
  case autoregressive

  /// All that differ: without a season, naive and seasonal-naive are one.
  public static func all(period: Int) -> [Baseline] {
    allCases.filter { period > 1 || $0 != .seasonalNaive }
  }

  /// The next `horizon` values.
  ///
  /// - Throws: `RecurError` for fewer than period + horizon + 1 values.
  public func forecast(
    after values: [Double], period: Int, horizon: Int
  ) throws(RecurError) -> [Double] {
    try requireSeries(values, count: period + horizon + 1)
    let growths = (period..<values.count).map { values[$0] - values[$0 - period] }
    let drift = growths.reduce(0, +) / Double(growths.count)
    func seasonal(_ step: Int) -> Double { values[values.count - period + step % period] }
    switch self {
    case .naive: return Array(repeating: values[values.count - 1], count: horizon)
    case .seasonalNaive: return (0..<horizon).map(seasonal)
    case .seasonalNaiveWithDrift:
      return (0..<horizon).map { seasonal($0) + Double($0 / period + 1) * drift }
    case .autoregressive:
      let form = SeriesForm(of: values, period: period, horizon: horizon)
      let known = form.read(values, period: period)
      var series = values
      for x in try Autoregression(fitting: known).forecast(after: known, horizon: horizon) {
        let before = form == .values ? 0 : series[series.count - period]
        series.append(before + x)
      }
      return Array(series.suffix(horizon))
    }
  }
}
