// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

struct ForecastCommand: ParsableCommand, CommandFromFile {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Forecast a series from a CSV file, with a range.",
    discussion: """
      EXAMPLES
        recur forecast sales.csv --horizon 12
        recur forecast co2.csv --horizon 104 --period 52 --unit ppm --terminal
        recur forecast co2.csv --horizon 52 --backtest 5 --refit --json > forecast.json
        recur forecast sales.csv --model runs/sales/model.safetensors

      The series has a header; dates (YYYY-MM-DD, YYYY-MM or YYYY, increasing) come first, and a \
      missing value is an empty field. The series ends with its last value that is not missing.

      First the last values are forecast from those before them, as often as --backtest says, which \
      tells how good the forecast is beside forecasts that need no network. Then networks are trained on \
      all of the series and forecast what comes next. MASE is the mean absolute error in units of that \
      of a seasonal-naive forecast, one season ahead, within the values known.

      With --model the networks are those of a file that recur train series wrote, and nothing is \
      trained. How good they are is then told by the values of the series that came after those they \
      were trained on, if there are as many as the horizon; the other options of networks are the file's.

      forecast.csv, backtest.csv and a picture go to the folder --output, where results of an earlier \
      run are replaced; the picture needs gnuplot.
      """)

  @Argument(help: "The series, a CSV file.") var file: String
  @Option(help: "How many values to forecast.") var horizon: Int?
  @Option(help: "The networks, as recur train series wrote them.") var model: String?
  @Option(help: "How many values make a season; by the dates if not given, 1 for none.")
  var period: Int?
  @Option(help: "The column of values; the second one if not given.") var column: String?
  @Option(help: "What the values are measured in.") var unit = ""
  @Option(help: "The folder for what is written.") var output = "."
  @Option(help: "From how many origins, a horizon apart, known values are forecast.")
  var backtest = 1
  @Flag(help: "Train anew for each of these origins.") var refit = false
  @Flag(help: "Print one JSON object in place of a table.") var json = false
  @OptionGroup(title: "PICTURE") var picture: PictureArguments
  @OptionGroup(title: "NETWORKS") var networks: ForecasterArguments

  func validate() throws {
    try requireCounts([
      ("--horizon", horizon ?? 1), ("--period", period ?? 1), ("--backtest", backtest),
    ])
    guard horizon != nil || model != nil else { throw ValidationError("--horizon is missing") }
    guard !(json && picture.terminal) else {
      throw ValidationError("--json and --terminal cannot both have standard output")
    }
    guard !refit || backtest > 1 else {
      throw ValidationError("--refit is of no use with one origin; --backtest gives more")
    }
  }

  var fileOption: (name: String, others: [String])? {
    model.map { _ in
      ("model", ["column", "unit", "output", "json", "picture-format", "terminal"])
    }
  }

  func run() throws {
    let forecast = try model.map(forecastOfModel) ?? forecastOfNewModel()
    let (table, tested, series, options, folder) = forecast
    try write(table, tested, series, options.horizon, to: folder)
    try report(
      table, tested.map { ForecastReport(backtest: $0, options: options, unit: unit) }, options)
  }

  private typealias Results = (
    table: ForecastTable, tested: Backtest?, series: Series, options: ForecasterOptions,
    folder: OutputFolder
  )

  private func forecastOfNewModel() throws -> Results {
    let horizon = horizon!
    let series = try Series.read(file, column: column)
    let dates = try series.datesAfter(horizon)
    let options = networks.options(
      period: try period ?? series.interval().usualPeriod, horizon: horizon)
    let plan = BacktestOptions(origins: backtest, refits: refit)
    try series.require(options, compared: plan, path: file)
    let folder = try folder()
    describe(series)
    if period == nil {
      note("  by its dates a season is \(options.period) values; --period says otherwise")
    }

    var progress = FitProgress(options, fits: plan.fits + 1)
    let tested = try SeriesForecaster<Float>.backtest(series.values, options, plan) {
      progress.show($1)
    }
    let values = series.interpolatedValues
    let forecaster = try SeriesForecaster<Float>(fitting: values, options) { progress.show($0) }
    describeRange(forecaster)
    return (
      try ForecastTable(dates: dates, forecaster, after: values), tested, series, options, folder
    )
  }

  private func forecastOfModel(_ path: String) throws -> Results {
    let model = try SeriesModel(path, for: file, column: column)
    let (forecaster, series, last) = (model.forecaster, model.series, model.lastDate)
    let options = forecaster.options
    let dates = try series.datesAfter(options.horizon)
    let folder = try folder()
    describe(series)
    let known = series.dates.count { $0 <= last }
    let tested = try series.tested(forecaster, from: known)
    if tested == nil {
      note(
        "  the networks were trained on values to \(last); with \(options.horizon) later ones, and "
          + "\(options.valuesNeeded) to there, it could be told how good they are")
    }
    describeRange(forecaster)
    return (
      try ForecastTable(dates: dates, forecaster, after: series.interpolatedValues), tested,
      series, options, folder
    )
  }

  private func folder() throws -> OutputFolder {
    try OutputFolder(
      output, for: ["forecast.csv", "backtest.csv", picture.fileName], keeping: [file, model])
  }

  private func describe(_ series: Series) {
    note("\(file): \(series.dates.count) values, \(series.dates[0]) to \(series.dates.last!)")
    if series.missing > 0 {
      note("  \(series.missing) of them are missing, and stand on a line between their neighbours")
    }
  }

  private func describeRange(_ forecaster: SeriesForecaster<Float>) {
    guard let stretch = forecaster.calibrationFactor else {
      note("warning: the range is likely too narrow, because the series is too short to test it")
      return
    }
    let said = stretch > 1 ? "is stretched by \(fixed(stretch, decimals: 2))" : "is not stretched"
    note(
      "the range of the forecast \(said): a network that had not seen the last quarter of the series "
        + "was tested on it")
  }

  private func write(
    _ table: ForecastTable, _ tested: Backtest?, _ series: Series, _ horizon: Int,
    to folder: OutputFolder
  ) throws {
    try folder.write(csv([table.header] + table.rows), to: "forecast.csv")
    let first = max(0, series.dates.count - 3 * horizon)
    let trials = try tested.map { try write($0, series, to: folder) } ?? []
    try picture.draw(
      ForecastPicture(
        title: "\(horizon) values after \(series.dates.last!)", unit: unit,
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
    if json {
      try printJSON(ForecastJSON(table, report, period: options.period))
    } else {
      let horizon = options.horizon
      if let report {
        let count = report.backtest.trials.count
        let origins = count == 1 ? "one origin" : "\(count) origins"
        print("forecasts of known values, from \(origins), \(horizon) values each:")
        print(report.table)
        print(report.coverage)
      }
      print("forecast: \(horizon) values, \(table.dates[0]) to \(table.dates.last!)")
    }
    report?.warn()
  }
}
