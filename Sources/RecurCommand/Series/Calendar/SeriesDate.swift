// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// A date of a series: a year, a quarter, a month, a week, a day, a time of day, or the number of a value
/// in a series without dates.
///
/// Dates are written as in ISO 8601: `2001`, `2001-Q3`, `2001-07`, `2001-W27`, `2001-07-05`,
/// `2001-07-05T18:30`.
struct SeriesDate: Hashable {
  enum Form: UInt8 { case number, year, quarter, month, week, day, minute, second, millisecond }

  static let day = 86_400_000

  /// The milliseconds from 1970-01-01T00:00 to the beginning of the date in its own time zone, or the
  /// number of a value.
  let time: Int
  let form: Form

  /// The difference from UTC in minutes; nil if the time zone is unknown.
  let offset: Int16?

  init(time: Int, form: Form, offset: Int16? = nil) {
    self.time = time
    self.form = form
    self.offset = offset
  }

  /// Reads a date as it is written, or in any other form that has only one meaning.
  ///
  /// - Parameters:
  ///   - text: The date.
  ///   - place: The location of the date, for error messages.
  /// - Throws: `BadInput` if the text is not a date.
  init(_ text: String, at place: @autoclosure () -> String) throws {
    guard let date = Self.read(text) else {
      throw BadInput(
        "\(place()): date is \"\(text.printable)\", expected a date such as 2001, 2001-Q3, 2001-07, "
          + "2001-07-05 or 2001-07-05T18:30")
    }
    self = date
  }

  private static func read(_ text: String) -> SeriesDate? {
    var text = text
    return text.withUTF8 { bytes in
      DatePattern.canonical.lazy.compactMap { pattern in
        pattern.moment(bytes, 0..<bytes.count).map { moment in
          let form = pattern.form(of: [moment])
          return SeriesDate(
            time: moment.time, form: form,
            offset: form.rawValue > Form.day.rawValue ? moment.offset : nil)
        }
      }.first
    }
  }

  /// The time at the beginning of the year 10000.
  static let end = CivilDay(year: CivilDay.lastYear + 1, month: 1, day: 1).number * day
}

extension SeriesDate: Comparable {
  /// Compares the beginnings of dates; a year precedes its first month, and a month its first day.
  static func < (one: SeriesDate, other: SeriesDate) -> Bool {
    (one.time, one.form.rawValue) < (other.time, other.form.rawValue)
  }
}

extension SeriesDate: CustomStringConvertible {
  var description: String {
    guard form != .number else { return "\(time)" }
    let number = time.floorDivided(by: Self.day)
    let date = CivilDay(number: number)
    let year = digits(date.year, 4)
    let month = year + "-" + digits(date.month, 2)
    switch form {
    case .number, .year: return year
    case .quarter: return year + "-Q\((date.month + 2) / 3)"
    case .month: return month
    case .week:
      let (year, week) = CivilDay.week(of: number)
      return digits(year, 4) + "-W" + digits(week, 2)
    case .day: return month + "-" + digits(date.day, 2)
    case .minute, .second, .millisecond:
      return month + "-" + digits(date.day, 2) + "T" + timeOfDay(time - number * Self.day) + zone
    }
  }

  private func timeOfDay(_ milliseconds: Int) -> String {
    let seconds = milliseconds / 1000
    let minutes = digits(seconds / 3600, 2) + ":" + digits(seconds / 60 % 60, 2)
    guard form != .minute else { return minutes }
    let whole = minutes + ":" + digits(seconds % 60, 2)
    return form == .second ? whole : whole + "." + digits(milliseconds % 1000, 3)
  }

  private var zone: String {
    guard let offset else { return "" }
    guard offset != 0 else { return "Z" }
    let minutes = Int(offset.magnitude)
    return (offset < 0 ? "-" : "+") + digits(minutes / 60, 2) + ":" + digits(minutes % 60, 2)
  }

  private func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}

extension Int {
  /// The quotient rounded down.
  func floorDivided(by divisor: Int) -> Int {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
