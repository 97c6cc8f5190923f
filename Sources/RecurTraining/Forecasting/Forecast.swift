// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A forecast of a series: quantiles of the values that follow.
public struct Forecast: Sendable, Equatable, Codable {
  /// The levels of the quantiles, in increasing order; one of them is 0.5.
  public let levels: [Double]

  /// The quantiles for each step ahead: one per level, in increasing order.
  public let steps: [[Double]]

  /// The forecaster's ``SeriesForecaster/calibration``.
  public let calibration: ForecastCalibration?

  /// The quantile with level 0.5 at each step.
  public var median: [Double] { steps.map { $0[levels.firstIndex(of: 0.5)!] } }

  /// The quantile with the lowest level at each step: the lower end of the prediction interval.
  public var lower: [Double] { steps.map { $0[0] } }
  /// The quantile with the highest level at each step: the upper end of the prediction interval.
  public var upper: [Double] { steps.map { $0[levels.count - 1] } }
}
