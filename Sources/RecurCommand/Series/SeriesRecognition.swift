// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// What was recognized in the file of a series: its columns, its dates and its numbers.
struct SeriesRecognition: Codable, Equatable {
  /// The name of the file; `standard input` for a pipe.
  var file: String

  /// The name of the value column, and its position from 1. A wide file has none.
  var column: String
  var position: Int?

  /// The names of the date columns or ``header``, and the form of their dates.
  var dateColumns: [String]
  var dateForm: String
  var separator: String
  var decimal: String

  /// Whether values have separators of thousands.
  var hasThousands = false

  /// The interval between dates, and the usual numbers of values per season.
  var interval: String
  var usualPeriods: [Int]
  var first: String
  var last: String

  /// The number of values from the first to the last known one, and how many of them are missing.
  var values: Int
  var missing: Int

  /// The place of the dates of a wide file.
  static let header = "the header"

  /// One line about the series.
  var summary: String {
    let dates =
      dateColumns.isEmpty
      ? "no dates"
      : "dates in "
        + dateColumns.map { $0 == Self.header ? $0 : Self.quoted($0) }.joined(separator: ", ")
    let numbers = [
      position.map { "column \($0)" },
      decimal == "comma" || hasThousands ? "decimal \(decimal)" : nil,
      hasThousands ? "thousands separated" : nil,
    ].compactMap(\.self).joined(separator: ", ")
    let place = numbers.isEmpty ? "" : " (\(numbers))"
    let season =
      usualPeriods.isEmpty
      ? "no usual season"
      : "usual season \(usualPeriods.map(String.init).joined(separator: " or "))"
    return
      "\(file): \(Self.quoted(column))\(place), \(dates): \(counted(values, "value")), \(first) to \(last), "
      + "\(interval) apart, \(season), \(missing == 0 ? "none" : "\(missing)") missing"
  }

  private static func quoted(_ name: String) -> String { "\"\(name.printable)\"" }
}
