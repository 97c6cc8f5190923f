// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Dates that no calendar has.
struct IrregularDates: Error {
  /// The index of the first date that does not fit.
  var index: Int
  var calendar: SeriesCalendar
}

extension SeriesCalendar {
  /// Recognizes the calendar of dates.
  ///
  /// Of the calendars that the most frequent interval suggests, the one is chosen that has the largest
  /// share of the dates, less the share of its own dates that are absent. So a single wrong date changes
  /// nothing.
  ///
  /// - Parameters:
  ///   - times: At least two times, in increasing order.
  ///   - form: The form of the dates.
  static func best(for times: [Int], _ form: SeriesDate.Form) -> SeriesCalendar {
    guard form != .number else { return SeriesCalendar(interval: .steps, origin: 0) }
    let interval = mostFrequent(times.indices.dropFirst().lazy.map { times[$0] - times[$0 - 1] })
    let timeOfDay = mostFrequent(
      times.lazy.map { $0 - $0.floorDivided(by: SeriesDate.day) * SeriesDate.day })
    guard interval.isMultiple(of: SeriesDate.day) else {
      return SeriesCalendar(interval: .milliseconds(interval), origin: origin(times, interval))
    }
    let candidates =
      months(times, interval / SeriesDate.day, timeOfDay)
      + weekdays(times, interval / SeriesDate.day, timeOfDay)
      + [
        SeriesCalendar(
          interval: .days(interval / SeriesDate.day), origin: origin(times, interval),
          timeOfDay: timeOfDay)
      ]
    guard candidates.count > 1 else { return candidates[0] }
    let ranks = candidates.map { $0.rank(of: times) }
    return candidates[
      ranks.indices.max { ranks[$0] < ranks[$1] || ranks[$0] == ranks[$1] && $0 > $1 }!]
  }

  /// The numbers of dates.
  ///
  /// - Throws: `IrregularDates` if one is not in the calendar.
  func numbers(of times: [Int]) throws -> [Int] {
    try times.indices.map { index in
      guard let number = number(of: times[index]) else {
        throw IrregularDates(index: index, calendar: self)
      }
      return number
    }
  }

  /// The share of the dates that the calendar has, less the share of its dates that are absent.
  private func rank(of times: [Int]) -> Double {
    var (present, first, last) = (0, Int?.none, 0)
    for time in times {
      guard let number = number(of: time) else { continue }
      if first == nil { first = number }
      // Two dates of one month are no monthly dates.
      if number > last || present == 0 { present += 1 }
      last = number
    }
    guard let first else { return -1 }
    let all = last - first + 1
    return Double(present) / Double(times.count) - Double(all - present) / Double(all)
  }

  /// The first time with the most frequent remainder.
  private static func origin(_ times: [Int], _ interval: Int) -> Int {
    let remainder = { (time: Int) in time - time.floorDivided(by: interval) * interval }
    let most = mostFrequent(times.lazy.map(remainder))
    return times.first { remainder($0) == most }!
  }

  /// The most frequent number; the smallest of several.
  static func mostFrequent(_ numbers: some Sequence<Int>) -> Int {
    var counts: [Int: Int] = [:]
    var (current, run) = (0, 0)
    // Nearly all numbers equal the one before.
    for number in numbers {
      if number == current {
        run += 1
      } else {
        if run > 0 { counts[current, default: 0] += run }
        (current, run) = (number, 1)
      }
    }
    counts[current, default: 0] += run
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }!.key
  }
}

// Candidates

extension SeriesCalendar {
  private static let closedDays: [UInt8] =
    // Monday to Friday, Sunday to Thursday, and all days but one
    [0b0011111, 0b1001111] + (0..<7).reversed().map { 0b1111111 ^ (1 << $0) }

  private static func weekdays(_ times: [Int], _ days: Int, _ timeOfDay: Int) -> [SeriesCalendar] {
    guard days == 1 else { return [] }
    var counts = Array(repeating: 0, count: 7)
    for time in times {
      counts[CivilDay.weekday((time - timeOfDay).floorDivided(by: SeriesDate.day))] += 1
    }
    // The closed days have hardly any date.
    let likely = closedDays.filter { mask in
      10 * (0..<7).reduce(0) { $0 + (mask >> $1 & 1 == 1 ? counts[$1] : 0) } >= 9 * times.count
    }
    return likely.map {
      SeriesCalendar(interval: .weekdays($0), origin: times[0], timeOfDay: timeOfDay)
    }
  }

  private static func months(_ times: [Int], _ days: Int, _ timeOfDay: Int) -> [SeriesCalendar] {
    guard days > 12 else { return [] }
    let dates = times.map { CivilDay(number: ($0 - timeOfDay).floorDivided(by: SeriesDate.day)) }
    let origin = { (dates: ArraySlice<CivilDay>) in
      dates[dates.startIndex].number * SeriesDate.day + timeOfDay
    }
    guard days > 17 else {
      let pairs = [(1, 15), (1, 16), (15, 31), (16, 31), (5, 20), (10, 25)]
      return pairs.map { first, second in
        SeriesCalendar(
          interval: .halfMonths, rules: [.day(first), .day(second)], origin: origin(dates[...]),
          timeOfDay: timeOfDay)
      }
    }
    guard days >= 28 else { return [] }
    let months = mostFrequent(
      dates.indices.dropFirst().lazy.map { dates[$0].months - dates[$0 - 1].months })
    guard months > 0 else { return [] }
    let phase = mostFrequent(dates.lazy.map { $0.months % months })
    let first = dates[dates.firstIndex { $0.months % months == phase }!...]
    let isEnd =
      dates.count { $0.day == CivilDay.daysIn(month: $0.month, of: $0.year) } * 2 > dates.count
    let day = isEnd && dates.contains { $0.day < 31 } ? 31 : mostFrequent(dates.lazy.map(\.day))
    // Shorter months have the last day instead.
    let latest = dates.map(\.day).max()!
    let rules = [Rule.day(day)] + (latest > 28 && latest != day ? [.day(latest)] : [])
    return (rules + [.firstBusinessDay, .lastBusinessDay]).map {
      SeriesCalendar(
        interval: .months(months), rules: [$0], origin: origin(first), timeOfDay: timeOfDay)
    }
  }
}
