// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Train a simple recurrent network on a series and forecast its last weeks.",
    discussion: """
      The last values are held out: the network never sees them, nor is anything chosen or scaled by \
      them. Their forecast, made in one go from what precedes them, is compared with seasonal-naive, \
      plain and with drift, and written as forecast.csv and forecast.png.

      The series is a CSV file with a header; dates (YYYY-MM-DD, YYYY-MM or YYYY, increasing) come \
      first, and a missing value is an empty field. Results of an earlier run are replaced.

      EXAMPLE
        recur demo --data Examples/data/co2-weekly-mauna-loa.csv --output build/demo
      """)

  @Option(help: "The series, a CSV file.") var data: String
  @Option(help: "Its column of values; the second one if not given.") var column: String?
  @Option(help: "What the values are measured in.") var unit = "ppm"
  @Option(help: "The folder for forecast.csv and forecast.png.") var output = "."
  @Option(help: "How many values to hold out and forecast.") var horizon = 104
  @Option(help: "How many values make a season.") var period = 52
  @Option(help: "How many values the network reads before a forecast.") var window = 104
  @Option(help: "Hidden units.") var hidden = 32
  @Option(help: "Times to go through the training part.") var epochs = 20
  @Option(help: "Windows in a batch.") var batch = 64
  @Option(help: "Adam's first learning rate; it falls to zero as a cosine.") var rate = 0.002
  @Option(help: "The gradient's norm is clipped to this.") var clip = 1.0
  @Option(help: "Seed of the first weights and of the order of the batches.") var seed: UInt64 = 1

  func validate() throws {
    let counts = [
      ("--horizon", horizon), ("--period", period), ("--window", window), ("--hidden", hidden),
      ("--epochs", epochs), ("--batch", batch),
    ]
    for (name, value) in counts where !(1...1_000_000).contains(value) {
      throw ValidationError("\(name) is \(value), expected 1 to 1000000")
    }
    for (name, value) in [("--rate", rate), ("--clip", clip)] where !(value > 0 && value.isFinite) {
      throw ValidationError("\(name) is \(value), expected a positive number")
    }
  }

  func run() throws {
    let series = try readSeries()
    let files = try ForecastFiles(folder: output)
    let known = series[0..<series.values.count - horizon]
    let ahead = series[series.values.count - horizon..<series.values.count]
    describe(known, ahead)

    let windows = Windows(known.interpolated(), period: period, length: window, horizon: horizon)
    var training = try DemoTraining(self, windows)
    note("checking the gradient of one batch against the reference")
    let check = try training.checkGradients()
    note(
      "  largest difference \(scientific(check.largestDifference)), of gradients up to "
        + "\(scientific(check.largestGradient)): "
        + (check.agrees ? "agrees" : "DIFFERS by more than \(scientific(check.bound))"))
    try training.run()

    let table = try forecasts(training.model, windows, ahead)
    try write(table, to: files)
    summarize(table, check)
    guard check.agrees else { throw ExitCode(1) }
  }

  private func readSeries() throws -> Series {
    let series = try Series.read(data, column: column)
    let needed = Windows.valuesNeeded(period: period, length: window, horizon: horizon) + horizon
    guard series.values.count >= needed else {
      throw BadInput(
        "\(data): has \(series.values.count) values, expected at least \(needed) for this period, "
          + "window and horizon")
    }
    guard series[0..<series.values.count - horizon].values.contains(where: { $0 != nil }),
      series[series.values.count - horizon..<series.values.count].values.contains(where: {
        $0 != nil
      })
    else {
      throw BadInput("\(data): has no values to train on, or none to compare with")
    }
    return series
  }

  private func describe(_ known: Series, _ ahead: Series) {
    note(
      "\(data): \(known.dates.count) values to train on, \(known.dates[0]) to \(known.dates.last!)")
    note("  \(known.missing) of them are missing, and stand on a line between their neighbours")
    note("held out: \(ahead.dates.count) values, \(ahead.dates[0]) to \(ahead.dates.last!)")
    note("  \(ahead.missing) of them are missing, and are not compared with")
  }

  private func forecasts(
    _ model: Forecaster, _ windows: Windows, _ ahead: Series
  ) throws -> ForecastFiles.Table {
    let output = try model(windows.inputs([windows.values.count]))
    let naive = windows.seasonal
    return ForecastFiles.Table(
      names: ["forecast", "seasonal_naive", "seasonal_naive_drift"],
      dates: ahead.dates, observed: ahead.values,
      forecasts: [
        windows.forecast(output, known: windows.values.count),
        naive.forecast(windows.values, horizon: horizon, drift: false),
        naive.forecast(windows.values, horizon: horizon, drift: true),
      ])
  }

  private func write(_ table: ForecastFiles.Table, to files: ForecastFiles) throws {
    let csv = try files.write(table)
    note("forecast written to \(csv.path)")
    let title = "\(horizon) values from \(table.dates[0]) on, never seen in training"
    try files.draw(csv, rows: table.dates.count, title: title, unit: unit)
  }

  private func summarize(_ table: ForecastFiles.Table, _ check: GradientCheck) {
    let errors = table.forecasts.map { meanAbsoluteError($0, table.observed) }
    let words = zip(["forecast error", "seasonal-naive", "with drift"], errors).map {
      "\($0) \(fixed($1, decimals: 3)) \(unit)"
    }
    for (name, error) in zip(["seasonal-naive", "seasonal-naive with drift"], errors.dropFirst())
    where errors[0] >= error {
      note("warning: the network is no better than \(name)")
    }
    print(
      "demo: " + words.joined(separator: ", ") + ", gradient check "
        + scientific(check.largestDifference))
  }

  private func scientific(_ value: Double) -> String { String(format: "%.1e", value) }
}
