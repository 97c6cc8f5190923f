// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// A forecast next to the baselines and, in a backtest, the observed values.
struct ForecastTable {
  var dates: [SeriesDate]

  /// The observed values; nil for a forecast of the future.
  var observed: [Double?]?
  var forecast: Forecast
  var baselines: [(name: Baseline, values: [Double])]

  init(_ series: Series, _ trial: Backtest.Trial, _ baselines: [Baseline]) {
    dates = Array(series.dates[trial.known..<trial.known + trial.observed.count])
    observed = trial.observed
    forecast = trial.forecast
    self.baselines = Array(zip(baselines, trial.baselines))
  }

  /// Creates the forecast of the values that follow `values`.
  init(dates: [SeriesDate], _ forecaster: SeriesForecaster<Float>, after values: [Double]) throws {
    let (period, horizon) = (forecaster.options.period, forecaster.options.horizon)
    self.dates = dates
    forecast = try forecaster.forecast(after: values)
    baselines = try Baseline.all(period: period).map {
      ($0, try $0.forecast(after: values, period: period, horizon: horizon))
    }
  }

  /// The first and the last date.
  var span: String { dates.count == 1 ? "\(dates[0])" : "\(dates[0]) to \(dates.last!)" }

  var header: [String] {
    ["date"] + (observed == nil ? [] : ["observed"]) + ["forecast"]
      + outerLevels.map { "quantile_\(shortest($0.level))" } + baselines.map(\.name.column)
  }

  /// The rows of the table, one per date.
  var rows: [[String]] {
    dates.indices.map { row in
      let step = forecast.steps[row]
      return ["\(dates[row])"] + (observed.map { [field($0[row])] } ?? [])
        + [field(forecast.median[row])] + outerLevels.map { field(step[$0.index]) }
        + baselines.map { field($0.values[row].ifFinite) }
    }
  }

  /// The forecast of a baseline that the table has.
  func values(of baseline: Baseline) -> [Double] {
    baselines.first { $0.name == baseline }!.values
  }

  /// The levels other than the median.
  private var outerLevels: [(index: Int, level: Double)] {
    forecast.levels.enumerated().filter { $0.element != 0.5 }.map { ($0.offset, $0.element) }
  }
}

extension Double {
  /// The number; nil if it is not finite. A baseline may grow beyond every number.
  var ifFinite: Double? { isFinite ? self : nil }
}

extension Baseline {
  /// The name of the baseline's column.
  var column: String { rawValue.replacing(/[- ]/, with: "_") }
}

extension Backtest {
  /// The baseline with the smallest error.
  var bestBaseline: Baseline? {
    zip(baselines, baselineScores).min { $0.1.meanAbsoluteError < $1.1.meanAbsoluteError }?.0
  }
}
