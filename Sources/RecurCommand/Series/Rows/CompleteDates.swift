// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension SeriesRows {
  /// Checks that what is read as the year of a month is no day of the month.
  ///
  /// Years that count from 1 must belong to consecutive months. Years of two digits must not count from one
  /// date to the next within the same month, as days do.
  func requireYears(_ form: String) throws {
    guard let pattern = DatePattern.all.first(where: { $0.name == form }), !pattern.hasDay,
      pattern.hasBareYear || pattern.elements.contains(.twoDigitYear)
    else { return }
    let dates = times.filter { $0 != DateColumn.missing }.map {
      CivilDay(number: $0.floorDivided(by: SeriesDate.day))
    }
    let steps = zip(dates, dates.dropFirst()).map { $1.months - $0.months }
    let step = SeriesCalendar.mostFrequent(steps)
    let mayBeDays =
      pattern.hasBareYear
      ? steps.contains { $0 != 1 }
      : step != 0 && step.isMultiple(of: 12) && dates.allSatisfy { 1...31 ~= $0.year % 100 }
    guard mayBeDays else { return }
    throw BadInput(
      "\(place(0)): dates have no year, or one of two digits that may be a day, expected four digits such as "
        + "in 2001-07-05")
  }

  /// Inserts the dates that have no row, with missing values. Otherwise, an omitted row would shift the
  /// seasons after it.
  func complete(_ note: (String) -> Void) throws -> Series {
    let known = self.known
    guard known.times.count >= 10, known.times.count < times.count else {
      return try completed(note)
    }
    // Rows without a value need not belong to the calendar, such as weekends or the days of dividends.
    let calendar = SeriesCalendar.best(for: known.times, form)
    let isWeekend = if case .weekdays = calendar.interval { true } else { false }
    if !isWeekend {
      do { return try completed(note) } catch { _ = try known.completed { _ in } }
    }
    let others = times.count { calendar.number(of: $0) == nil }
    if others > 0 {
      let rows = others == 1 ? "1 row has no value and is" : "\(others) rows have no value and are"
      note("\(path): \(rows) not among dates \(calendar.interval) apart; ignored")
    }
    var kept = self
    kept.take(times.indices.filter { calendar.number(of: times[$0]) != nil })
    return try kept.completed(note)
  }

  /// The rows with a value.
  private var known: SeriesRows {
    var known = self
    if values.contains(where: \.isNaN) { known.take(values.indices.filter { !values[$0].isNaN }) }
    return known
  }

  private func completed(_ note: (String) -> Void) throws -> Series {
    let calendar = SeriesCalendar.best(for: times, form)
    let numbers: [Int]
    do {
      numbers = try calendar.numbers(of: times)
    } catch let irregular as IrregularDates {
      if let months = inMonths { return try months.rounded(note) }
      throw wrongDate(irregular)
    }
    if let repeated = numbers.indices.dropFirst().first(where: { numbers[$0] <= numbers[$0 - 1] }) {
      throw wrongDate(IrregularDates(index: repeated, calendar: calendar))
    }
    try requireFewGaps(numbers, calendar)
    return filled(numbers, calendar, note)
  }

  private func filled(_ numbers: [Int], _ calendar: SeriesCalendar, _ note: (String) -> Void)
    -> Series
  {
    let all = numbers.last! - numbers[0] + 1
    var (dates, complete) = ([SeriesDate](), [Double?]())
    dates.reserveCapacity(all)
    complete.reserveCapacity(all)
    var firstAbsent: SeriesDate?
    for index in times.indices {
      if index > 0 {
        for number in numbers[index - 1] + 1..<numbers[index] {
          let absent = SeriesDate(time: calendar.time(at: number), form: form, offset: offset)
          firstAbsent = firstAbsent ?? absent
          dates.append(absent)
          complete.append(nil)
        }
      }
      dates.append(date(index))
      complete.append(values[index].isNaN ? nil : values[index])
    }
    if let firstAbsent {
      note(
        "\(path): dates are \(calendar.interval) apart; dates without a line: \(all - times.count), the first "
          + "\(firstAbsent)")
    }
    return Series(dates: dates, values: complete, calendar: calendar)
  }

  /// The rows with dates of months or quarters, if each has one date on a varying day; nil for other
  /// dates.
  private var inMonths: SeriesRows? {
    guard form == .day else { return nil }
    let months = times.map { CivilDay(number: $0.floorDivided(by: SeriesDate.day)).months }
    let step = SeriesCalendar.mostFrequent(
      months.indices.dropFirst().lazy.map { months[$0] - months[$0 - 1] })
    guard step > 0,
      zip(months, months.dropFirst()).allSatisfy({ $1 > $0 && ($1 - $0).isMultiple(of: step) })
    else {
      return nil
    }
    let firsts = months.map { SeriesCalendar.day(.day(1), ofMonth: $0) * SeriesDate.day }
    var rounded = SeriesRows(times: firsts, values: values, form: .month, offset: nil, table: table)
    rounded.rows = rows
    return rounded
  }

  private func rounded(_ note: (String) -> Void) throws -> Series {
    note("\(path): dates fall on different days of the month and are read as months")
    return try completed(note)
  }

  private func wrongDate(_ irregular: IrregularDates) -> BadInput {
    let (index, interval) = (irregular.index, irregular.calendar.interval)
    let after =
      index > 0 ? "date \(date(index)) follows \(date(index - 1))" : "date is \(date(index))"
    let fitting = times.count { irregular.calendar.number(of: $0) != nil }
    let hint: String
    if index == times.count - 1, fitting == index {
      hint = "; remove the last line if its period is not complete"
    } else if 10 * fitting < 9 * times.count {
      hint =
        "; only \(fitting) of \(times.count) dates fit this interval: round the dates, or give --date-column "
        + "none to number the values"
    } else {
      hint = ""
    }
    return BadInput("\(place(index)): \(after), expected dates \(interval) apart\(hint)")
  }

  /// Checks that no more dates are absent than half of those that are present, and that no gap of more than
  /// 12 dates separates the first or the last one or two dates from the others. Such dates are probably
  /// wrong.
  private func requireFewGaps(_ numbers: [Int], _ calendar: SeriesCalendar) throws {
    let absent = numbers.last! - numbers[0] + 1 - numbers.count
    guard absent > 0,
      let widest = numbers.indices.dropFirst().max(by: {
        numbers[$0] - numbers[$0 - 1] < numbers[$1] - numbers[$1 - 1]
      })
    else { return }
    let gap = numbers[widest] - numbers[widest - 1] - 1
    let isStray = gap > 12 && min(widest, numbers.count - widest) <= 2
    guard 2 * absent > numbers.count || isStray else { return }
    let reason =
      isStray
      ? "expected no gap of \(gap) dates before the last or after the first "
        + "\(min(widest, numbers.count - widest) == 1 ? "date" : "dates")"
      : "which leaves \(absent) of \(absent + numbers.count) dates without a line, expected at most a third"
    let other = 2 * widest < numbers.count && isStray ? widest - 1 : widest
    throw BadInput(
      "\(place(other)): date \(date(widest)) follows \(date(widest - 1)): with dates "
        + "\(calendar.interval) apart, \(reason)"
    )
  }
}
