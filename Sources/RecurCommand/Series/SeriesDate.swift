// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A date of a series: a year, a month or a day, written YYYY, YYYY-MM or YYYY-MM-DD.
struct SeriesDate: Hashable {
  private static let calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar
  }()

  /// The year, the month if it is known, and the day if it is known.
  private let fields: [Int]

  /// The first day of the year, month or day.
  private let firstDay: Date

  /// Reads a date.
  ///
  /// - Parameters:
  ///   - text: The date.
  ///   - place: The location of the date, for error messages.
  /// - Throws: `BadInput` if the text is not a date.
  init(_ text: String, at place: String) throws {
    guard text.wholeMatch(of: #/[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?/#) != nil else {
      throw BadInput("\(place): date is \"\(text)\", expected YYYY-MM-DD, YYYY-MM or YYYY")
    }
    let fields = text.split(separator: "-").map { Int($0)! }
    let components = DateComponents(
      calendar: Self.calendar, year: fields[0], month: fields.count > 1 ? fields[1] : 1,
      day: fields.count > 2 ? fields[2] : 1)
    guard components.isValidDate, let firstDay = components.date else {
      throw BadInput("\(place): date is \(text), expected an existing date")
    }
    self.fields = fields
    self.firstDay = firstDay
  }

  /// Creates a year, a month or a day.
  ///
  /// - Parameters:
  ///   - firstDay: The first day.
  ///   - count: The number of fields: 1 for a year, 2 for a month, 3 for a day.
  private init(_ firstDay: Date, fields count: Int) {
    let parts = Self.calendar.dateComponents([.year, .month, .day], from: firstDay)
    self.fields = Array([parts.year!, parts.month!, parts.day!].prefix(count))
    self.firstDay = firstDay
  }
}

extension SeriesDate: CustomStringConvertible, Comparable {
  var description: String {
    fields.enumerated().map { String(format: $0 == 0 ? "%04d" : "%02d", $1) }
      .joined(separator: "-")
  }

  static func < (one: SeriesDate, other: SeriesDate) -> Bool {
    one.fields.lexicographicallyPrecedes(other.fields)
  }
}

extension SeriesDate {
  /// Whether the date is the last day of a month.
  var isMonthEnd: Bool { fields.count > 2 && Self.daysInMonth(of: firstDay) == fields[2] }

  /// The interval from this date to a later one: in months if both fall on the same day of the month or
  /// on the last, and otherwise in days.
  func interval(to other: SeriesDate) -> DateInterval {
    isSameDayOfMonth(as: other) ? .months(months(to: other)) : .days(days(to: other))
  }

  /// The number of intervals between this date and a later one; nil if it is not a whole number.
  func steps(to other: SeriesDate, _ interval: DateInterval) -> Int? {
    let (whole, part) =
      switch interval {
      case .days(let days): (self.days(to: other), days)
      case .months(let months): (isSameDayOfMonth(as: other) ? self.months(to: other) : 0, months)
      }
    return whole > 0 && whole.isMultiple(of: part) ? whole / part : nil
  }

  /// Returns a later date of the same form.
  ///
  /// - Parameters:
  ///   - interval: The interval to add.
  ///   - count: The number of intervals.
  ///   - monthEnds: Whether intervals in months lead to the last day of a month.
  /// - Returns: The date.
  func adding(_ interval: DateInterval, times count: Int, monthEnds: Bool) -> SeriesDate {
    var next =
      switch interval {
      case .days(let days): Self.calendar.date(byAdding: .day, value: days * count, to: firstDay)!
      case .months(let months):
        Self.calendar.date(byAdding: .month, value: months * count, to: firstDay)!
      }
    if monthEnds, case .months = interval {
      next = Self.calendar.date(bySetting: .day, value: Self.daysInMonth(of: next), of: next)!
    }
    return SeriesDate(next, fields: fields.count)
  }

  private func isSameDayOfMonth(as other: SeriesDate) -> Bool {
    guard fields.count > 2, other.fields.count > 2 else { return true }
    return fields[2] == other.fields[2] || isMonthEnd && other.isMonthEnd
  }

  private func days(to other: SeriesDate) -> Int {
    Int((other.firstDay.timeIntervalSince(firstDay) / 86400).rounded())
  }

  private func months(to other: SeriesDate) -> Int {
    func months(_ fields: [Int]) -> Int { fields[0] * 12 + (fields.count > 1 ? fields[1] - 1 : 0) }
    return months(other.fields) - months(fields)
  }

  private static func daysInMonth(of date: Date) -> Int {
    calendar.range(of: .day, in: .month, for: date)!.count
  }
}
