// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The form in which a forecaster's network reads and predicts a series y.
public enum SeriesForm: String, Sendable, Codable, CaseIterable {
  /// Seasonal differences: reads yₜ − yₜ₋ₚ, where p is the period. Predicts the difference of each
  /// value from a base: the mean shape of the last few seasons, shifted to the mean of the last
  /// season.
  case seasonalDifferences

  /// The values themselves: reads yₜ and predicts values.
  case values

  /// Creates the form that suits a series: seasonal differences if, over the whole series, the last
  /// known season is closer to the next `horizon` values than the mean of the series is.
  ///
  /// - Parameters:
  ///   - values: the series, equally spaced in time.
  ///   - period: the number of values per season; 1 without a season.
  ///   - horizon: the number of values to forecast.
  public init(of values: [Double], period: Int, horizon: Int) {
    let mean = values.reduce(0, +) / Double(values.count)
    var (fromSeason, fromMean) = (0.0, 0.0)
    if values.count >= period + horizon {
      for known in period...values.count - horizon {
        for step in 0..<horizon {
          let value = values[known + step]
          fromSeason += abs(value - values[known - period + step % period])
          fromMean += abs(value - mean)
        }
      }
    }
    self = fromSeason <= fromMean ? .seasonalDifferences : .values
  }

  /// Returns the number of values before the first readable one.
  func offset(period: Int) -> Int { self == .values ? 0 : period }

  /// Returns the readable values of a series: xₜ for t from `offset` on.
  func read(_ values: [Double], period: Int) -> [Double] {
    self == .values
      ? values : (period..<max(period, values.count)).map { values[$0] - values[$0 - period] }
  }

  /// Returns the base of each step ahead after the first `known` values. The prediction is added to
  /// the base.
  func bases(
    _ values: [Double], known: Int, horizon: Int, period: Int, seasons: Int
  ) -> [Double] {
    guard self == .seasonalDifferences else { return Array(repeating: 0, count: horizon) }
    func mean(_ count: Int) -> Double {
      values[known - count..<known].reduce(0, +) / Double(count)
    }
    let rise = mean(period) - mean(seasons * period)
    let season = (0..<period).map { place in
      let sum = (1...seasons).reduce(0.0) { $0 + values[known - $1 * period + place] }
      return sum / Double(seasons) + rise
    }
    return (0..<horizon).map { season[$0 % period] }
  }
}
