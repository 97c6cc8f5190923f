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

      The last values are held out: the network never sees them, and nothing is chosen or scaled by \
      them. The forecast of them is made in one go from the values before, compared with forecasts that \
      need no network, and written to forecast.csv and a picture.

      The file is a CSV file with a header. Its first column holds increasing dates (YYYY-MM-DD, YYYY-MM \
      or YYYY); an empty field is a missing value. The series ends with its last value that is not \
      missing. Results of an earlier run are replaced.
      """)

  @OptionGroup(title: "SERIES") var series: DemoArguments
  @OptionGroup(title: "OUTPUT") var output: ForecastOutputArguments
  @OptionGroup(title: "NETWORKS") var networks: ForecasterArguments

  func run() throws {
    let (data, horizon, unit) = (self.series.data, self.series.horizon, self.series.unit)
    let series = try Series.read(data, column: self.series.column)
    let options = networks.options(period: self.series.period, horizon: horizon)
    try series.require(options, compared: BacktestOptions(), path: data)
    let folder = try output.folder(for: ["forecast.csv"], keeping: [data])
    let first = series.dates.count - horizon
    describe(series[0..<first], series[first..<series.dates.count])

    var progress = FitProgress(options, fits: 1)
    let tested = try SeriesForecaster<Float>.backtest(series.values, options: options) {
      progress.show($1)
    }
    let table = ForecastTable(series, tested.trials[0], tested.baselines)
    try folder.write(csv([table.header] + table.rows), to: "forecast.csv")
    try output.draw(
      ForecastPicture(
        title: "\(horizon) values from \(table.dates[0]) on, never seen in training", unit: unit,
        observed: series[first..<series.dates.count], tables: [table]),
      in: folder)
    summarize(ForecastReport(backtest: tested, options: options, unit: unit))
  }

  private func describe(_ known: Series, _ ahead: Series) {
    note(
      "\(series.data): \(known.dates.count) values to train on, \(known.dates[0]) to \(known.dates.last!)"
    )
    note("  \(known.missing) of them are missing, and are filled by linear interpolation")
    note("held out: \(ahead.dates.count) values, \(ahead.dates[0]) to \(ahead.dates.last!)")
    note("  \(ahead.missing) of them are missing, and are left out of the errors")
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
      ("seasonal-naive", error(series.period > 1 ? .seasonalNaive : .naive)),
      ("with drift", error(.seasonalNaiveWithDrift)), ("autoregressive", error(.autoregressive)),
    ]
    let line = words.compactMap { name, value in
      value.map { "\(name) \(fixed($0, decimals: 3)) \(series.unit)" }
    }
    print("demo: " + line.joined(separator: ", "))
  }
}
