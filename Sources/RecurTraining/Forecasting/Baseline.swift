// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CLinearAlgebra
import Recur

/// Forecasts without a network, which a model has to beat.
public enum Baseline: String, Sendable, Codable, CaseIterable {
  /// The last value, repeated.
  case naive

  /// The last season, repeated.
  case seasonalNaive = "seasonal-naive"

  /// The last season, repeated, and each time raised by the mean growth over a season.
  case seasonalNaiveWithDrift = "seasonal-naive with drift"

  /// An ``Autoregression`` of the form that ``SeriesForm/init(of:period:horizon:)`` chooses.
  case autoregressive

  /// The baselines that differ: without a season, naive and seasonal-naive are the same.
  ///
  /// - Parameter period: the number of values of a season; 1 without one.
  /// - Returns: the baselines.
  public static func all(period: Int) -> [Baseline] {
    allCases.filter { period > 1 || $0 != .seasonalNaive }
  }

  /// The values that follow.
  ///
  /// - Parameters:
  ///   - values: the series, at equal distances in time; all finite.
  ///   - period: the number of values of a season; 1 without one.
  ///   - horizon: the number of values to predict.
  /// - Returns: the predictions.
  /// - Throws: `RecurError.invalid(argument:reason:)` for fewer than period + horizon + 1 values,
  ///   or one that is not finite.
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
