// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// What `recur forecast --json` prints.
struct ForecastJSON: Encodable {
  struct Step: Encodable {
    var date: String

    /// In the order of the levels.
    var quantiles: [Double]
    var baselines: [String: Double]
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

    /// For each origin; null where the series was too short to calibrate.
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

  var period: Int
  var levels: [Double]
  var forecast: [Step]

  /// Missing where the series was too short to calibrate.
  var calibrationFactor: Double?

  /// Missing where nothing could be tested.
  var backtest: Test?

  init(_ table: ForecastTable, _ report: ForecastReport?, period: Int) {
    self.period = period
    levels = table.forecast.levels
    forecast = table.dates.indices.map { row in
      Step(
        date: "\(table.dates[row])", quantiles: table.forecast.steps[row],
        baselines: Dictionary(
          uniqueKeysWithValues: table.baselines.map { ($0.name.column, $0.values[row]) }))
    }
    calibrationFactor = table.forecast.calibrationFactor
    backtest = report.map(Test.init)
  }
}
