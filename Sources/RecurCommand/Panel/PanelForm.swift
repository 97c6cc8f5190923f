// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The columns of the file of a panel and the forms of their fields.
///
/// A model stores the form of its training file. So every file, and every part of a file, is read in the
/// same way: nothing depends on the rows that happen to be in a part.
struct PanelForm: Codable, Equatable {
  /// A feature of whole series: a number, or one of several texts.
  struct Feature: Codable, Equatable {
    var column: Int

    /// The texts of the training file, sorted; nil for numbers.
    var categories: [String]?

    /// The number of numbers that stand for the feature. Each text has its own, which is 1 or 0.
    var count: Int { categories?.count ?? 1 }
  }

  /// A value that the rows of the file have in a column; others are left out.
  struct Condition: Codable, Equatable {
    var column: Int
    var value: String
  }

  var separator: UInt8

  /// The names of all columns; `column 1`, `column 2`, … without a header.
  var names: [String]
  var hasHeader: Bool
  var id: Int

  /// The columns of the dates and of the values.
  var date: Int?
  var value: Int

  /// The name of the form of the dates; nil without dates.
  var pattern: String?

  /// Whether the header has the dates, and each row is a series.
  var isWide = false
  var decimal: SeriesReading.DecimalMark
  var missing: [String]
  var conditions: [Condition]
  var aggregate: Aggregation?
  var known: [Int] = []
  var past: [Int] = []
  var features: [Feature] = []

  /// The calendar of the series. Other series may begin on another day of the week or the month.
  var calendar: SeriesCalendar

  /// The columns besides those of dates and values: a wide file has them under the same names.
  var labels: [Int] { [id] + features.map(\.column) + conditions.map(\.column) }

  /// The number of numbers that stand for all features.
  var featureCount: Int { features.reduce(0) { $0 + $1.count } }

  var splitter: CSVSplitter { CSVSplitter(separator: separator) }
  var style: NumberStyle {
    NumberStyle(decimal: decimal == .point ? NumberStyle.point : NumberStyle.comma)
  }
  var datePattern: DatePattern? {
    pattern.flatMap { name in DatePattern.all.first { $0.name == name } }
  }

  /// The number of values per season that is usual for the interval; 1 without one.
  var usualPeriod: Int { calendar.interval.usualPeriods.first ?? 1 }

  /// One line about the file.
  ///
  /// - Parameter file: The name of the file in messages.
  func summary(of file: String) -> String {
    func quoted(_ column: Int) -> String { "\"\(names[column].printable)\"" }
    let values = isWide ? "one series in each row" : "values in \(quoted(value))"
    let dates =
      isWide
      ? "dates in the header (\(pattern ?? ""))"
      : date.map { "dates in \(quoted($0)) (\(pattern ?? ""))" } ?? "no dates"
    let inputs =
      [
        ("known ahead", known), ("known up to the present", past),
        ("features", features.map(\.column)),
      ]
      .filter { !$0.1.isEmpty }
      .map { "; \($0.0): " + $0.1.map(quoted).joined(separator: ", ") }.joined()
    return "\(file): series named by \(quoted(id)), \(values), \(dates), \(calendar.interval) apart"
      + inputs
  }
}
