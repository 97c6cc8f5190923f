// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

@testable import RecurCommand
@testable import RecurTraining

/// A series of six years and a backtest of it, with chosen numbers.
enum SmallBacktest {
  static let options = ForecasterOptions(period: 2, horizon: 2, levels: [0.1, 0.5, 0.9])

  static func series() throws -> Series {
    Series(
      dates: try (2000..<2006).map { try SeriesDate("\($0)", at: "f") },
      values: [1, 2, nil, 4, 5.5, nil])
  }

  /// Two trials: after three and after four values.
  static func backtest(factors: [Double?] = [1.25, 2], scale: Double = 1) throws -> Backtest {
    func trial(_ known: Int, _ observed: [Double?], _ factor: Double?, unit: Double)
      -> Backtest.Trial
    {
      Backtest.Trial(
        known: known, observed: observed.map { $0.map { $0 * scale } },
        forecast: Forecast(
          levels: [0.1, 0.5, 0.9],
          steps: [[1, 2, 3.5], [2, 3, 4]].map { $0.map { $0 * scale } },
          calibration: factor.map {
            ForecastCalibration(weights: [1], factors: [$0, 1, $0], error: 1)
          }),
        baselines: [
          [2, 2], [2, .infinity], [3.5, 5], [1, 1.25], [1, 1.25],
        ].map { $0.map { $0 * scale } }, unit: unit)
    }
    return try Backtest(
      [
        trial(3, [4, 5.5], factors[0], unit: 2 * scale),
        trial(4, [3.5, nil], factors[1], unit: scale),
      ], options)
  }
}
