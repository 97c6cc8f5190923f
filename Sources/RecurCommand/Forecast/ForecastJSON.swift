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
    var forecast: Score
    var baselines: [String: Score]
    var coverage: Double

    /// The factor of each origin; null if the series before the origin was too short to calibrate.
    var calibrationFactors: [Double?]
    var notBetterThan: [String]

    init(_ report: ForecastReport) {
      let tested = report.backtest
      origins = tested.trials.count
      forecast = Score(tested.score)
      baselines = Dictionary(
        uniqueKeysWithValues: zip(
          tested.baselines.map(\.column), tested.baselineScores.map(Score.init)))
      coverage = tested.coverage
      calibrationFactors = tested.trials.map(\.forecast.calibrationFactor)
      notBetterThan = report.unbeaten
    }
  }

  /// What was recognized in the file of the series.
  var series: SeriesRecognition?
  var period: Int
  var levels: [Double]
  var forecast: [Step]

  /// The factor that widens the prediction interval; absent if the series is too short to calibrate.
  var calibrationFactor: Double?

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
    calibrationFactor = table.forecast.calibrationFactor
    backtest = report.map(Test.init)
  }
}
