// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The interval between consecutive dates of a series.
enum DateInterval: Hashable, Codable {
  /// No dates: the values are numbered.
  case steps
  case milliseconds(Int)
  case days(Int)

  /// The days of some weekdays, given by one bit each, from Monday in the lowest: 0b11111 for Monday to
  /// Friday.
  case weekdays(UInt8)

  /// Two dates a month.
  case halfMonths
  case months(Int)

  static let mondayToFriday = DateInterval.weekdays(0b11111)

  /// The numbers of values per season that are usual for the interval, in increasing order.
  var usualPeriods: [Int] {
    switch self {
    case .steps: []
    case .milliseconds(let milliseconds): Self.periods(ofMilliseconds: milliseconds)
    case .days(1): [7, 365]
    case .days(7): [52]
    case .days(10): [37]
    case .days(14): [26]
    case .days(28): [13]
    case .days: []
    case .weekdays(let days): [days.nonzeroBitCount, 52 * days.nonzeroBitCount]
    case .halfMonths: [24]
    case .months(let months): 12.isMultiple(of: months) && months < 12 ? [12 / months] : []
    }
  }

  private static func periods(ofMilliseconds length: Int) -> [Int] {
    let (second, minute, hour, day) = (1000, 60_000, 3_600_000, SeriesDate.day)
    let seasons =
      switch length {
      case ..<second: [second]
      case second: [minute]
      case ..<(10 * minute): [hour, day]
      case ..<day: [day, 7 * day]
      default: [7 * day]
      }
    return seasons.filter { $0.isMultiple(of: length) && $0 > length }.map { $0 / length }
  }

  /// The periods to compare: the usual ones, and 1 for intervals shorter than a month, which often have
  /// no season.
  var periodCandidates: [Int] {
    switch self {
    case .steps, .months: usualPeriods
    default: usualPeriods + [1]
    }
  }
}

extension DateInterval: CustomStringConvertible {
  var description: String {
    switch self {
    case .steps: return "1 step"
    case .milliseconds(let milliseconds):
      let units = [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1000, "second")]
      for (length, name) in units where milliseconds.isMultiple(of: length) {
        return counted(milliseconds / length, name)
      }
      return counted(milliseconds, "millisecond")
    case .days(let days): return counted(days, "day")
    case .weekdays(let days):
      return self == .mondayToFriday ? "1 business day" : "1 day of " + Self.names(days)
    case .halfMonths: return "half a month"
    case .months(let months): return counted(months, "month")
    }
  }

  private static func names(_ days: UInt8) -> String {
    let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    return names.indices.filter { days >> $0 & 1 == 1 }.map { names[$0] }.joined(separator: ", ")
  }
}
