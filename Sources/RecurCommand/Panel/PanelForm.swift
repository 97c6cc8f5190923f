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

  /// Where the file has its series.
  enum Layout: String, Codable {
    /// Each row has a date and a value of a series.
    case long

    /// Each row is a series; the header has dates or numbers.
    case wide

    /// Each column is a series; the header has the names.
    case columns
  }

  var layout = Layout.long
  var separator: UInt8

  /// The names of all columns; `column 1`, `column 2`, … without a header.
  var names: [String]
  var hasHeader: Bool

  /// The column of the names of the series; nil if the header has them.
  var id: Int?

  /// The columns of the dates and of the values; of the first values if there are several.
  var date: Int?
  var value: Int

  /// The names of the columns that are left out, if the columns are series.
  var others: [String] = []

  /// The name of the form of the dates; nil without dates.
  var pattern: String?

  /// The decimal mark; nil if no number of the first part of the file has one.
  var decimal: SeriesReading.DecimalMark?
  var missing: [String]
  var conditions: [Condition]
  var aggregate: Aggregation?
  var known: [Int] = []
  var past: [Int] = []
  var features: [Feature] = []

  /// The calendar of the series. Other series may begin on another day of the week or the month.
  var calendar: SeriesCalendar

  /// The columns besides those of dates and values: a wide file has them under the same names.
  var labels: [Int] { [id].compactMap(\.self) + features.map(\.column) + conditions.map(\.column) }

  /// The name of the column of the names, as forecasts have it.
  var idName: String { id.map { names[$0] } ?? "series" }

  /// The columns that are series.
  var series: [Int] {
    let used = Set([date].compactMap(\.self) + known + past + conditions.map(\.column))
    let others = Set(others)
    return names.indices.filter {
      !used.contains($0) && !names[$0].isEmpty && !others.contains(names[$0])
    }
  }

  /// Whether a row is the header. Spreadsheets add separators at its end, and R leaves out the name of the
  /// first column.
  func isHeader(_ row: [String]) -> Bool {
    [row, [""] + row].contains {
      $0.starts(with: names) && $0.dropFirst(names.count).allSatisfy(\.isEmpty)
    }
  }

  /// Whether a row has the values of all conditions.
  func includes(_ fields: [CSVBytes.Field], _ file: CSVBytes) -> Bool {
    conditions.allSatisfy { file.text(fields[$0.column]) == $0.value }
  }

  /// The number of numbers that stand for all features.
  var featureCount: Int { features.reduce(0) { $0 + $1.count } }

  var splitter: CSVSplitter { CSVSplitter(separator: separator) }
  var style: NumberStyle {
    NumberStyle(decimal: decimal == .comma ? NumberStyle.comma : NumberStyle.point)
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
    let series =
      switch layout {
      case .long: "series named by \"\(idName.printable)\", values in \(quoted(value))"
      case .wide: "series named by \"\(idName.printable)\", one series in each row"
      case .columns: "one series in each of \(counted(self.series.count, "column"))"
      }
    let dates =
      layout == .wide
      ? pattern.map { "dates in the header (\($0))" } ?? "numbers in the header"
      : date.map { "dates in \(quoted($0)) (\(pattern ?? ""))" } ?? "no dates"
    let steps = calendar.interval == .steps ? "" : ", \(calendar.interval) apart"
    let inputs =
      [
        ("known ahead", known), ("known up to the present", past),
        ("features", features.map(\.column)),
      ]
      .filter { !$0.1.isEmpty }
      .map { "; \($0.0): " + $0.1.map(quoted).joined(separator: ", ") }.joined()
    let leftOut =
      others.isEmpty
      ? ""
      : "; left out: "
        + others.prefix(10).map { "\"\($0.printable)\"" }.joined(separator: ", ")
    return "\(file): \(series), \(dates)\(steps)\(inputs)\(leftOut)"
  }
}
