// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// How far the dates of a series lie from each other.
enum DateInterval: Hashable {
  case days(Int)
  case months(Int)

  /// How many values usually make a season of a series with such an interval: a week of days, and a year
  /// of all else that divides it; 1 if nothing does.
  var usualPeriod: Int {
    switch self {
    case .days(1): 7
    case .days(7): 52
    case .months(let months) where 12.isMultiple(of: months): 12 / months
    default: 1
    }
  }
}

extension Series {
  /// The interval that is met most often, the smaller if several are.
  func interval() throws -> DateInterval {
    guard dates.count >= 2 else {
      throw BadInput("the series has \(dates.count) dates, expected at least 2")
    }
    let parsed = try dates.map(SeriesDate.init)
    var counts: [DateInterval: Int] = [:]
    for (a, b) in zip(parsed, parsed.dropFirst()) { counts[a.interval(to: b), default: 0] += 1 }
    let most = counts.values.max()!
    return counts.filter { $0.value == most }.keys.min { $0.lengthInDays < $1.lengthInDays }!
  }

  /// The dates that come next.
  func datesAfter(_ count: Int) throws -> [String] {
    let interval = try interval()
    let parsed = try dates.map(SeriesDate.init)
    let monthEnds = parsed.allSatisfy(\.isMonthEnd)
    return (1...count).map { parsed.last!.adding(interval, times: $0, monthEnds: monthEnds) }
  }

  /// The same with every date: one that is not there has no value. Else a season would shift where a line
  /// is left out.
  func complete(path: String) throws -> Series {
    guard dates.count >= 2 else { return self }
    let interval = try interval()
    let parsed = try dates.map(SeriesDate.init)
    let monthEnds = parsed.allSatisfy(\.isMonthEnd)
    var all = self[0..<1]
    for next in parsed.indices.dropFirst() {
      let (a, b) = (parsed[next - 1], parsed[next])
      guard let steps = a.steps(to: b, interval) else {
        throw BadInput(
          "\(path): date \(dates[next]) after \(dates[next - 1]), expected dates \(interval) apart")
      }
      for step in 1..<max(steps, 1) {
        all.dates.append(a.adding(interval, times: step, monthEnds: monthEnds))
        all.values.append(nil)
      }
      all.dates.append(dates[next])
      all.values.append(values[next])
    }
    return all
  }
}

extension DateInterval: CustomStringConvertible {
  var description: String {
    switch self {
    case .days(let days): "\(days) day\(days == 1 ? "" : "s")"
    case .months(let months): "\(months) month\(months == 1 ? "" : "s")"
    }
  }
}

extension DateInterval {
  fileprivate var lengthInDays: Int {
    switch self {
    case .days(let days): days
    case .months(let months): 30 * months
    }
  }
}

/// YYYY, YYYY-MM or YYYY-MM-DD.
private struct SeriesDate {
  private static let calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar
  }()

  let fields: [Int]
  private let date: Date

  init(_ text: String) throws {
    fields = text.split(separator: "-").compactMap { Int($0) }
    let components = DateComponents(
      calendar: Self.calendar, year: fields[0], month: fields.count > 1 ? fields[1] : 1,
      day: fields.count > 2 ? fields[2] : 1)
    guard components.isValidDate, let date = components.date else {
      throw BadInput("the series has the date \(text), expected one that exists")
    }
    self.date = date
  }

  private var months: Int { fields[0] * 12 + (fields.count > 1 ? fields[1] - 1 : 0) }

  var isMonthEnd: Bool {
    guard fields.count > 2 else { return false }
    return Self.calendar.range(of: .day, in: .month, for: date)!.upperBound == fields[2] + 1
  }

  private func isSameDay(of other: SeriesDate) -> Bool {
    guard fields.count > 2, other.fields.count > 2 else { return true }
    return fields[2] == other.fields[2] || isMonthEnd && other.isMonthEnd
  }

  private func days(to other: SeriesDate) -> Int {
    Int((other.date.timeIntervalSince(date) / 86400).rounded())
  }

  func interval(to other: SeriesDate) -> DateInterval {
    isSameDay(of: other) ? .months(other.months - months) : .days(days(to: other))
  }

  /// How many intervals lie between; nil if not a whole number.
  func steps(to other: SeriesDate, _ interval: DateInterval) -> Int? {
    let (whole, part) =
      switch interval {
      case .days(let days): (self.days(to: other), days)
      case .months(let months): (isSameDay(of: other) ? other.months - self.months : 0, months)
      }
    return whole > 0 && whole.isMultiple(of: part) ? whole / part : nil
  }

  /// In the same form.
  func adding(_ interval: DateInterval, times count: Int, monthEnds: Bool) -> String {
    var next =
      switch interval {
      case .days(let days): Self.calendar.date(byAdding: .day, value: days * count, to: date)!
      case .months(let months):
        Self.calendar.date(byAdding: .month, value: months * count, to: date)!
      }
    if monthEnds, case .months = interval {
      let days = Self.calendar.range(of: .day, in: .month, for: next)!
      next = Self.calendar.date(bySetting: .day, value: days.upperBound - 1, of: next)!
    }
    let parts = Self.calendar.dateComponents([.year, .month, .day], from: next)
    return String(format: "%04d-%02d-%02d", parts.year!, parts.month!, parts.day!)
      .prefix([4, 7, 10][fields.count - 1]).description
  }
}
