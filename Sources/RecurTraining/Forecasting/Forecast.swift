// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A forecast of a series: quantiles of the values that follow.
public struct Forecast: Sendable, Equatable, Codable {
  /// The levels of the quantiles, rising; one of them is 0.5.
  public let levels: [Double]

  /// The quantiles of each step ahead: one for each level, in rising order.
  public let steps: [[Double]]

  /// The forecaster's ``SeriesForecaster/calibrationFactor``.
  public let calibrationFactor: Double?

  /// The quantile of level 0.5 at each step.
  public var median: [Double] { steps.map { $0[levels.firstIndex(of: 0.5)!] } }

  /// The quantile of the lowest level at each step: the lower end of the prediction interval.
  public var lower: [Double] { steps.map { $0[0] } }
  /// The quantile of the highest level at each step: the upper end of the prediction interval.
  public var upper: [Double] { steps.map { $0[levels.count - 1] } }
}

extension Forecast {
  /// The minimum factor by which the prediction interval covers each of these values; infinite where the
  /// interval has no width on that side.
  func factors(toCover values: ArraySlice<Double>) -> [Double] {
    zip(zip(lower, upper), zip(median, values)).map { interval, center in
      let (median, value) = center
      let end = value < median ? interval.0 : interval.1
      return value == median ? 0 : abs(value - median) / abs(end - median)
    }
  }

  /// The forecast with all quantiles moved away from the median by a factor; 1 if nil.
  func widened(by calibrationFactor: Double?) -> Forecast {
    let factor = calibrationFactor ?? 1
    let steps = zip(steps, median).map { quantiles, median in
      quantiles.map { median + factor * ($0 - median) }
    }
    return Forecast(levels: levels, steps: steps, calibrationFactor: calibrationFactor)
  }
}
