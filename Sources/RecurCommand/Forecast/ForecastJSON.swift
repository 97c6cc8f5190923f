// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// The output of `recur forecast --json`.
struct ForecastJSON: Encodable {
  struct Step: Encodable {
    var date: String

    /// The forecast quantiles, in the order of `levels`.
    var quantiles: [Double]

    /// Null where a baseline is not finite.
    var baselines: [String: Double?]
  }

  struct Score: Encodable {
    var mae: Double
    var mase: Double?
    var maeByStep: [Double?]

    init(_ score: ForecastScore) {
      mae = score.meanAbsoluteError
      mase = score.meanAbsoluteScaledError
      maeByStep = score.errorsByStep
    }
  }

  struct Test: Encodable {
    var origins: Int

    /// The number of values per season, which may differ from that of the forecast: it is chosen from the
    /// values before the first origin.
    var period: Int
    var forecast: Score
    var baselines: [String: Score]
    var coverage: Double

    /// The calibration of each origin; null if the series before the origin was too short for one.
    var calibrations: [ForecastCalibration?]

    /// The baselines whose errors were smaller at every one of at least five origins.
    var worseThan: [String]

    init(_ report: ForecastReport) {
      let tested = report.backtest
      origins = tested.trials.count
      period = report.options.period
      forecast = Score(tested.score)
      baselines = Dictionary(
        uniqueKeysWithValues: zip(
          tested.baselines.map(\.column), tested.baselineScores.map(Score.init)))
      coverage = tested.coverage
      calibrations = tested.trials.map(\.forecast.calibration)
      worseThan = tested.betterBaselines.map(\.column)
    }
  }

  /// What was recognized in the file of the series.
  var series: SeriesRecognition?
  var period: Int

  /// The scale, the methods in the order of the weights, the minimum and the maximum of the forecast, if
  /// they are given, and the unit.
  var scale: SeriesScale?
  var methods: [ForecastComponent]?
  var minimum: Double?
  var maximum: Double?
  var unit: String?
  var levels: [Double]
  var forecast: [Step]

  /// The weights of the components and the factors of the quantiles' distances from the median; absent
  /// if the series is too short to calibrate.
  var calibration: ForecastCalibration?

  /// The backtest; absent if there are too few values for one.
  var backtest: Test?

  init(
    _ table: ForecastTable, _ report: ForecastReport?, period: Int, series: SeriesRecognition? = nil
  ) {
    self.series = series
    self.period = period
    levels = table.forecast.levels
    forecast = table.dates.indices.map { row in
      Step(
        date: "\(table.dates[row])", quantiles: table.forecast.steps[row],
        baselines: Dictionary(
          uniqueKeysWithValues: table.baselines.map { ($0.name.column, $0.values[row].ifFinite) }))
    }
    calibration = table.forecast.calibration
    backtest = report.map(Test.init)
  }

  /// Adds what a forecaster chose.
  mutating func describe(_ forecaster: SeriesForecaster<Float>, unit: String) {
    (scale, methods) = (forecaster.scale, forecaster.components)
    // JSON has no infinite numbers.
    minimum = forecaster.options.minimum?.ifFinite
    maximum = forecaster.options.maximum?.ifFinite
    self.unit = unit.isEmpty ? nil : unit
  }
}
