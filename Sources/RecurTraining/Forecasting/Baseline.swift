// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Simple forecasting methods without a network, for comparison with a model.
public enum Baseline: String, Sendable, Codable, CaseIterable {
  /// The last value, repeated.
  case naive

  /// The last season, repeated.
  case seasonalNaive = "seasonal-naive"

  /// The last season, repeated. Each repetition adds the mean growth over a season.
  case seasonalNaiveWithDrift = "seasonal-naive with drift"

  /// An ``Autoregression`` of the series in the form that ``SeriesForm/init(of:period:horizon:)``
  /// chooses, on the scale that ``SeriesScale/init(of:period:)`` chooses.
  case autoregressive

  /// ``ExponentialSmoothing`` on the same scale.
  case exponentialSmoothing = "exponential smoothing"

  /// Returns the distinct baselines. Without a season, naive and seasonal-naive are the same.
  ///
  /// - Parameter period: the number of values per season; 1 without a season.
  /// - Returns: the baselines.
  public static func all(period: Int) -> [Baseline] {
    allCases.filter { period > 1 || $0 != .seasonalNaive }
  }

  /// Predicts the values that follow a series.
  ///
  /// - Parameters:
  ///   - values: the series, equally spaced in time; all finite.
  ///   - period: the number of values per season; 1 without a season.
  ///   - horizon: the number of values to predict.
  /// - Returns: the predictions.
  /// - Throws: `RecurError.invalid(argument:reason:)` if there are fewer than period + horizon + 1
  ///   values, or if a value is not finite.
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
    case .autoregressive: return try component(.autoregressive, values, period, horizon)
    case .exponentialSmoothing:
      return try component(.exponentialSmoothing, values, period, horizon)
    }
  }

  private func component(
    _ component: ForecastComponent, _ values: [Double], _ period: Int, _ horizon: Int
  ) throws(RecurError) -> [Double] {
    let scale = SeriesScale(of: values, period: period)
    let numbers = try scale.applied(to: values)
    let model = try component.model(fitting: numbers, period: period, horizon: horizon)!
    return model.forecast(after: numbers, horizon: horizon).map(scale.value)
  }
}
