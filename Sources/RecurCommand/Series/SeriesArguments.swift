// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

extension Aggregation: ExpressibleByArgument {}
extension SeriesReading.DecimalMark: ExpressibleByArgument {}
extension DatePattern.Order: ExpressibleByArgument {}

/// The series in a CSV file, and the horizon of its forecast.
struct SeriesArguments: ParsableArguments {
  static let discussion = """
    The CSV file has a date and a value on each line; - reads standard input. The command recognizes the \
    separator, the header, the columns, the form of the dates and the interval between them, and prints \
    what it found. If a form has two meanings, the command stops and names the option that \
    decides. Empty fields, NA, NaN, null, - \
    and similar texts are missing values. Missing values at the ends are dropped; others, and omitted lines, \
    are interpolated. In a file with dates in its header, --column chooses a row.
    """

  @Option(help: "Number of values to forecast (required unless a file sets the horizon).")
  var horizon: Int?
  @Option(
    help:
      "Number of values per season; 1 for no season. (default: the usual number for the interval, chosen by the data if there are several)"
  )
  var period: Int?
  @Option(
    help:
      "Value column, by name or position. (default: the first column of numbers that is not a date)"
  )
  var column: String?
  @Option(help: "Date column, by name or position. (default: recognized)") var dateColumn: String?
  @Option(help: "Order of day, month and year in dates. (default: recognized)")
  var dateOrder: DatePattern.Order?
  @Option(
    help: "Separator of columns: comma, semicolon, tab, space or a character. (default: recognized)"
  )
  var separator: String?
  @Option(help: "Decimal mark. (default: recognized)") var decimal: SeriesReading.DecimalMark?
  @Option(
    parsing: .unconditionalSingleValue,
    help: "Text or number that stands for a missing value; repeatable.")
  var missing: [String] = []
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Use only rows with this value; repeatable.", valueName: "column=value"))
  var conditions: [String] = []
  @Option(help: "How to merge the rows of one date. (default: an error)")
  var aggregate: Aggregation?

  /// The names, without dashes, of the options that describe the file.
  static let readingNames = [
    "column", "date-column", "date-order", "separator", "decimal", "missing", "where", "aggregate",
  ]

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

  /// How to read the file.
  var reading: SeriesReading {
    SeriesReading(
      column: column, dateColumn: dateColumn, separator: separator, decimal: decimal,
      dateOrder: dateOrder?.rawValue, missing: missing.isEmpty ? nil : missing,
      conditions: conditions.isEmpty ? nil : conditions, aggregate: aggregate)
  }

  func read(_ path: String) throws -> Series { try Series.read(path, reading) }

  /// Returns the options of a new forecaster of a series.
  ///
  /// - Parameters:
  ///   - networks: The options of the networks.
  ///   - method: The components and the domain.
  ///   - interval: The prediction intervals.
  ///   - series: The series.
  ///   - heldOut: The number of last values that take no part in the choice of the season.
  /// - Returns: The options, and the choice of the season; nil if `--period` gives it.
  func options(
    _ networks: ForecasterArguments, _ method: MethodArguments, _ interval: IntervalArguments,
    for series: Series, heldOut: Int = 0
  ) throws -> ForecastPlan.Choice {
    let season = try period == nil ? usualSeason(of: series, heldOut: heldOut) : nil
    var options = networks.options(
      period: period ?? season!.period, horizon: horizon!, levels: interval.levels)
    method.set(&options)
    return (options, season)
  }

  /// Chooses among the usual seasons of the interval by the data.
  private func usualSeason(of series: Series, heldOut: Int) throws -> SeasonChoice {
    let known = MissingValues.interpolated(series.values.dropLast(heldOut))
    return try ForecasterOptions.seasonChoice(
      of: known, among: series.interval().periodCandidates, horizon: horizon!)
  }
}
