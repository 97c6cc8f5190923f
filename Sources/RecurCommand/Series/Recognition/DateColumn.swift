// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The dates of the rows of a table.
struct DateColumn {
  /// The time of each row, and `missing` without a date.
  var times: [Int]
  var form: SeriesDate.Form
  var offset: Int16?

  /// The form in which the dates are written, for messages.
  var pattern: String

  static let missing = Int.min
}

/// A field that is no date of the column.
private struct WrongDate: Error {
  var row: Int
  var field: CSVBytes.Field
  var pattern: DatePattern
}

extension DateColumn {
  /// Reads the dates of a column in all forms that its samples have.
  ///
  /// - Returns: One column for each order of day and month that all rows allow.
  /// - Throws: `BadInput` for the first row that is no date in any form.
  static func read(
    _ table: CSVTable, _ sample: ColumnSample, time: Int?, order: String?, missing: MissingTokens
  ) throws -> [DateColumn] {
    let asked = sample.patterns.filter {
      order == nil || $0.order == nil || $0.order?.rawValue == order
    }
    let patterns = asked.isEmpty ? sample.patterns : asked
    var (found, failures) = ([DateColumn](), [WrongDate]())
    for pattern in patterns {
      do throws(WrongDate) {
        found.append(try read(table, sample.index, pattern, missing))
      } catch {
        failures.append(error)
      }
    }
    guard !found.isEmpty else {
      throw wrongDate(failures.max { $0.row < $1.row }!, table, sample, missing)
    }
    return try time.map { time in try found.map { try $0.addTimes(table, time) } } ?? found
  }

  private static func read(
    _ table: CSVTable, _ column: Int, _ pattern: DatePattern, _ missing: MissingTokens
  ) throws(WrongDate) -> DateColumn {
    let bytes = table.file.bytes
    var times: [Int] = []
    times.reserveCapacity(table.rows.count)
    // The offsets of the rows, once two differ.
    var (first, offsets, hasTimeOfDay) = (Int16??.none, [Int16?](), false)
    var (finest, failure) = (SeriesDate.Form.day.rawValue, WrongDate?.none)
    table.forEachUntil(column) { row, field in
      guard let moment = pattern.moment(bytes, field.range) else {
        guard missing.contains(bytes, field.range) else {
          failure = WrongDate(row: row, field: field, pattern: pattern)
          return false
        }
        times.append(Self.missing)
        if !offsets.isEmpty { offsets.append(nil) }
        return true
      }
      times.append(moment.time)
      if moment.hasTimeOfDay {
        hasTimeOfDay = true
        let form = DatePattern.form(ofTime: moment.time).rawValue
        if form > finest { finest = form }
      }
      if let first, offsets.isEmpty, first != moment.offset {
        offsets = Array(repeating: first, count: times.count - 1)
      }
      if first == nil { first = .some(moment.offset) }
      if !offsets.isEmpty { offsets.append(moment.offset) }
      return true
    }
    if let failure { throw failure }
    let form = hasTimeOfDay ? SeriesDate.Form(rawValue: finest)! : pattern.formOfDates
    var result = DateColumn(times: times, form: form, offset: first ?? nil, pattern: pattern.name)
    result.applyOffsets(offsets)
    return result
  }

  /// Converts times with different offsets to UTC. Days have no offset.
  private mutating func applyOffsets(_ offsets: [Int16?]) {
    guard form.rawValue > SeriesDate.Form.day.rawValue else {
      offset = nil
      return
    }
    guard !offsets.isEmpty else { return }
    for row in times.indices where times[row] != Self.missing {
      times[row] -= Int(offsets[row] ?? 0) * 60_000
    }
    offset = 0
  }

  private func addTimes(_ table: CSVTable, _ column: Int) throws -> DateColumn {
    var (result, finest) = (self, SeriesDate.Form.day.rawValue)
    try table.forEach(column) { row, field in
      var cursor = DateCursor(table.file.bytes, field.range)
      guard times[row] != Self.missing else { return }
      guard let (milliseconds, _) = TimeOfDay.read(&cursor), cursor.isAtEnd else {
        throw BadInput(
          "\(table.file.place(field.start)): \(table.names[column].printable) is "
            + "\(table.file.quoted(field)), expected a "
            + "time of day such as 18:30")
      }
      result.times[row] += milliseconds
      finest = max(finest, DatePattern.form(ofTime: result.times[row]).rawValue)
    }
    result.form = SeriesDate.Form(rawValue: finest)!
    return result
  }

  private static func wrongDate(
    _ failure: WrongDate, _ table: CSVTable, _ sample: ColumnSample, _ missing: MissingTokens
  ) -> BadInput {
    let file = table.file
    let name = table.hasHeader && !sample.name.isEmpty ? sample.name.printable : "date"
    let isOther = DatePattern.all.contains { $0.moment(file.bytes, failure.field.range) != nil }
    let expected =
      isOther || !looksLike(failure, file)
      ? "a date of the form \(failure.pattern.name) as in the other rows"
      : "an existing date of the form \(failure.pattern.name)"
    let hint =
      FieldKinds.hasDigit(failure.field, file)
      ? "" : "; remove the line if it has no date, as a total"
    return BadInput(
      "\(file.place(failure.field.start)): \(name) is \(file.quoted(failure.field)), expected "
        + "\(expected)\(hint)")
  }

  /// Whether a field has the marks of a form but other numbers, as 2001-02-29 has.
  private static func looksLike(_ failure: WrongDate, _ file: CSVBytes) -> Bool {
    let name = Array(failure.pattern.name.utf8)
    let field = file.bytes[failure.field.range]
    func marks(_ text: some Sequence<UInt8>) -> [UInt8] {
      text.filter { "-/. :".utf8.contains($0) }
    }
    return marks(name) == marks(field)
      && field.allSatisfy { $0 &- 0x30 < 10 || "-/. :".utf8.contains($0) }
  }
}

extension CSVTable {
  /// Calls a function with the field of a column in each row until it returns false.
  @inline(__always)
  func forEachUntil(_ column: Int, _ body: (Int, CSVBytes.Field) -> Bool) {
    for row in rows.indices {
      guard body(row, splitter.field(column, of: rows[row], in: file)!) else { return }
    }
  }
}
