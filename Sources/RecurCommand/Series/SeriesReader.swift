// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

extension Series {
  /// The maximum number of bytes of a file.
  private static let longestFile = 100_000_000

  /// Reads a series up to the last known value.
  ///
  /// - Parameters:
  ///   - path: The path of a CSV file; `-` for standard input.
  ///   - options: How to read the file. What is not given is recognized.
  ///   - note: Receives a message about all that is skipped, sorted, filled or chosen among several
  ///     possibilities; a warning begins with `warning: `.
  /// - Returns: The series, with the dates that the file omits.
  /// - Throws: `BadInput` if the file has no series, or several of them.
  static func read(
    _ path: String, _ options: SeriesReading = .init(),
    note: @escaping (String) -> Void = noteOrWarn
  ) throws -> Series {
    let data = try WholeFile.read(path == "-" ? "/dev/stdin" : path, atMost: longestFile)
    return try parse(data, path: name(of: path), options, note: note)
  }

  /// The name of a file in messages.
  static func name(of path: String) -> String { path == "-" ? "standard input" : path }

  /// Reads a series from the bytes of a CSV file.
  static func parse(
    _ data: Data, path: String, _ options: SeriesReading = .init(),
    note: @escaping (String) -> Void = { _ in }
  ) throws -> Series {
    try data.withUnsafeBytes { bytes in
      var reader = try SeriesReader(
        CSVBytes(bytes.bindMemory(to: UInt8.self), path: path), options, note)
      return try reader.series()
    }
  }
}

/// Reads the series of a table.
struct SeriesReader {
  private var table: CSVTable
  private let options: SeriesReading
  private let note: (String) -> Void
  private var conditions: [Int] = []

  init(_ file: CSVBytes, _ options: SeriesReading, _ note: @escaping (String) -> Void) throws {
    (self.options, self.note) = (options, note)
    table = try CSVTable(file, options, note: note)
  }

  mutating func series() throws -> Series {
    try select()
    if let wide = try WideTable(table, options, conditions, note) { return try wide.series() }
    guard !table.rows.isEmpty else { throw noRows }
    let choice = ColumnChoice(table, options)
    let source = try choice.dates()
    let column = try choice.values(source, conditions: conditions)
    let dates = try self.dates(source, choice)
    let style = try NumberStyle(
      table, [column], others: choice.numberColumns(except: source.columns + conditions), options)
    let numbers = try NumberColumn(table, column, style, options.missingTokens)
    try requireChoice(source)
    let (series, form) = try bestSeries(dates, numbers.values)
    describe(source)
    describe(choice.otherValues(than: column, source, conditions))
    var found = series
    found.recognize(
      file: table.file.path, column: table.names[column], position: column + 1,
      dateColumns: source.columns.map { table.names[$0] }, dateForm: form,
      separator: table.separatorName, decimal: style.name, hasThousands: numbers.hasThousands)
    return found
  }

  private var noRows: BadInput {
    conditions.isEmpty
      ? BadInput("\(table.file.path): has no dates, only a header, expected at least 2 dates")
      : BadInput(
        "\(table.file.path): has no row that fulfills --where "
          + "\(options.conditions!.joined(separator: " --where "))"
      )
  }

  /// Keeps the rows that fulfill all conditions.
  private mutating func select() throws {
    for condition in options.conditions ?? [] {
      let parts = condition.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw BadInput("--where is \"\(condition.printable)\", expected COLUMN=VALUE")
      }
      let column = try ColumnChoice(table, options).column(String(parts[0]), option: "--where")
      conditions.append(column)
      let (table, value) = (table, String(parts[1]))
      self.table.keepRows { table.text(of: column, in: $0) == value }
    }
    if !conditions.isEmpty, table.rows.isEmpty { throw noRows }
  }

  private func dates(_ source: DateSource, _ choice: ColumnChoice) throws -> [DateColumn] {
    switch source {
    case .column(let column, let time):
      return try DateColumn.read(
        table, choice.samples[column], time: time, order: options.dateOrder,
        missing: options.missingTokens)
    case .parts: return [try PartsOfDates.read(table, source)]
    case .none:
      return [
        DateColumn(times: Array(1...table.rows.count), form: .number, offset: nil, pattern: "none")
      ]
    }
  }

  /// The series with the dates of the only order of day and month in which they have a calendar.
  private func bestSeries(_ dates: [DateColumn], _ values: [Double]) throws -> (
    Series, form: String
  ) {
    var (found, failure, messages) = (
      [(DateColumn, Series, [String])](), (any Error)?.none, [String]()
    )
    for column in dates {
      messages = []
      do {
        let rows = SeriesRows(
          times: column.times, values: values, form: column.form, offset: column.offset,
          table: table)
        try rows.requireYears(column.pattern)
        found.append((column, try rows.series(options) { messages.append($0) }, messages))
      } catch { failure = failure ?? error }
    }
    // Without another order, a wrong date is the error.
    guard let first = found.first else { throw failure! }
    guard found.count == 1 || found.allSatisfy({ $0.1.dates == first.1.dates }) else {
      let (one, other) = (found[0], found[1])
      throw BadInput(
        "\(table.file.path): dates are \(one.0.pattern) (\(one.1.dates[0]) to \(one.1.dates.last!)) or "
          + "\(other.0.pattern) (\(other.1.dates[0]) to \(other.1.dates.last!)), expected one order; give --date-order "
          + Set(found.compactMap { Self.order($0.0.pattern) }).sorted().joined(separator: " or "))
    }
    if dates.count > 1 {
      note(
        "\(table.file.path): dates are read as \(first.0.pattern), the only order with equal intervals"
      )
    }
    first.2.forEach(note)
    return (first.1, first.0.pattern)
  }

  private static func order(_ pattern: String) -> String? {
    DatePattern.all.first { $0.name == pattern }?.order?.rawValue
  }

  private func describe(_ source: DateSource) {
    if !table.hasHeader { note("\(table.file.path): has no header; the first line is a row") }
    if source == .none { note("\(table.file.path): has no dates; values are numbered from 1") }
  }

  /// Prints which other columns could be the series.
  private func describe(_ others: [String]) {
    guard options.column == nil, !others.isEmpty else { return }
    let names = others.prefix(5).map { "\"\($0.printable)\"" }.joined(separator: ", ")
    note(
      "\(table.file.path): other columns of numbers: \(names)\(others.count > 5 ? ", …" : ""); choose one with "
        + "--column")
  }

  /// Columns without names and dates could be anything, such as the months of a year.
  private func requireChoice(_ source: DateSource) throws {
    guard source == .none, options.column == nil, !table.hasHeader, table.names.count > 2 else {
      return
    }
    throw BadInput(
      "\(table.file.path): has \(table.names.count) columns, but neither a header nor dates, expected "
        + "--column with a position from 1 to \(table.names.count)")
  }
}

extension CSVTable {
  var separatorName: String {
    let text = String(Unicode.Scalar(splitter.separator))
    return SeriesReading.separators.first { $0.value == text }?.key ?? text
  }

  /// The text of a column in a row.
  func text(of column: Int, in row: CSVRecords.Record) -> String {
    splitter.field(column, of: row, in: file).map(file.text) ?? ""
  }
}
