// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

struct ForecastCommand: ParsableCommand, CommandFromFile {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Forecast a series from a CSV file, with a prediction interval.",
    usage: """
      recur forecast <file> --horizon <horizon> [<options>]
      recur forecast <file> --model <model> [<options>]
      """,
    discussion: """
      EXAMPLES
        recur forecast sales.csv --horizon 12
        recur forecast co2.csv --horizon 104 --period 52 --unit ppm --terminal
        recur forecast co2.csv --horizon 52 --backtest 5 --refit --json
        recur forecast sales.csv --model runs/sales/model.safetensors

      The file has a header. Its first column holds increasing dates (YYYY-MM-DD, YYYY-MM or YYYY); an \
      empty field is a missing value. The series ends with its last value that is not missing.

      A backtest comes first: the last values are forecast from those before them, from --backtest \
      origins, and the errors are compared with those of forecasts that need no network. Then networks \
      are trained on the whole series and forecast what comes next. MASE is the mean absolute error \
      divided by that of a seasonal-naive forecast one season ahead within the known values.

      With --model, nothing is trained: the networks, and all options of networks, are those of a file \
      that recur train series wrote. They are tested on the values that came after those they were \
      trained on, if there are as many as the horizon.

      The command writes forecast.csv, backtest.csv and a picture to the folder --output, replacing \
      those of an earlier run. The picture needs gnuplot.
      """)

  @Argument(help: "CSV file of the series.", completion: .file()) var file: String
  @OptionGroup(title: "SERIES") var series: SeriesArguments
  @OptionGroup(title: "FORECAST") var forecast: ForecastArguments
  @OptionGroup(title: "OUTPUT") var output: ForecastOutputArguments
  @OptionGroup(title: "OUTPUT") var format: JSONArguments
  @OptionGroup(title: "NETWORKS") var networks: ForecasterArguments

  func validate() throws {
    try series.requireHorizon(unless: forecast.model != nil)
    guard !(format.json && output.terminal) else {
      throw ValidationError("--json and --terminal cannot both have standard output")
    }
  }

  var fileOption: (name: String, others: [String])? {
    forecast.model.map { _ in
      ("model", ["column", "unit", "json"] + ForecastOutputArguments.names)
    }
  }

  func run() throws {
    let results = try forecast.model.map(forecastOfModel) ?? forecastOfNewModel()
    let (table, tested, series, options, folder) = results
    try write(table, tested, series, options.horizon, to: folder)
    try report(
      table,
      tested.map { ForecastReport(backtest: $0, options: options, unit: forecast.unit) }, options)
  }

  private typealias Results = (
    table: ForecastTable, tested: Backtest?, series: Series, options: ForecasterOptions,
    folder: OutputFolder
  )

  private func forecastOfNewModel() throws -> Results {
    let series = try self.series.read(file)
    let dates = try series.datesAfter(self.series.horizon!)
    let options = try self.series.options(networks, for: series)
    let plan = BacktestOptions(origins: forecast.backtest, refits: forecast.refit)
    try series.require(options, compared: plan, path: file)
    let folder = try folder()
    describe(series)
    if self.series.period == nil {
      note("  by its dates a season is \(options.period) values; --period overrides this")
    }

    var progress = FitProgress(options, fits: plan.fits + 1)
    let tested = try SeriesForecaster<Float>.backtest(
      series.values, options: options, backtest: plan
    ) {
      progress.show($1)
    }
    let values = series.interpolatedValues
    let forecaster = try SeriesForecaster<Float>(fitting: values, options: options) {
      progress.show($0)
    }
    describeInterval(forecaster)
    return (
      try ForecastTable(dates: dates, forecaster, after: values), tested, series, options, folder
    )
  }

  private func forecastOfModel(_ path: String) throws -> Results {
    let model = try SeriesModel(path, for: file, column: series.column)
    let (forecaster, series, last) = (model.forecaster, model.series, model.lastDate)
    let options = forecaster.options
    let dates = try series.datesAfter(options.horizon)
    let folder = try folder()
    describe(series)
    let known = series.dates.count { $0 <= last }
    let tested = try series.tested(forecaster, from: known)
    if tested == nil {
      note(
        "  the networks were trained on values to \(last); to test them takes \(options.horizon) later "
          + "values, and \(options.valuesNeeded) up to that date")
    }
    describeInterval(forecaster)
    return (
      try ForecastTable(dates: dates, forecaster, after: series.interpolatedValues), tested,
      series, options, folder
    )
  }

  private func folder() throws -> OutputFolder {
    try output.folder(for: ["forecast.csv", "backtest.csv"], keeping: [file, forecast.model])
  }

  private func describe(_ series: Series) {
    note("\(file): \(series.dates.count) values, \(series.dates[0]) to \(series.dates.last!)")
    if series.missing > 0 {
      note("  \(series.missing) of them are missing, and are filled by linear interpolation")
    }
  }

  private func describeInterval(_ forecaster: SeriesForecaster<Float>) {
    guard let factor = forecaster.calibrationFactor else {
      note(
        "warning: the prediction interval is likely too narrow: the series is too short to calibrate it"
      )
      return
    }
    let width = factor > 1 ? "was widened by \(fixed(factor, decimals: 2))" : "was not widened"
    note(
      "the prediction interval \(width): it was calibrated on the last quarter of the series, by a "
        + "network that had not seen it")
  }

  private func write(
    _ table: ForecastTable, _ tested: Backtest?, _ series: Series, _ horizon: Int,
    to folder: OutputFolder
  ) throws {
    try folder.write(csv([table.header] + table.rows), to: "forecast.csv")
    let first = max(0, series.dates.count - 3 * horizon)
    let trials = try tested.map { try write($0, series, to: folder) } ?? []
    try output.draw(
      ForecastPicture(
        title: "\(horizon) values after \(series.dates.last!)", unit: forecast.unit,
        observed: series[first..<series.dates.count], tables: trials.suffix(1) + [table]),
      in: folder)
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

  private func report(
    _ table: ForecastTable, _ report: ForecastReport?, _ options: ForecasterOptions
  ) throws {
    if format.json {
      try printJSON(ForecastJSON(table, report, period: options.period))
    } else {
      let horizon = options.horizon
      if let report {
        let count = report.backtest.trials.count
        let origins = count == 1 ? "one origin" : "\(count) origins"
        print("backtest from \(origins), \(horizon) values each:")
        print(report.table)
        print(report.coverage)
      }
      print("forecast: \(horizon) values, \(table.dates[0]) to \(table.dates.last!)")
    }
    report?.warn()
  }
}
