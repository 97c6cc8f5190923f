// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Dates whose year, month, quarter, day and hour are in columns of their own.
enum PartsOfDates {
  /// A month: a number, a name, or M01 to M12.
  static func month(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    var cursor = DateCursor(bytes, range)
    if range.count == 3, cursor.skip(UInt8(ascii: "m")), !cursor.isAtDigit { cursor.place -= 1 }
    let month =
      cursor.isAtDigit ? cursor.number(1, 2) : cursor.month()
    _ = cursor.skip(UInt8(ascii: "."))
    // Programs that have no integers write 1.0.
    _ = cursor.skip(UInt8(ascii: "0"))
    return cursor.isAtEnd ? month : nil
  }

  /// A quarter: a number, with or without a Q.
  static func quarter(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    var cursor = DateCursor(bytes, range)
    if cursor.skip(UInt8(ascii: "q")) { _ = cursor.skip(UInt8(ascii: "0")) }
    guard let quarter = cursor.number(1, 1), 1...4 ~= quarter else { return nil }
    return cursor.isAtEnd ? quarter : nil
  }

  static func read(_ table: CSVTable, _ source: DateSource) throws -> DateColumn {
    guard case .parts(let year, let month, let quarter, let day, let hour) = source else {
      preconditionFailure("the dates are in parts")
    }
    let last = source.columns.max()!
    let bytes = table.file.bytes
    var (times, fields) = ([Int](), [CSVBytes.Field]())
    times.reserveCapacity(table.rows.count)
    for row in table.rows {
      table.splitter.split(row, of: table.file, into: &fields, limit: last + 1)
      func number(
        _ column: Int, _ most: Int, _ read: (UnsafeBufferPointer<UInt8>, Range<Int>) -> Int?
      ) throws -> Int {
        guard let value = read(bytes, fields[column].range), value <= most else {
          throw BadInput(
            "\(table.file.place(row.start)): \(table.names[column].printable) is "
              + "\(table.file.quoted(fields[column])), "
              + "expected a number up to \(most)")
        }
        return value
      }
      let year = try number(year, CivilDay.lastYear, integer)
      var date = CivilDay(year: year, month: 1, day: 1)
      if let month { date.month = try number(month, 12, Self.month) }
      if let quarter { date.month = 3 * (try number(quarter, 4, Self.quarter)) - 2 }
      if let day { date.day = try number(day, 31, integer) }
      guard date.exists else {
        throw BadInput(
          "\(table.file.place(row.start)): has the date \(date.year)-\(date.month)-\(date.day), expected "
            + "an existing date"
        )
      }
      times.append(
        date.number * SeriesDate.day + (try hour.map { try number($0, 24, integer) } ?? 0)
          * 3_600_000)
    }
    let form: SeriesDate.Form =
      hour != nil ? .minute : day != nil ? .day : month != nil ? .month : .quarter
    let names = source.columns.map { table.names[$0].printable }.joined(separator: ", ")
    return DateColumn(times: times, form: form, pattern: names)
  }

  private static func integer(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    guard let number = NumberStyle().number(bytes, range), number >= 0, number < 1e5,
      number == number.rounded()
    else {
      return nil
    }
    return Int(number)
  }
}
