// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The distance between the dates of a series.
enum DateInterval: Hashable {
  case days(Int)
  case months(Int)

  /// The number of values in a season of a series with such an interval: a week of days, and a year of
  /// everything else that divides one; 1 if nothing does.
  var usualPeriod: Int {
    switch self {
    case .days(1): 7
    case .days(7): 52
    case .months(let months) where 12.isMultiple(of: months): 12 / months
    default: 1
    }
  }

  /// For comparison; a month is 30 days.
  var lengthInDays: Int {
    switch self {
    case .days(let days): days
    case .months(let months): 30 * months
    }
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
