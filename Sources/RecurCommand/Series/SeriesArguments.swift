// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

/// Which series of a CSV file is forecast, and how far.
struct SeriesArguments: ParsableArguments {
  @Option(help: "Number of values to forecast; required for new networks.") var horizon: Int?
  @Option(help: "Values per season; derived from the dates if not given, 1 for none.")
  var period: Int?
  @Option(help: "Column of the values; the second column if not given.") var column: String?

  func validate() throws {
    try requireCounts([("--horizon", horizon ?? 1), ("--period", period ?? 1)])
  }

  /// - Parameter isKnown: Whether a file has the horizon.
  func requireHorizon(unless isKnown: Bool) throws {
    guard horizon != nil || isKnown else { throw ValidationError("--horizon is missing") }
  }

  func read(_ path: String) throws -> Series { try Series.read(path, column: column) }

  /// The options of new networks for a series.
  func options(_ networks: ForecasterArguments, for series: Series) throws -> ForecasterOptions {
    networks.options(period: try period ?? series.interval().usualPeriod, horizon: horizon!)
  }
}
