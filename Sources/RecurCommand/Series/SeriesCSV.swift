// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

extension Series {
  /// The maximum number of bytes of a file.
  private static let longestFile = 100_000_000

  /// Reads a file strictly, up to the last known value.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - column: The name of the value column; the second column if nil.
  ///   - note: Receives a message about each omission that is filled or ignored.
  /// - Returns: The series.
  /// - Throws: `BadInput` if the file is not a valid series.
  static func read(
    _ path: String, column: String?, note: (String) -> Void = note
  ) throws -> Series {
    let data = try WholeFile.read(path, atMost: longestFile)
    guard let text = String(data: data, encoding: .utf8) else {
      throw BadInput("\(path): is not UTF-8, expected a CSV file in UTF-8")
    }
    let lines = try parse(text, path: path, column: column)
    let all = try lines.complete(path: path)
    let (series, present) = (all.upToLastKnown, Set(lines.dates))
    guard series.dates.count >= 2 else {
      let end = all.dates.count > series.dates.count ? " up to the last known value" : ""
      let count = series.dates.isEmpty ? "no dates, only a header" : "one date"
      throw BadInput("\(path): has \(count)\(end), expected at least 2 dates")
    }
    let absent = series.dates.filter { !present.contains($0) }
    if let first = absent.first {
      note(
        "\(path): dates are \(try series.interval()) apart; lines missing: \(absent.count), the first "
          + "for \(first)")
    }
    let after = all.dates.count - series.dates.count
    if after > 0 {
      let values = after == 1 ? "last value is" : "last \(after) values are"
      note("\(path): the \(values) missing; the series ends at \(series.dates.last!)")
    }
    return series
  }

  static func parse(_ text: String, path: String, column: String?) throws -> Series {
    var lines = CSVLines(of: text)
    guard let first = lines.next() else {
      throw BadInput("\(path): is empty, expected a header and lines with a date and a value")
    }
    let header = try header(first, at: "\(path):1")
    guard let (name, index) = valueColumn(of: header, named: column) else {
      let name = column!
      let names = header.map { "\"\($0.printable)\"" }
      let columns = names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
      throw BadInput(
        "\(path):1: has the columns [\(columns)], expected exactly one \"\(name.printable)\" after the "
          + "date column")
    }
    var series = Series(dates: [], values: [])
    while let line = lines.next() {
      // A file has millions of lines, so a text for errors is made only for one.
      func place() -> String { "\(path):\(lines.count)" }
      let count = try CSVLines.fieldCount(of: line, at: place())
      guard count == header.count else {
        throw BadInput(
          "\(place()): has \(count) field\(count == 1 ? "" : "s"), expected \(header.count)")
      }
      let row = try CSVLines.fields(line, count: count, at: place())
      try series.append(date: row[0], value: row[index], column: name, at: place())
    }
    return series
  }

  private static func header(_ line: Substring, at place: String) throws -> [String] {
    let count = try CSVLines.fieldCount(of: line, at: place)
    guard count >= 2 else {
      let hint = line.contains { ";\t".contains($0) } ? "; commas separate columns" : ""
      throw BadInput(
        "\(place): has \(count) column, expected a date column and a value column" + hint)
    }
    guard count <= mostColumns else {
      throw BadInput("\(place): has \(count) columns, expected at most \(mostColumns)")
    }
    return try CSVLines.fields(line, count: count, at: place)
  }

  /// Returns the second column, or the only one with a name; nil if there is no such column after the
  /// first, or another column has the name.
  private static func valueColumn(
    of header: [String], named name: String?
  ) -> (name: String, index: Int)? {
    guard let name else { return (header[1], 1) }
    let places = header.indices.filter { header[$0] == name }
    return places.count == 1 && places[0] > 0 ? (name, places[0]) : nil
  }

  private mutating func append(
    date: String, value: String, column: String, at place: @autoclosure () -> String
  ) throws {
    let date = try SeriesDate(date, at: place())
    if let first = dates.first, first.form != date.form {
      throw BadInput("\(place()): date is \(date), expected \(first.form) as in the first date")
    }
    if let last = dates.last, !(last < date) {
      throw BadInput("\(place()): date is \(date), expected a date after \(last)")
    }
    dates.append(date)
    guard !value.isEmpty else {
      values.append(nil)
      return
    }
    guard value.utf8.allSatisfy({ Self.numeric.contains($0) }), let number = Double(value),
      number.isFinite
    else {
      throw BadInput(
        "\(place()): \(column.printable) is \"\(value.printable)\", expected a finite number or an empty "
          + "field")
    }
    guard number.magnitude <= maximumMagnitude else {
      throw BadInput(
        "\(place()): \(column.printable) is \(value), expected at most \(maximumMagnitude) in magnitude"
      )
    }
    values.append(number)
  }

  private static let numeric = Array("+-.0123456789eE".utf8)

  private static let mostColumns = 10_000
}
