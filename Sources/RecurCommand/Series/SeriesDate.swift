// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// A date of a series: a year, a month or a day, written YYYY, YYYY-MM or YYYY-MM-DD.
///
/// The calendar is that of ISO 8601, the proleptic Gregorian calendar from the year 1 to the year 9999.
struct SeriesDate: Hashable {
  /// The year, the month, the day and the number of known fields. A series has millions of dates.
  private let numbers: SIMD4<Int16>

  private var year: Int { Int(numbers.x) }
  private var month: Int { Int(numbers.y) }
  private var day: Int { Int(numbers.z) }

  /// The number of known fields: 1 for a year, 2 for a month, 3 for a day. The others are 1.
  private var fields: Int { Int(numbers.w) }

  /// Reads a date.
  ///
  /// - Parameters:
  ///   - text: The date.
  ///   - place: The location of the date, for error messages.
  /// - Throws: `BadInput` if the text is not a date.
  init(_ text: String, at place: @autoclosure () -> String) throws {
    guard let (fields, year, month, day) = Self.numbers(text) else {
      throw BadInput(
        "\(place()): date is \"\(text.printable)\", expected YYYY-MM-DD, YYYY-MM or YYYY")
    }
    guard year >= 1, 1...12 ~= month, 1...Self.daysIn(month: month, of: year) ~= day else {
      throw BadInput("\(place()): date is \(text), expected an existing date")
    }
    self.init(year: year, month: month, day: day, fields: fields)
  }

  private init(year: Int, month: Int, day: Int, fields: Int) {
    numbers = [Int16(year), Int16(month), Int16(day), Int16(fields)]
  }

  /// Returns the numbers of a text of the form YYYY, YYYY-MM or YYYY-MM-DD.
  private static func numbers(
    _ text: String
  ) -> (fields: Int, year: Int, month: Int, day: Int)? {
    let length = text.utf8.count
    guard length == 4 || length == 7 || length == 10 else { return nil }
    var (numbers, field) = ((0, 0, 0), 0)
    for (place, byte) in text.utf8.enumerated() {
      guard place != 4, place != 7 else {
        guard byte == UInt8(ascii: "-") else { return nil }
        field += 1
        continue
      }
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
      let digit = Int(byte - UInt8(ascii: "0"))
      switch field {
      case 0: numbers.0 = 10 * numbers.0 + digit
      case 1: numbers.1 = 10 * numbers.1 + digit
      default: numbers.2 = 10 * numbers.2 + digit
      }
    }
    return (field + 1, numbers.0, field > 0 ? numbers.1 : 1, field > 1 ? numbers.2 : 1)
  }
}

extension SeriesDate: CustomStringConvertible, Comparable {
  /// The known fields, such as `YYYY-MM`.
  var form: String { Self.forms[fields - 1] }

  private static let forms = ["YYYY", "YYYY-MM", "YYYY-MM-DD"]

  var description: String {
    func digits(_ number: Int, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return ([digits(year, 4)] + [month, day].prefix(fields - 1).map { digits($0, 2) })
      .joined(separator: "-")
  }

  /// Compares the common fields; a year precedes its months, and a month precedes its days.
  static func < (one: SeriesDate, other: SeriesDate) -> Bool {
    let common = min(one.fields, other.fields)
    if one.year != other.year { return one.year < other.year }
    if common > 1, one.month != other.month { return one.month < other.month }
    if common > 2, one.day != other.day { return one.day < other.day }
    return one.fields < other.fields
  }
}

extension SeriesDate {
  /// Whether the date is the last day of a month.
  var isMonthEnd: Bool { fields > 2 && day == Self.daysIn(month: month, of: year) }

  /// The interval from this date to a later one of the same form: in months if both fall on the same day
  /// of the month or on the last, and otherwise in days.
  func interval(to other: SeriesDate) -> DateInterval {
    precondition(fields == other.fields, "dates of different forms")
    return isSameDayOfMonth(as: other)
      ? .months(other.months - months) : .days(other.dayNumber - dayNumber)
  }

  /// The number of intervals between this date and a later one of the same form; nil if it is not a
  /// whole number.
  func steps(to other: SeriesDate, _ interval: DateInterval) -> Int? {
    let (whole, part) =
      switch interval {
      case .days(let days): (other.dayNumber - dayNumber, days)
      case .months(let months):
        (isSameDayOfMonth(as: other) ? other.months - self.months : 0, months)
      }
    return whole > 0 && whole.isMultiple(of: part) ? whole / part : nil
  }

  /// Returns a later date of the same form.
  ///
  /// - Parameters:
  ///   - interval: The interval to add.
  ///   - count: The number of intervals.
  ///   - monthEnds: Whether intervals in months lead to the last day of a month.
  /// - Returns: The date; nil if it is after the year 9999.
  func adding(_ interval: DateInterval, times count: Int, monthEnds: Bool) -> SeriesDate? {
    switch interval {
    case .days(let days):
      let number = dayNumber + days * count
      return number > Self.lastDayNumber ? nil : SeriesDate(dayNumber: number, fields: fields)
    case .months(let months):
      let number = self.months + months * count
      let (year, month) = (number / 12, number % 12 + 1)
      guard year <= Self.lastYear else { return nil }
      let last = Self.daysIn(month: month, of: year)
      return SeriesDate(
        year: year, month: month, day: monthEnds ? last : min(day, last), fields: fields)
    }
  }

  private func isSameDayOfMonth(as other: SeriesDate) -> Bool {
    day == other.day || isMonthEnd && other.isMonthEnd
  }

  private var months: Int { 12 * year + month - 1 }
}

// The proleptic Gregorian calendar

extension SeriesDate {
  private static let lastYear = 9999
  private static let lastDayNumber = daysBefore(year: lastYear + 1)

  /// The number of the first day of the date; 1 for 0001-01-01.
  private var dayNumber: Int {
    (1..<month).reduce(Self.daysBefore(year: year) + day) { $0 + Self.daysIn(month: $1, of: year) }
  }

  private init(dayNumber: Int, fields: Int) {
    // The estimate is too early by at most one year.
    var year = max(1, (dayNumber - 1) * 400 / 146_097)
    while Self.daysBefore(year: year + 1) < dayNumber { year += 1 }
    var (month, day) = (1, dayNumber - Self.daysBefore(year: year))
    while day > Self.daysIn(month: month, of: year) {
      day -= Self.daysIn(month: month, of: year)
      month += 1
    }
    self.init(year: year, month: month, day: day, fields: fields)
  }

  /// The number of days from 0001-01-01 to the year.
  private static func daysBefore(year: Int) -> Int {
    let years = year - 1
    return 365 * years + years / 4 - years / 100 + years / 400
  }

  private static func daysIn(month: Int, of year: Int) -> Int {
    let isLeapYear = year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
    return month == 2 ? (isLeapYear ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }
}
