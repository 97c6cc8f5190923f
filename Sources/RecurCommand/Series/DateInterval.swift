// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The interval between consecutive dates of a series.
enum DateInterval: Hashable {
  case days(Int)
  case months(Int)

  /// The usual number of values per season: those of a week for daily values, those of a year for any
  /// other interval that divides a year, and otherwise 1.
  var usualPeriod: Int {
    switch self {
    case .days(1): 7
    case .days(7): 52
    case .months(let months) where 12.isMultiple(of: months): 12 / months
    default: 1
    }
  }

  /// An approximate length for comparisons; a month has 30 days.
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
