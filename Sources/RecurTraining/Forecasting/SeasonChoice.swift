// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A number of values per season, and how it was chosen.
package struct SeasonChoice: Sendable, Equatable {
  package enum Reason: Sendable, Equatable {
    /// The candidates were compared by their errors on the last 25% of the series.
    case compared

    /// It is the first candidate that the series is long enough for, and was not compared.
    case usual

    /// The series has fewer values than these, which the shortest season needs.
    case tooShort(needed: Int, season: Int)

    /// There is no candidate.
    case none
  }

  package var period: Int
  package var reason: Reason
}

extension ForecasterOptions {
  /// Chooses the number of values per season by the data.
  ///
  /// For each candidate, autoregression and exponential smoothing are fitted without the last 25%
  /// of the series and forecast it. The candidate with the least mean absolute error is chosen.
  ///
  /// - Parameters:
  ///   - values: the series, equally spaced in time; all finite.
  ///   - candidates: the numbers of values per season to compare, at least 1 each. A candidate of
  ///     which the series has too few seasons is left out: fewer than three, or fewer than two if it is
  ///     the only one. So is a candidate with more than count − horizon − 2 values.
  ///   - horizon: the number of values to forecast, at least 1.
  /// - Returns: the period: 1 if there is no candidate. If the series is too short for a comparison,
  ///   the first candidate.
  /// - Throws: `RecurError` if an argument is out of range, or if a value is not finite.
  public static func period(
    of values: [Double], among candidates: [Int], horizon: Int
  ) throws(RecurError) -> Int {
    try seasonChoice(of: values, among: candidates, horizon: horizon).period
  }

  /// Chooses the number of values per season, as ``period(of:among:horizon:)`` does.
  package static func seasonChoice(
    of values: [Double], among candidates: [Int], horizon: Int
  ) throws(RecurError) -> SeasonChoice {
    let seasons = candidates.count == 1 ? 2 : 3
    func needed(_ period: Int) -> Int {
      period > 1 ? max(seasons * period, period + horizon + 2) : 0
    }
    let periods = candidates.filter { needed($0) <= values.count }
    guard periods.contains(where: { $0 > 1 }) else {
      let shortest = candidates.filter { $0 > 1 }.min()
      return SeasonChoice(
        period: 1,
        reason: shortest.map { .tooShort(needed: needed($0), season: $0) } ?? .none)
    }
    guard periods.count > 1 else { return SeasonChoice(period: periods[0], reason: .usual) }
    var best: (period: Int, error: Double)?
    for period in periods {
      guard
        let error = try error(of: values, period: period, longest: periods.max()!, horizon: horizon)
      else { break }
      if error < best?.error ?? .infinity { best = (period, error) }
    }
    return best.map { SeasonChoice(period: $0.period, reason: .compared) }
      ?? SeasonChoice(period: periods[0], reason: .usual)
  }

  /// The mean absolute error on the last 25% of a series; nil if the series is too short for it.
  private static func error(
    of values: [Double], period: Int, longest: Int, horizon: Int
  ) throws(RecurError) -> Double? {
    let options = ForecasterOptions(
      period: period, horizon: horizon, components: [.autoregressive, .exponentialSmoothing],
      levels: [0.5])
    try options.validate()
    let needed = longest + horizon + 2
    guard let plan = CalibrationPlan(count: values.count, needed: needed, options) else {
      return nil
    }
    let forecaster = SeriesForecaster<Double>(
      options: options, scale: options.scale(for: values), scaling: nil, calibration: nil,
      models: [])
    return try forecaster.calibration(plan, values).error
  }
}
