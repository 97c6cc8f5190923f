// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

/// The series of a demonstration, with defaults for the one that comes with Recur.
struct DemoArguments: ParsableArguments {
  @Option(help: "CSV file of the series.", completion: .file()) var data: String
  @Option(help: "Column of the values; the second column if not given.") var column: String?
  @Option(help: "Unit of the values.") var unit = "ppm"
  @Option(help: "Number of values to hold out and forecast.") var horizon = 104
  @Option(help: "Values per season.") var period = 52

  func validate() throws {
    try requireCounts([("--horizon", horizon), ("--period", period)])
  }
}
