// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A day of the proleptic Gregorian calendar, which is that of ISO 8601.
struct CivilDay: Equatable {
  var year: Int
  var month: Int
  var day: Int

  init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// - Parameter number: The number of the day; 0 for 1970-01-01.
  init(number: Int) {
    // Years that begin on March 1 have their leap day at the end.
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// The number of the day; 0 for 1970-01-01.
  var number: Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  var exists: Bool {
    1...Self.lastYear ~= year && 1...12 ~= month && 1...Self.daysIn(month: month, of: year) ~= day
  }

  /// The number of months since the beginning of the year 0.
  var months: Int { 12 * year + month - 1 }

  static let lastYear = 9999

  static func daysIn(month: Int, of year: Int) -> Int {
    let isLeapYear = year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
    return month == 2
      ? (isLeapYear ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
  }

  /// The day of the week of a numbered day: 0 for Monday, 6 for Sunday.
  static func weekday(_ number: Int) -> Int {
    let day = (number + 3) % 7
    return day < 0 ? day + 7 : day
  }

  /// The number of the Monday of a week of ISO 8601.
  static func monday(ofWeek week: Int, year: Int) -> Int {
    // January 4 lies in week 1.
    let fourth = CivilDay(year: year, month: 1, day: 4).number
    return fourth - weekday(fourth) + 7 * (week - 1)
  }

  /// The week of ISO 8601 in which a numbered day lies, and the year of that week.
  static func week(of number: Int) -> (year: Int, week: Int) {
    let thursday = number - weekday(number) + 3
    let year = CivilDay(number: thursday).year
    return (year, (thursday - CivilDay(year: year, month: 1, day: 1).number) / 7 + 1)
  }
}
