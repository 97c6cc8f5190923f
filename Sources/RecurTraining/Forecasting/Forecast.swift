// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A forecast of a series: quantiles of the values that follow.
public struct Forecast: Sendable, Equatable, Codable {
  /// The levels of the quantiles, in increasing order; one of them is 0.5.
  public let levels: [Double]

  /// The quantiles for each step ahead: one per level, in increasing order.
  public let steps: [[Double]]

  /// The forecaster's ``SeriesForecaster/calibrationFactor``.
  public let calibrationFactor: Double?

  /// The quantile with level 0.5 at each step.
  public var median: [Double] { steps.map { $0[levels.firstIndex(of: 0.5)!] } }

  /// The quantile with the lowest level at each step: the lower end of the prediction interval.
  public var lower: [Double] { steps.map { $0[0] } }
  /// The quantile with the highest level at each step: the upper end of the prediction interval.
  public var upper: [Double] { steps.map { $0[levels.count - 1] } }
}

extension Forecast {
  /// Returns, for each value, the minimum factor that widens the prediction interval enough to
  /// cover it; infinite if the interval has no width on that side.
  func factors(toCover values: ArraySlice<Double>) -> [Double] {
    zip(zip(lower, upper), zip(median, values)).map { interval, center in
      let (median, value) = center
      let end = value < median ? interval.0 : interval.1
      return value == median ? 0 : abs(value - median) / abs(end - median)
    }
  }

  /// Returns the forecast with each quantile's distance from the median multiplied by a factor (1
  /// if nil).
  func widened(by calibrationFactor: Double?) -> Forecast {
    let factor = calibrationFactor ?? 1
    let steps = zip(steps, median).map { quantiles, median in
      quantiles.map { median + factor * ($0 - median) }
    }
    return Forecast(levels: levels, steps: steps, calibrationFactor: calibrationFactor)
  }
}
