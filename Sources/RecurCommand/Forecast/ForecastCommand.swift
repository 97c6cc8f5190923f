// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

struct ForecastCommand: ParsableCommand, CommandFromFile {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Forecast one or many time series from a CSV file, with prediction intervals.",
    usage: """
      recur forecast <file> --horizon <horizon> [<options>]
      recur forecast <file> --id <column> --horizon <horizon> [<options>]
      recur forecast <file> --each-column --horizon <horizon> [<options>]
      recur forecast <file> --model <model> [<options>]
      """,
    discussion: """
      EXAMPLES
        recur forecast sales.csv --horizon 12
        recur forecast co2.csv --horizon 104 --unit ppm --terminal
        recur forecast co2.csv --horizon 52 --backtest 5 --refit --json
        recur forecast sales.csv --model runs/sales/model.safetensors
        recur forecast shops.csv --id shop --horizon 6

      \(SeriesArguments.discussion)

      The forecast is a weighted mean of three methods: recurrent networks, an autoregressive model and \
      exponential smoothing. The weights and the widths of the prediction intervals come from the last 25% \
      of the values. Short series are forecast without networks, and shorter ones with equal weights.

      The command first runs a backtest: from each of --backtest origins, it forecasts the next \
      --horizon values from the values before them and compares the errors with those of baselines, which \
      are simple forecasts. It then fits the methods to the whole series and forecasts the values that \
      follow. The backtest does not change the forecast. \
      MASE is the mean absolute error divided by the mean absolute error of seasonal-naive forecasts one \
      season ahead, within the training values.

      With --model, the command trains nothing. The networks and their options come from a file written \
      by recur train series. The backtest uses the values after the training data, if there are at least \
      as many as the horizon.

      The command writes forecast.csv, backtest.csv and a plot to the folder --output, replacing those \
      of an earlier run. The plot requires gnuplot.

      \(PanelArguments.discussion) The command writes forecast.csv with the forecasts of all series, and \
      scores.csv with their errors in the backtest. With --output -, it writes the forecasts to standard \
      output, with --json as one JSON object per line.
      """)

  @Argument(help: "CSV file with the series.", completion: .file()) var file: String
  @OptionGroup(title: "SERIES") var series: SeriesArguments
  @OptionGroup(title: "PANEL") var panel: PanelArguments
  @OptionGroup(title: "PANEL") var panelRun: PanelRunArguments
  @OptionGroup(title: "FORECAST") var forecast: ForecastArguments
  @OptionGroup(title: "FORECAST") var interval: IntervalArguments
  @OptionGroup(title: "FORECAST") var method: MethodArguments
  @OptionGroup(title: "OUTPUT") var output: ForecastOutputArguments
  @OptionGroup(title: "OUTPUT") var format: JSONArguments
  @OptionGroup(title: "TUNING") var networks: ForecasterArguments

  func validate() throws {
    try series.requireHorizon(unless: forecast.model != nil)
    guard !(format.json && output.terminal) else {
      throw ValidationError(
        "--json cannot be combined with --terminal: both write to standard output")
    }
    guard !panel.eachColumn || series.column == nil else {
      throw ValidationError("--column cannot be combined with --each-column")
    }
    guard method.method.isEmpty || method.method.contains(.network) || !panel.hasInputs else {
      throw ValidationError(
        "--known-input, --past-input and --feature need the network, expected --method network, too"
      )
    }
  }

  var fileOption: (name: String, others: [String])? {
    forecast.model.map { _ in
      (
        "model",
        SeriesArguments.readingNames + ["unit", "json", "id", "each-column", "backtest"]
          + ForecastOutputArguments.names + ["on-error", "threads"]
      )
    }
  }

  func run() throws {
    if try isPanel {
      try PanelRun(command: self).run()
      return
    }
    let results = try forecast.model.map(forecastOfModel) ?? forecastOfNewModel()
    try write(results)
    try report(
      results,
      results.tested.map {
        ForecastReport(backtest: $0.backtest, options: $0.options, unit: forecast.unit)
      })
  }

  /// A forecast, its backtest, and what they come from.
  struct Results {
    var table: ForecastTable
    var tested: (backtest: Backtest, options: ForecasterOptions)?
    var series: Series
    var forecaster: SeriesForecaster<Float>
    var folder: OutputFolder
  }

  private func forecastOfNewModel() throws -> Results {
    let series = try self.series.read(file)
    let name = Series.name(of: file)
    let dates = try series.datesAfter(self.series.horizon!, path: name)
    let plan = try ForecastPlan(
      series, origins: forecast.backtest, refits: forecast.refit, path: name
    ) { heldOut in
      try self.series.options(networks, method, interval, for: series, heldOut: heldOut)
    }
    let folder = try folder()
    describe(series)
    try describe(plan, series)

    let options = plan.forecast.options
    var progress = FitProgress(options, fits: trainings(plan, series.values.count))
    let tested = try plan.backtest.map { choice, origins in
      try SeriesForecaster<Float>.backtest(
        series.values, options: choice.options, backtest: origins
      ) { progress.show($1) }
    }
    let values = series.interpolatedValues
    let forecaster = try SeriesForecaster<Float>(fitting: values, options: options) {
      progress.show($0)
    }
    describe(forecaster)
    return Results(
      table: try ForecastTable(dates: dates, forecaster, after: values),
      tested: tested.map { ($0, plan.backtest!.choice.options) }, series: series,
      forecaster: forecaster, folder: folder)
  }

  /// The number of fits with networks, in the backtest and for the forecast.
  private func trainings(_ plan: ForecastPlan, _ count: Int) -> Int {
    let tested =
      plan.backtest.map { choice, plan in
        plan.origins(count: count, horizon: choice.options.horizon).prefix(plan.fits)
          .count { choice.options.usesNetworks($0) }
      } ?? 0
    return tested + (plan.forecast.options.usesNetworks(count) ? 1 : 0)
  }

  private func forecastOfModel(_ path: String) throws -> Results {
    let model = try SeriesModel(path, for: file, series.reading)
    let (forecaster, series, last) = (model.forecaster, model.series, model.lastDate)
    let options = forecaster.options
    let dates = try series.datesAfter(options.horizon, path: Series.name(of: file))
    let folder = try folder()
    describe(series)
    options.noteMinimum(of: series)
    let known = series.dates.count { $0 <= last }
    let (tested, table) = try BadInput.naming(path) {
      (
        try series.tested(forecaster, from: known),
        try ForecastTable(dates: dates, forecaster, after: series.interpolatedValues)
      )
    }
    if tested == nil {
      note(
        "  no backtest: it requires at least \(options.valuesNeeded) values up to \(last), the end of "
          + "the training data, and at least \(options.horizon) after that date")
    }
    describe(forecaster)
    return Results(
      table: table, tested: tested.map { ($0, options) }, series: series, forecaster: forecaster,
      folder: folder)
  }

  private func folder() throws -> OutputFolder {
    try output.folder(for: ["forecast.csv", "backtest.csv"], keeping: [file, forecast.model])
  }

  private func write(_ results: Results) throws {
    let (table, series, tested) = (results.table, results.series, results.tested?.backtest)
    let horizon = table.dates.count
    try results.folder.write(csv([table.header] + table.rows), to: "forecast.csv")
    let first = max(0, series.dates.count - max(3 * horizon, 24))
    let trials = try tested.map { try write($0, series, to: results.folder) } ?? []
    if tested == nil { try results.folder.removeEarlier("backtest.csv") }
    output.draw(
      ForecastPlot(
        contents: "\(counted(horizon, "value")) after \(series.dates.last!)", unit: forecast.unit,
        observed: series[first..<series.dates.count], tables: trials.suffix(1) + [table],
        best: tested?.bestBaseline),
      in: results.folder)
  }

  private func write(
    _ tested: Backtest, _ series: Series, to folder: OutputFolder
  ) throws -> [ForecastTable] {
    let trials = tested.trials.map { ForecastTable(series, $0, tested.baselines) }
    let rows = zip(tested.trials, trials).flatMap { trial, table in
      table.rows.map { ["\(series.dates[trial.known - 1])"] + $0 }
    }
    try folder.write(csv([["last_known"] + trials[0].header] + rows), to: "backtest.csv")
    return trials
  }

  private func report(_ results: Results, _ report: ForecastReport?) throws {
    let table = results.table
    if format.json {
      var json = ForecastJSON(
        table, report, period: results.forecaster.options.period,
        series: results.series.recognition)
      json.describe(results.forecaster, unit: forecast.unit)
      try printJSON(json)
    } else {
      let horizon = table.dates.count
      if let report {
        let count = report.backtest.trials.count
        print(
          count == 1
            ? "backtest from one origin, \(counted(horizon, "value")):"
            : "backtest from \(count) origins, \(counted(horizon, "value")) each:")
        print(report.table)
        print(report.coverage)
      }
      print("forecast: \(counted(horizon, "value")), \(table.span)")
    }
    report?.warn()
  }
}
