// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// What a forecaster's network reads and says of a series y.
public enum SeriesForm: String, Sendable, Codable, CaseIterable {
  /// Reads y_t − y_{t−period}; says how far a value lies above the last known season, which is taken as
  /// its mean and the shape that the last few seasons have in the mean.
  case seasonalDifferences

  /// Reads y_t; says a value.
  case values

  /// The one that leaves less to say: differences if over all of the series the last known season lies
  /// nearer to what comes in the next `horizon` values than the mean of the series does.
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

  /// How many values the first one that can be read takes before it.
  func offset(period: Int) -> Int { self == .values ? 0 : period }

  /// All that can be read of a series: x_t for t from `offset` on.
  func read(_ values: [Double], period: Int) -> [Double] {
    self == .values
      ? values : (period..<max(period, values.count)).map { values[$0] - values[$0 - period] }
  }

  /// What is added to what is said of each step, where so many values are known.
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
