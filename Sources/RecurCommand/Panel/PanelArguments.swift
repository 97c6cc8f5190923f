// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Recur
import RecurTraining

/// The series of a panel and their inputs.
struct PanelArguments: ParsableArguments {
  static let discussion = """
    A panel is a CSV file with many series. The column --id names the series of each row, and the rows of \
    a series are next to each other. In a wide file, the header has the dates and each row is a series. \
    One network learns from all series. Its forecasts are combined with those of an autoregressive model \
    and exponential smoothing of each series.

    Inputs known ahead, such as prices and holidays, need rows with empty values for the steps ahead.
    """

  @Option(
    help: ArgumentHelp(
      "Forecast all series of a panel; this column names them.", valueName: "column"))
  var id: String?
  @Option(
    help: ArgumentHelp(
      "Column of an input known ahead, with --id; repeatable.", valueName: "column"))
  var knownInput: [String] = []
  @Option(
    help: ArgumentHelp(
      "Column of an input known up to the present, with --id; repeatable.", valueName: "column"))
  var pastInput: [String] = []
  @Option(
    help: ArgumentHelp(
      "Column of a number or a text that describes a series, with --id; repeatable.",
      valueName: "column"))
  var feature: [String] = []
  @Option(help: "Training steps of the network, with --id.") var steps = PanelOptions(horizon: 1)
    .steps

  func validate() throws {
    try requireCounts([("--steps", steps)])
    guard id != nil || !hasInputs else {
      throw ValidationError(
        "--known-input, --past-input and --feature need --id, expected the column that names the series"
      )
    }
  }

  var hasInputs: Bool { knownInput + pastInput + feature != [] }

  func reading(_ series: SeriesArguments) -> PanelReading? {
    id.map {
      PanelReading(
        id: $0, series: series.reading, known: knownInput, past: pastInput, features: feature)
    }
  }
}

/// What to do with a series that cannot be read, and the threads of a forecast.
struct PanelRunArguments: ParsableArguments {
  enum OnError: String, ExpressibleByArgument, CaseIterable { case stop, skip }

  @Option(help: "What to do with a series that cannot be read, with --id.") var onError = OnError
    .stop
  @Option(
    help: "Number of threads, with --id; does not change results. (default: one per processor)")
  var threads: Int?

  /// The names of the options, without dashes.
  static let names = ["on-error", "threads"]

  func validate() throws {
    guard 1...64 ~= threads ?? 1 else {
      throw ValidationError("--threads is \(threads!), expected 1 to 64")
    }
  }

  /// Whether no option is given, or the default.
  var isDefault: Bool { onError == .stop && threads == nil }

  func makeThreads() throws -> Threads { try Threads(count: threads ?? 64) }
}
