// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Train a network on a series and forecast its last values.",
    discussion: """
      EXAMPLE
        recur demo --data Examples/data/co2-weekly-mauna-loa.csv --output build/demo

      The last values are held out: the network never sees them, nor is anything chosen or scaled by \
      them. Their forecast, made in one go from what precedes them, is compared with forecasts that need \
      no network, and written as forecast.csv and a picture.

      The series is a CSV file with a header; dates (YYYY-MM-DD, YYYY-MM or YYYY, increasing) come \
      first, and a missing value is an empty field. The series ends with its last value that is not \
      missing. Results of an earlier run are replaced.
      """)

  @Option(help: "The series, a CSV file.") var data: String
  @Option(help: "Its column of values; the second one if not given.") var column: String?
  @Option(help: "What the values are measured in.") var unit = "ppm"
  @Option(help: "The folder for what is written.") var output = "."
  @Option(help: "How many values to hold out and forecast.") var horizon = 104
  @Option(help: "How many values make a season.") var period = 52
  @OptionGroup(title: "PICTURE") var picture: PictureArguments
  @OptionGroup(title: "NETWORKS") var networks: ForecasterArguments

  func validate() throws {
    try requireCounts([("--horizon", horizon), ("--period", period)])
  }

  func run() throws {
    let series = try Series.read(data, column: column)
    let options = networks.options(period: period, horizon: horizon)
    try series.require(options, compared: BacktestOptions(), path: data)
    let folder = try OutputFolder(
      output, for: ["forecast.csv", picture.fileName], keeping: [data])
    let first = series.dates.count - horizon
    describe(series[0..<first], series[first..<series.dates.count])

    var progress = FitProgress(options, fits: 1)
    let tested = try SeriesForecaster<Float>.backtest(series.values, options) {
      progress.show($1)
    }
    let table = ForecastTable(series, tested.trials[0], tested.baselines)
    try folder.write(csv([table.header] + table.rows), to: "forecast.csv")
    try picture.draw(
      ForecastPicture(
        title: "\(horizon) values from \(table.dates[0]) on, never seen in training", unit: unit,
        observed: series[first..<series.dates.count], tables: [table]),
      in: folder)
    summarize(ForecastReport(backtest: tested, options: options, unit: unit))
  }

  private func describe(_ known: Series, _ ahead: Series) {
    note(
      "\(data): \(known.dates.count) values to train on, \(known.dates[0]) to \(known.dates.last!)")
    note("  \(known.missing) of them are missing, and stand on a line between their neighbours")
    note("held out: \(ahead.dates.count) values, \(ahead.dates[0]) to \(ahead.dates.last!)")
    note("  \(ahead.missing) of them are missing, and are not compared with")
  }

  private func summarize(_ report: ForecastReport) {
    print(report.table)
    print(report.coverage)
    report.warn()
    func error(_ baseline: Baseline) -> Double? {
      report.backtest.baselines.firstIndex(of: baseline).map {
        report.backtest.baselineScores[$0].meanAbsoluteError
      }
    }
    let words: [(String, Double?)] = [
      ("forecast error", report.backtest.score.meanAbsoluteError),
      ("seasonal-naive", error(period > 1 ? .seasonalNaive : .naive)),
      ("with drift", error(.seasonalNaiveWithDrift)), ("autoregressive", error(.autoregressive)),
    ]
    let line = words.compactMap { name, value in
      value.map { "\(name) \(fixed($0, decimals: 3)) \(unit)" }
    }
    print("demo: " + line.joined(separator: ", "))
  }
}
