// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

/// The series in a CSV file, and the horizon of its forecast.
struct SeriesArguments: ParsableArguments {
  static let discussion = """
    The CSV file has a header. Its first column contains increasing dates (all YYYY-MM-DD, YYYY-MM or \
    YYYY). An empty field is a missing value. Missing values at the end of the file are ignored.
    """

  @Option(help: "Number of values to forecast (required for new networks).") var horizon: Int?
  @Option(help: "Number of values per season; 1 for no season. (default: from the dates)")
  var period: Int?
  @Option(help: "Name of the value column. (default: the second column)") var column: String?

  func validate() throws {
    try requireCounts([("--horizon", horizon ?? 1), ("--period", period ?? 1)])
  }

  /// Checks that `--horizon` is given.
  ///
  /// - Parameter isKnown: Whether a file sets the horizon.
  /// - Throws: `ValidationError` if the horizon is neither given nor known.
  func requireHorizon(unless isKnown: Bool) throws {
    guard horizon != nil || isKnown else {
      throw ValidationError("--horizon is missing, expected the number of values to forecast")
    }
  }

  func read(_ path: String) throws -> Series { try Series.read(path, column: column) }

  /// Returns the options of new networks for a series.
  func options(
    _ networks: ForecasterArguments, _ interval: IntervalArguments, for series: Series
  ) throws -> ForecasterOptions {
    networks.options(
      period: try period ?? series.interval().usualPeriod, horizon: horizon!,
      levels: interval.levels)
  }
}
