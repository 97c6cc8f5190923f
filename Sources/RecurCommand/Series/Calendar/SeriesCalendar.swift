// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Equal steps in time: numbers the dates of a series, and finds the date of each number.
struct SeriesCalendar: Hashable, Codable {
  /// The days of a month on which dates fall.
  enum Rule: Hashable, Codable {
    /// A day of the month, or the last one of a shorter month.
    case day(Int)
    case firstBusinessDay
    case lastBusinessDay
  }

  let interval: DateInterval

  /// For months: the days of the month; two for half months.
  var rules: [Rule] = [.day(1)]

  /// A date of the calendar, to which all others have whole distances.
  var origin: Int

  /// The time of day of all dates, for calendars of days and months.
  var timeOfDay = 0

  /// The number of a time; nil if it is no date of the calendar. The origin need not have the number 0.
  func number(of time: Int) -> Int? {
    if case .steps = interval { return time }
    if case .milliseconds(let length) = interval { return whole(time - origin, length) }
    let days = (time - timeOfDay).floorDivided(by: SeriesDate.day)
    guard days * SeriesDate.day + timeOfDay == time else { return nil }
    switch interval {
    case .steps, .milliseconds: return nil
    case .days(let length):
      return whole(days - (origin - timeOfDay).floorDivided(by: SeriesDate.day), length)
    case .weekdays(let mask): return Self.weekdayNumber(days, mask)
    case .months(let length):
      let date = CivilDay(number: days)
      guard days == Self.day(rules[0], ofMonth: date.months) else { return nil }
      return whole(date.months - originMonths, length)
    case .halfMonths:
      let months = CivilDay(number: days).months
      return rules.indices.first { days == Self.day(rules[$0], ofMonth: months) }.map {
        2 * months + $0
      }
    }
  }

  /// The time of a number.
  func time(at number: Int) -> Int {
    switch interval {
    case .steps: number
    case .milliseconds(let length): origin + number * length
    case .days(let length): origin + number * length * SeriesDate.day
    case .weekdays(let mask): Self.day(ofWeekday: number, mask) * SeriesDate.day + timeOfDay
    case .months(let length):
      Self.day(rules[0], ofMonth: originMonths + number * length) * SeriesDate.day + timeOfDay
    case .halfMonths:
      Self.day(rules[number & 1], ofMonth: number.floorDivided(by: 2)) * SeriesDate.day + timeOfDay
    }
  }

  private var originMonths: Int { CivilDay(number: origin.floorDivided(by: SeriesDate.day)).months }

  private func whole(_ distance: Int, _ length: Int) -> Int? {
    distance.isMultiple(of: length) ? distance / length : nil
  }
}

extension SeriesCalendar {
  /// The number of the day that a rule gives in a month, counted as in `CivilDay.months`.
  static func day(_ rule: Rule, ofMonth months: Int) -> Int {
    let (year, month) = (months.floorDivided(by: 12), months - 12 * months.floorDivided(by: 12) + 1)
    let first = CivilDay(year: year, month: month, day: 1).number
    let count = CivilDay.daysIn(month: month, of: year)
    switch rule {
    case .day(let day): return first + min(day, count) - 1
    case .firstBusinessDay: return first + [0, 0, 0, 0, 0, 2, 1][CivilDay.weekday(first)]
    case .lastBusinessDay:
      let last = first + count - 1
      return last - [0, 0, 0, 0, 0, 1, 2][CivilDay.weekday(last)]
    }
  }

  /// The number of chosen weekdays from a fixed Monday to a day; nil if the day is not among them.
  private static func weekdayNumber(_ day: Int, _ mask: UInt8) -> Int? {
    let weekday = CivilDay.weekday(day)
    guard mask >> weekday & 1 == 1 else { return nil }
    let week = (day - weekday + 3).floorDivided(by: 7)
    let before = mask & (1 << weekday - 1)
    return week * mask.nonzeroBitCount + before.nonzeroBitCount
  }

  private static func day(ofWeekday number: Int, _ mask: UInt8) -> Int {
    let week = number.floorDivided(by: mask.nonzeroBitCount)
    let place = number - week * mask.nonzeroBitCount
    return 7 * week - 3 + (0..<7).filter { mask >> $0 & 1 == 1 }[place]
  }
}
