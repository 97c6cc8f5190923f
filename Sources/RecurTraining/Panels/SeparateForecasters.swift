// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Forecasts each series of a panel with a ``SeriesForecaster`` of its own, which learns nothing from the
/// other series.
///
/// ```swift
/// let separate = SeparateForecasters<Float>(
///   options: ForecasterOptions(period: 12, horizon: 12))
/// let forecasts = try separate.forecast(
///   after: panel, threads: Threads(count: 2))
/// ```
///
/// Each series is fitted by one thread. Inputs and features of the series are not used.
public struct SeparateForecasters<Scalar: RecurScalar>: PanelMethod {
  /// The options of each forecaster.
  public let options: ForecasterOptions

  public var period: Int { options.period }
  public var horizon: Int { options.horizon }
  public var levels: [Double] { options.levels }
  public var fewestValues: Int { options.leastValues }

  /// - Parameter options: the options of each forecaster.
  public init(options: ForecasterOptions) { self.options = options }

  public func forecast(
    after panel: [PanelSeries], threads: Threads? = nil
  ) throws -> [Forecast] {
    try concurrently(panel.count, threads: threads) { index throws(any Error) in
      let series = panel[index]
      return try naming(series) {
        try SeriesForecaster<Scalar>(fitting: series.values, options: options)
          .forecast(after: series.values)
      }
    }
  }

  public func scores(
    of panel: [PanelSeries], origins: Int, threads: Threads? = nil
  ) throws -> [PanelSeriesScore?] {
    try require("origins", origins, origins >= 1, "at least 1")
    return try concurrently(panel.count, threads: threads) { index throws(any Error) in
      let series = panel[index]
      let possible = (series.values.count - options.leastValues) / horizon
      guard possible > 0 else { return nil }
      let observed = series.observedValues
      guard observed.suffix(min(origins, possible) * horizon).contains(where: { $0 != nil }) else {
        return nil
      }
      return try naming(series) {
        let backtest = try SeriesForecaster<Scalar>.backtest(
          observed, options: options, backtest: .init(origins: min(origins, possible)))
        return PanelSeriesScore(series.id, backtest.trials)
      }
    }
  }

  /// Adds the name of a series to an error.
  private func naming<Result>(
    _ series: PanelSeries, _ body: () throws -> Result
  ) throws -> Result {
    do { return try body() } catch RecurError.invalid(let argument, let reason) {
      throw RecurError.invalid(
        argument: "series \"\(series.id)\"", reason: "\(argument) \(reason)")
    }
  }
}
