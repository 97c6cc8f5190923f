// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Recur
import RecurTraining

/// The series of a panel and their inputs.
struct PanelArguments: ParsableArguments {
  static let discussion = """
    A panel is a CSV file with many series. The column --id names the series of each row, and the rows of \
    a series are next to each other. If the header has dates or numbers, each row is a series. With \
    --each-column, each column of numbers is a series. \
    One network learns from all series. Its forecasts are combined with those of an autoregressive model \
    and exponential smoothing of each series.

    Inputs known ahead, such as prices and holidays, need rows with empty values for the steps ahead.
    """

  enum OnError: String, ExpressibleByArgument, CaseIterable { case stop, skip }

  @Option(
    help: ArgumentHelp(
      "Forecast all series of a panel; this column names them.", valueName: "column"))
  var id: String?
  @Flag(help: "Forecast all columns of numbers as series; the header names them.")
  var eachColumn = false
  @Option(
    help: ArgumentHelp(
      "Column of an input known ahead; repeatable.", valueName: "column"))
  var knownInput: [String] = []
  @Option(
    help: ArgumentHelp(
      "Column of an input known up to the present; repeatable.", valueName: "column"))
  var pastInput: [String] = []
  @Option(
    help: ArgumentHelp(
      "Column of a number or a text that describes a series; repeatable.",
      valueName: "column"))
  var feature: [String] = []
  @Option(help: "What to do with a series of a panel that cannot be read.")
  var onError = OnError.stop
  @Option(help: "Training steps of the network of a panel.") var steps = PanelOptions(horizon: 1)
    .steps

  func validate() throws {
    try requireCounts([("--steps", steps)])
    guard id == nil || !eachColumn else {
      throw ValidationError("--id cannot be combined with --each-column")
    }
    guard isGiven || !hasInputs else {
      throw ValidationError(
        "--known-input, --past-input and --feature need a panel, expected --id or --each-column")
    }
  }

  /// Whether the file has many series.
  var isGiven: Bool { id != nil || eachColumn }

  var hasInputs: Bool { knownInput + pastInput + feature != [] }

  func reading(_ series: SeriesArguments) -> PanelReading? {
    guard isGiven else { return nil }
    return PanelReading(
      id: id, series: series.reading, known: knownInput, past: pastInput, features: feature)
  }
}

/// How the series of a panel are forecast, besides the options that the training of a network has, too.
struct PanelRunArguments: ParsableArguments {
  @Flag(help: "Fit a separate forecaster to each series, instead of one network to all.")
  var separate = false
  @Option(
    help: "Number of threads for a panel; does not change results. (default: one per processor)")
  var threads: Int?

  func validate() throws {
    guard 1...64 ~= threads ?? 1 else {
      throw ValidationError("--threads is \(threads!), expected 1 to 64")
    }
  }

  func makeThreads() throws -> Threads { try Threads(count: threads ?? 64) }
}
