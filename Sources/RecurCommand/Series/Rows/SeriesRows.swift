// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The dates and values of the rows of a file, in any order.
struct SeriesRows {
  var times: [Int]

  /// NaN for missing values.
  var values: [Double]
  let form: SeriesDate.Form
  let offset: Int16?
  let table: CSVTable

  /// The row of each value, unless all rows are in order.
  var rows: [Int32]?

  init(times: [Int], values: [Double], form: SeriesDate.Form, offset: Int16?, table: CSVTable) {
    (self.times, self.values, self.form, self.offset, self.table) = (
      times, values, form, offset, table
    )
  }

  var path: String { table.file.path }
  func row(_ index: Int) -> Int { rows.map { Int($0[index]) } ?? index }
  func line(_ index: Int) -> Int {
    table.file.line(of: table.rows[min(row(index), table.rows.count - 1)].start)
  }
  func place(_ index: Int) -> String {
    table.file.place(table.rows[min(row(index), table.rows.count - 1)].start)
  }
  func date(_ index: Int) -> SeriesDate {
    SeriesDate(time: times[index], form: form, offset: offset)
  }

  /// Sorts the rows and completes their dates.
  ///
  /// - Parameters:
  ///   - options: How duplicate dates become one.
  ///   - note: Receives a message about each change.
  /// - Returns: The series, from the first to the last known value.
  /// - Throws: `BadInput` if dates are missing, repeated or irregular.
  func series(_ options: SeriesReading, note: (String) -> Void) throws -> Series {
    var sorted = self
    try sorted.dropRowsWithoutDate()
    sorted.sort(note)
    try sorted.mergeDuplicates(options.aggregate, note)
    let all = sorted
    sorted.dropMissingEnds(note)
    guard sorted.times.count >= 2 else {
      let end = all.times.count > sorted.times.count ? " up to the last known value" : ""
      let things = form == .number ? "value" : "date"
      throw BadInput(
        "\(path): has \(sorted.times.isEmpty ? "no \(things)s" : "one \(things)")\(end), expected at "
          + "least 2 \(things)s"
      )
    }
    sorted.warnOfOutliers(note)
    let series = try sorted.complete(note)
    guard 2 * series.missing <= series.values.count || series.missing == series.values.count else {
      throw BadInput(
        "\(path): \(series.missing) of \(series.values.count) values are missing, expected at most half"
      )
    }
    return series
  }

  mutating func dropRowsWithoutDate() throws {
    guard times.contains(DateColumn.missing) else { return }
    let kept = times.indices.filter { times[$0] != DateColumn.missing }
    if let index = times.indices.first(where: {
      times[$0] == DateColumn.missing && !values[$0].isNaN
    }) {
      throw BadInput("\(place(index)): has a value but no date, expected a date")
    }
    take(kept)
  }

  mutating func take(_ indices: [Int]) {
    rows = indices.map { Int32(row($0)) }
    (times, values) = (indices.map { times[$0] }, indices.map { values[$0] })
  }

  mutating func sort(_ note: (String) -> Void) {
    guard let first = times.indices.dropFirst().first(where: { times[$0] < times[$0 - 1] }) else {
      return
    }
    // A repeated hour is no disorder.
    let steps = zip(times, times.dropFirst())
    let isDescending = steps.allSatisfy { $0 >= $1 }
    let text = date(first).description
    let line = line(first)
    take(
      isDescending
        ? times.indices.reversed() : times.indices.sorted { (times[$0], $0) < (times[$1], $1) })
    guard isDescending || !isRepeatedHours else { return }
    note(
      isDescending
        ? "\(path): dates are in descending order and were reversed"
        : "\(path): dates are not in order, first on line \(line) (\(text)), and were sorted")
  }

  /// Drops missing values at both ends: the values before the first known one would be invented.
  mutating func dropMissingEnds(_ note: (String) -> Void) {
    guard let first = values.firstIndex(where: { !$0.isNaN }),
      let last = values.lastIndex(where: { !$0.isNaN })
    else {
      return
    }
    let (before, after) = (first, values.count - 1 - last)
    if before > 0 {
      note(
        "\(path): the first \(Self.counted(before)) missing; the series begins at \(date(first))")
    }
    if after > 0 {
      note("\(path): the last \(Self.counted(after)) missing; the series ends at \(date(last))")
    }
    guard before + after > 0 else { return }
    take(Array(first...last))
  }

  static func counted(_ count: Int) -> String { count == 1 ? "value is" : "\(count) values are" }
}
