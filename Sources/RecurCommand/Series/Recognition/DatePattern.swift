// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A moment that a date names: its beginning.
struct DateMoment {
  /// The milliseconds from 1970-01-01T00:00 in the date's own time zone.
  var time: Int

  /// The difference from UTC in minutes, if it is given.
  var offset: Int16?

  var hasTimeOfDay = false
}

/// A form in which dates are written.
struct DatePattern: Equatable {
  /// The order of day, month and year.
  enum Order: String, CaseIterable { case dmy, mdy, ymd }

  enum Element: Equatable {
    case year, twoDigitYear, bareYear
    case month, monthName, day
    case twoDigitMonth, twoDigitDay
    case quarter, week
    case literal(UInt8)
    case spaces

    /// A year with a fraction, in parts of a year; from the middle of the first part if `isMiddle`.
    case decimalYear(parts: Int, isMiddle: Bool)
    case unixTime(digits: Int)
  }

  /// The form in messages, such as `DD/MM/YYYY`.
  let name: String
  let elements: [Element]

  /// The order of day and month, if another order has the same marks.
  var order: Order?

  /// Whether numbers that are no dates may have this form.
  var isDigits = false

  var hasDay: Bool { elements.contains(.day) || elements.contains(.twoDigitDay) }

  /// No date with a weekday, a time of day and a zone has more bytes.
  private static let mostBytes = 64

  /// Two-digit years up to this one are in the 21st century.
  static let pivot = 68

  static func == (one: DatePattern, other: DatePattern) -> Bool { one.name == other.name }

  /// Reads a date.
  ///
  /// - Parameters:
  ///   - bytes: The bytes of the file.
  ///   - range: The date's place.
  /// - Returns: The date; nil if the text has another form or there is no such date.
  func moment(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> DateMoment? {
    guard range.count <= Self.mostBytes else { return nil }
    var cursor = DateCursor(bytes, range)
    var (year, month, day) = (0, 1, 1)
    if !cursor.isAtDigit { skipWeekday(&cursor) }
    for element in elements {
      switch element {
      case .literal(let byte): guard cursor.skip(byte) else { return nil }
      case .spaces: guard cursor.skipSpaces() else { return nil }
      case .year: guard cursor.read(4, 4, into: &year) else { return nil }
      case .twoDigitYear:
        guard let found = cursor.number(2, 2) else { return nil }
        year = found <= Self.pivot ? 2000 + found : 1900 + found
      case .bareYear: guard cursor.read(1, 2, into: &year) else { return nil }
      case .month: guard cursor.read(1, 2, into: &month) else { return nil }
      case .twoDigitMonth: guard cursor.read(2, 2, into: &month) else { return nil }
      case .monthName:
        guard let found = cursor.month() else { return nil }
        month = found
        _ = cursor.skip(UInt8(ascii: "."))
      case .day: guard cursor.read(1, 2, into: &day) else { return nil }
      case .twoDigitDay: guard cursor.read(2, 2, into: &day) else { return nil }
      case .quarter:
        guard let found = cursor.number(1, 1), 1...4 ~= found else { return nil }
        month = 3 * found - 2
      case .week:
        guard let found = cursor.number(1, 2) else { return nil }
        return cursor.isAtEnd ? Self.moment(ofWeek: found, year: year) : nil
      case .decimalYear(let parts, let isMiddle):
        return decimalYear(bytes, range, parts: parts, isMiddle: isMiddle)
      case .unixTime(let digits): return unixTime(&cursor, digits: digits)
      }
    }
    let date = CivilDay(year: year, month: month, day: day)
    // Six digits may also be a year of two digits, a month and a day.
    guard date.exists, elements != Self.yearAndMonth || 1000..<3000 ~= year else { return nil }
    let moment = DateMoment(time: date.number * SeriesDate.day)
    return cursor.isAtEnd ? moment : addTimeOfDay(to: moment, &cursor)
  }

  private func addTimeOfDay(to moment: DateMoment, _ cursor: inout DateCursor) -> DateMoment? {
    guard hasDay else { return nil }
    let isISO = cursor.skip(UInt8(ascii: "t")) || cursor.skip(UInt8(ascii: ":"))
    let isComma = cursor.skip(UInt8(ascii: ","))
    guard cursor.skipSpaces() || isISO, !(isISO && isComma),
      let (milliseconds, offset) = TimeOfDay.read(&cursor), cursor.isAtEnd,
      // In UTC, the date must lie in the years 1 to 9999, too.
      Self.timesOfAnyZone.contains(moment.time)
        || offset == nil && moment.time + milliseconds < SeriesDate.end
    else { return nil }
    return DateMoment(time: moment.time + milliseconds, offset: offset, hasTimeOfDay: true)
  }

  private static let timesOfAnyZone: Range<Int> = {
    let first = CivilDay(year: 1, month: 1, day: 3).number * SeriesDate.day
    return first..<SeriesDate.end - 3 * SeriesDate.day
  }()

  private func skipWeekday(_ cursor: inout DateCursor) {
    var ahead = cursor
    guard ahead.name(of: Self.weekdayNames) != nil else { return }
    _ = ahead.skip(UInt8(ascii: "."))
    _ = ahead.skip(UInt8(ascii: ","))
    if ahead.skipSpaces() { cursor = ahead }
  }

  static let yearAndMonth: [Element] = [.year, .twoDigitMonth]

  private static func moment(ofWeek week: Int, year: Int) -> DateMoment? {
    guard 1...CivilDay.lastYear ~= year, week >= 1,
      case let monday = CivilDay.monday(ofWeek: week, year: year),
      CivilDay.week(of: monday).year == year
    else { return nil }
    return DateMoment(time: monday * SeriesDate.day)
  }

  private func decimalYear(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, parts: Int, isMiddle: Bool
  ) -> DateMoment? {
    guard let value = NumberStyle().number(bytes, range), 1000..<3000 ~= value else { return nil }
    let place = value * Double(parts) - (isMiddle ? 0.5 : 0)
    let whole = place.rounded()
    // A year may have only two decimals, and the months of the calendar have different lengths.
    guard abs(place - whole) <= (isMiddle ? 0.12 : parts == 1 ? 0.001 : 0.07) else { return nil }
    let months = Int(whole) * (12 / parts)
    return DateMoment(
      time: CivilDay(year: months / 12, month: months % 12 + 1, day: 1).number * SeriesDate.day)
  }

  private func unixTime(_ cursor: inout DateCursor, digits: Int) -> DateMoment? {
    guard let value = cursor.number(digits, digits) else { return nil }
    // Some programs write whole seconds with a decimal zero.
    if cursor.skip(UInt8(ascii: ".")) { while cursor.skip(UInt8(ascii: "0")) {} }
    guard cursor.isAtEnd else { return nil }
    return DateMoment(time: digits == 10 ? value * 1000 : value, offset: 0, hasTimeOfDay: true)
  }

  private static let weekdayNames = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ].map { Array($0.utf8) }
}
