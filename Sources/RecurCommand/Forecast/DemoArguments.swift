// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

/// The series of the demo; the defaults fit the CO₂ series in `Examples/data`.
struct DemoArguments: ParsableArguments {
  @Option(help: "CSV file with the series (required).", completion: .file()) var data: String
  @Option(help: "Value column, by name or position. (default: the first column of numbers)")
  var column: String?
  @Option(help: "Unit of the values, for the report and the plot.") var unit = "ppm"
  @Option(help: "Number of values to hold out and forecast.") var horizon = 104
  @Option(help: "Number of values per season; 1 for no season.") var period = 52

  func validate() throws {
    try requireCounts([("--horizon", horizon), ("--period", period)])
  }
}
