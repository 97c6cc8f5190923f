// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// A series of values at equal intervals in time. A value is missing if its field is empty or its line is
/// omitted.
struct Series {
  var dates: [SeriesDate]
  var values: [Double?]

  /// The calendar of the dates; recognized from them if nil.
  var calendar: SeriesCalendar?

  /// What was recognized in the file; nil for a series that comes from none.
  private(set) var recognition: SeriesRecognition?

  init(dates: [SeriesDate], values: [Double?], calendar: SeriesCalendar? = nil) {
    (self.dates, self.values, self.calendar) = (dates, values, calendar)
  }

  /// The number of missing values.
  var missing: Int { values.count { $0 == nil } }

  /// The minimum and the maximum of the known values; nil if there are none.
  var range: ClosedRange<Double>? {
    let known = values.compactMap(\.self)
    return known.min().map { $0...known.max()! }
  }

  /// The values, with missing ones filled by linear interpolation.
  var interpolatedValues: [Double] { MissingValues.interpolated(values) }

  subscript(range: Range<Int>) -> Series {
    var part = Series(dates: Array(dates[range]), values: Array(values[range]), calendar: calendar)
    part.recognition = recognition
    return part
  }
}

extension Series {
  /// The calendar of the dates.
  ///
  /// - Throws: `BadInput` for fewer than two dates.
  private func requireCalendar() throws -> SeriesCalendar {
    if let calendar { return calendar }
    guard dates.count >= 2 else {
      throw BadInput(
        "the series has \(dates.isEmpty ? "no dates" : "one date"), expected at least 2")
    }
    return SeriesCalendar.best(for: dates.map(\.time), dates[0].form)
  }

  /// The interval between dates.
  func interval() throws -> DateInterval { try requireCalendar().interval }

  /// Returns the next dates after the series.
  ///
  /// - Parameters:
  ///   - count: The number of dates.
  ///   - path: The path of the file.
  /// - Returns: The dates.
  /// - Throws: `BadInput` if a date is after the year 9999.
  func datesAfter(_ count: Int, path: String) throws -> [SeriesDate] {
    let (calendar, last) = (try requireCalendar(), dates.last!)
    guard let number = calendar.number(of: last.time) else {
      throw BadInput("\(path): ends at \(last), expected dates \(calendar.interval) apart")
    }
    var next: [SeriesDate] = []
    while next.count < count {
      let time = calendar.time(at: number + 1 + next.count)
      guard last.form == .number || time < SeriesDate.end else {
        let most = next.isEmpty ? "an earlier end" : "a horizon of at most \(next.count)"
        throw BadInput(
          "\(path): ends at \(last), expected \(most), found horizon \(count): no date is after 9999-12-31"
        )
      }
      next.append(SeriesDate(time: time, form: last.form, offset: last.offset))
    }
    return next
  }

  /// Records what was recognized in the file.
  mutating func recognize(
    file: String, column: String, position: Int?, dateColumns: [String], dateForm: String,
    separator: String, decimal: String, hasThousands: Bool = false
  ) {
    let interval = calendar?.interval ?? .steps
    recognition = SeriesRecognition(
      file: file, column: column, position: position, dateColumns: dateColumns, dateForm: dateForm,
      separator: separator, decimal: decimal, hasThousands: hasThousands, interval: "\(interval)",
      usualPeriods: interval.usualPeriods,
      first: "\(dates[0])", last: "\(dates.last!)", values: values.count, missing: missing)
  }
}
