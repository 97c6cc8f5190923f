// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension DatePattern {
  /// The form of the dates of a column, as coarse as all of them allow.
  func form(of moments: some Sequence<DateMoment>) -> SeriesDate.Form {
    var finest = SeriesDate.Form.day
    var hasTimeOfDay = false
    for moment in moments {
      hasTimeOfDay = hasTimeOfDay || moment.hasTimeOfDay
      let form = Self.form(ofTime: moment.time)
      if form.rawValue > finest.rawValue { finest = form }
    }
    return hasTimeOfDay ? finest : formOfDates
  }

  /// The form of dates without a time of day.
  var formOfDates: SeriesDate.Form {
    if hasDay { return .day }
    if elements.contains(.week) { return .week }
    if elements.contains(.quarter) { return .quarter }
    if case .decimalYear(let parts, _) = elements[0] {
      return parts == 12 ? .month : parts == 4 ? .quarter : .year
    }
    let months: [Element] = [.month, .twoDigitMonth, .monthName]
    return elements.contains { months.contains($0) } ? .month : .year
  }

  /// The coarsest form that can tell a time from others.
  static func form(ofTime time: Int) -> SeriesDate.Form {
    time.isMultiple(of: SeriesDate.day)
      ? .day
      : time.isMultiple(of: 60_000) ? .minute : time.isMultiple(of: 1000) ? .second : .millisecond
  }
}
