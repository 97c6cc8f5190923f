// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Forecast the held-out last values of a series.",
    usage: "recur demo --data <data> [<options>]",
    discussion: """
      EXAMPLE
        recur demo --data Examples/data/co2-weekly-mauna-loa.csv

      The last --horizon values are held out: they take no part in training, scaling or the choice of \
      weights. All of them are forecast at once from the values before them. The command compares this \
      forecast with simple baselines and writes forecast.csv and a plot, replacing \
      those of an earlier run. The plot requires gnuplot.

      \(SeriesArguments.discussion)
      """)

  @OptionGroup(title: "SERIES") var series: DemoArguments
  @OptionGroup(title: "OUTPUT") var output: ForecastOutputArguments
  @OptionGroup(title: "FORECAST") var interval: IntervalArguments
  @OptionGroup(title: "TUNING") var networks: ForecasterArguments

  func run() throws {
    let (data, horizon, unit) = (self.series.data, self.series.horizon, self.series.unit)
    let series = try Series.read(data, SeriesReading(column: self.series.column))
    let options = networks.options(
      period: self.series.period, horizon: horizon, levels: interval.levels)
    try series.require(options, compared: BacktestOptions(), path: data)
    let folder = try output.folder(for: ["forecast.csv"], keeping: [data])
    let first = series.dates.count - horizon
    describe(series[0..<first], series[first..<series.dates.count])
    options.noteMinimum(of: series[0..<first])

    var progress = FitProgress(options, fits: 1)
    let tested = try SeriesForecaster<Float>.backtest(series.values, options: options) {
      progress.show($1)
    }
    let table = ForecastTable(series, tested.trials[0], tested.baselines)
    try folder.write(csv([table.header] + table.rows), to: "forecast.csv")
    output.draw(
      ForecastPlot(
        contents: "\(counted(horizon, "held-out value")) from \(table.dates[0])", unit: unit,
        observed: series[first..<series.dates.count], tables: [table],
        best: tested.bestBaseline),
      in: folder)
    summarize(ForecastReport(backtest: tested, options: options, unit: unit))
  }

  private func describe(_ known: Series, _ ahead: Series) {
    note(
      "\(series.data): \(counted(known.dates.count, "training value")), \(known.dates[0]) to \(known.dates.last!)"
    )
    note("  missing values: \(known.missing), filled by linear interpolation")
    note(
      "held out: \(counted(ahead.dates.count, "value")), \(ahead.dates[0]) to \(ahead.dates.last!)")
    note("  missing values: \(ahead.missing), excluded from the errors")
  }

  private func summarize(_ report: ForecastReport) {
    print(report.table)
    print(report.coverage)
    report.warn()
    let simple = Baseline.seasonalNaive.rawValue
    let names = report.errorTexts.map(\.name)
    let shown = [
      "forecast", names.contains(simple) ? simple : Baseline.naive.rawValue,
      Baseline.seasonalNaiveWithDrift.rawValue, Baseline.autoregressive.rawValue,
    ]
    let errors = report.errorTexts.filter { shown.contains($0.name) }
      .map { "\($0.name) \($0.text) \(series.unit.printable)" }
    print("demo: mean absolute error: " + errors.joined(separator: ", "))
  }
}
