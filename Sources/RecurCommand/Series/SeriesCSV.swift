// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import SwiftCSV

extension Series {
  /// Reads a file strictly, up to the last known value.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - column: The name of the value column; the second column if nil.
  /// - Returns: The series.
  /// - Throws: `BadInput` if the file is not a valid series.
  static func read(_ path: String, column: String?) throws -> Series {
    let data = try bytes(of: path, expected: "a CSV file")
    guard let text = String(data: data, encoding: .utf8) else {
      throw BadInput("\(path): is not UTF-8, expected a CSV file in UTF-8")
    }
    let lines = try parse(text, path: path, column: column)
    let all = try lines.complete(path: path)
    let (series, present) = (all.upToLastKnown, Set(lines.dates))
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
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard let first = lines.first else {
      throw BadInput("\(path): is empty, expected a header and lines with a date and a value")
    }
    let header = try fields(first, at: "\(path):1")
    guard header.count >= 2 else {
      throw BadInput(
        "\(path):1: has \(header.count) column, expected a date column and a value column")
    }
    let name = column ?? header[1]
    guard header.count(where: { $0 == name }) == 1, let index = header.firstIndex(of: name),
      index > 0
    else {
      throw BadInput(
        "\(path):1: has the columns \(header), expected exactly one \"\(name)\" after the date column"
      )
    }
    var series = Series(dates: [], values: [])
    for (number, line) in lines.enumerated().dropFirst() {
      let place = "\(path):\(number + 1)"
      let row = try fields(line, at: place)
      guard row.count == header.count else {
        throw BadInput(
          "\(place): has \(row.count) field\(row.count == 1 ? "" : "s"), expected \(header.count)")
      }
      try series.append(date: row[0], value: row[index], column: name, at: place)
    }
    return series
  }

  private mutating func append(
    date: String, value: String, column: String, at place: String
  ) throws {
    let date = try SeriesDate(date, at: place)
    if let last = dates.last, !(last < date) {
      throw BadInput("\(place): date is \(date), expected a date after \(last)")
    }
    dates.append(date)
    guard !value.isEmpty else {
      values.append(nil)
      return
    }
    guard value.allSatisfy({ "+-.0123456789eE".contains($0) }), let number = Double(value),
      number.isFinite
    else {
      throw BadInput(
        "\(place): \(column) is \"\(value)\", expected a finite number or an empty field")
    }
    values.append(number)
  }

  /// Splits one line into its fields.
  ///
  /// SwiftCSV parses each line as a header, because in other rows it pads missing fields and lets an
  /// unclosed quote extend to the end of the file. The additional field preserves an empty last one.
  private static func fields(_ line: Substring, at place: String) throws -> [String] {
    guard line.count(where: { $0 == "\"" }).isMultiple(of: 2) else {
      throw BadInput("\(place): has an unclosed quote")
    }
    do {
      let row = try CSV<Enumerated>(string: line + ",end", delimiter: .comma, loadColumns: false)
      return row.header.dropLast()
    } catch {
      throw BadInput("\(place): is not valid CSV")
    }
  }
}
