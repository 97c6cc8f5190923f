// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The dates and values of the rows of a file, in any order.
struct SeriesRows {
  var times: [Int]

  /// NaN for missing values.
  var values: [Double]
  let form: SeriesDate.Form
  let offset: Int16?
  let table: CSVTable

  /// The row of each value, unless all rows are in order.
  private var rows: [Int32]?

  init(times: [Int], values: [Double], form: SeriesDate.Form, offset: Int16?, table: CSVTable) {
    (self.times, self.values, self.form, self.offset, self.table) = (times, values, form, offset, table)
  }

  private var path: String { table.file.path }
  private func row(_ index: Int) -> Int { rows.map { Int($0[index]) } ?? index }
  private func line(_ index: Int) -> Int { table.rows.count == 1 ? 0 : table.file.line(of: table.rows[row(index)].start) }
  private func place(_ index: Int) -> String {
    table.file.place(table.rows[min(row(index), table.rows.count - 1)].start)
  }
  private func date(_ index: Int) -> SeriesDate { SeriesDate(time: times[index], form: form, offset: offset) }

  /// Sorts the rows and completes their dates.
  ///
  /// - Parameters:
  ///   - options: How duplicate dates become one.
  ///   - note: Receives a message about each change.
  /// - Returns: The series, from the first to the last known value.
  /// - Throws: `BadInput` if dates are missing, repeated or irregular.
  func series(_ options: SeriesReading, note: (String) -> Void) throws -> Series {
    var sorted = self
    try sorted.dropRowsWithoutDate()
    sorted.sort(note)
    try sorted.mergeDuplicates(options.aggregate, note)
    let all = sorted
    sorted.dropMissingEnds(note)
    guard sorted.times.count >= 2 else {
      let end = all.times.count > sorted.times.count ? " up to the last known value" : ""
      let things = form == .number ? "value" : "date"
      throw BadInput(
        "\(path): has \(sorted.times.isEmpty ? "no \(things)s" : "one \(things)")\(end), expected at least 2 \(things)s")
    }
    sorted.noteSentinel(note)
    return try sorted.complete(note)
  }

  private mutating func dropRowsWithoutDate() throws {
    guard times.contains(DateColumn.missing) else { return }
    let kept = times.indices.filter { times[$0] != DateColumn.missing }
    if let index = times.indices.first(where: { times[$0] == DateColumn.missing && !values[$0].isNaN }) {
      throw BadInput("\(place(index)): has a value but no date, expected a date")
    }
    take(kept)
  }

  private mutating func take(_ indices: [Int]) {
    rows = indices.map { Int32(row($0)) }
    (times, values) = (indices.map { times[$0] }, indices.map { values[$0] })
  }

  private mutating func sort(_ note: (String) -> Void) {
    guard let first = times.indices.dropFirst().first(where: { times[$0] < times[$0 - 1] }) else { return }
    // A repeated hour is no disorder.
    let steps = zip(times, times.dropFirst())
    let isDescending = steps.allSatisfy { $0 >= $1 }
    let backward = steps.count { $0 > $1 }
    let text = date(first).description
    let line = line(first)
    take(isDescending ? times.indices.reversed() : times.indices.sorted { (times[$0], $0) < (times[$1], $1) })
    guard form.rawValue < SeriesDate.Form.minute.rawValue || isDescending || !isRepeatedHours(limit: backward) else { return }
    note(
      isDescending
        ? "\(path): dates are in descending order and were reversed"
        : "\(path): dates are not in order, first on line \(line) (\(text)), and were sorted")
  }

  /// Drops missing values at both ends: the values before the first known one would be invented.
  private mutating func dropMissingEnds(_ note: (String) -> Void) {
    guard let first = values.firstIndex(where: { !$0.isNaN }), let last = values.lastIndex(where: { !$0.isNaN }) else {
      return
    }
    let (before, after) = (first, values.count - 1 - last)
    if before > 0 {
      note("\(path): the first \(Self.counted(before)) missing; the series begins at \(date(first))")
    }
    if after > 0 {
      note("\(path): the last \(Self.counted(after)) missing; the series ends at \(date(last))")
    }
    guard before + after > 0 else { return }
    take(Array(first...last))
  }

  private static func counted(_ count: Int) -> String { count == 1 ? "value is" : "\(count) values are" }
}

// Duplicate dates

extension SeriesRows {
  private mutating func mergeDuplicates(_ aggregation: Aggregation?, _ note: (String) -> Void) throws {
    guard let first = times.indices.dropFirst().first(where: { times[$0] == times[$0 - 1] }) else { return }
    let isHour = aggregation == nil && isRepeatedHours(limit: nil)
    guard aggregation != nil || isHour else { throw duplicate(first) }
    var (kept, merged, start) = ([Int](), 0, 0)
    while start < times.count {
      var end = start + 1
      while end < times.count, times[end] == times[start] { end += 1 }
      kept.append(start)
      if end > start + 1 {
        merged += end - start
        let known = values[start..<end].filter { !$0.isNaN }
        if !known.isEmpty { values[start] = (aggregation ?? .mean).value(of: known) }
      }
      start = end
    }
    let text = date(first).description
    take(kept)
    note(
      isHour
        ? "\(path): an hour is repeated at the end of daylight saving time, first at \(text): the mean of both values is used"
        : "\(path): \(merged) rows have the date of another one, first \(text); --aggregate \(aggregation!.rawValue) leaves "
          + "\(times.count) rows")
  }

  /// Whether the repeated times are an hour of Sunday nights, at most twice a year, each repeated once.
  private func isRepeatedHours(limit: Int?) -> Bool {
    guard form.rawValue >= SeriesDate.Form.minute.rawValue, offset == nil else { return false }
    var (hours, last, hasRepeat) = (Set<Int>(), Int.min, false)
    for index in times.indices.dropFirst() where times[index] == times[index - 1] {
      guard times[index] != last else { return false }
      last = times[index]
      hasRepeat = true
      let hour = last.floorDivided(by: 3_600_000)
      let isNight = 0...3 ~= hour - 24 * hour.floorDivided(by: 24)
      guard isNight, CivilDay.weekday(hour.floorDivided(by: 24)) == 6 else { return false }
      hours.insert(hour)
    }
    guard let first = times.first, let end = times.last, hasRepeat else { return false }
    return hours.count <= 1 + (end - first) / (365 * SeriesDate.day)
  }

  private func duplicate(_ index: Int) -> BadInput {
    let what = "\(place(index)): date \(date(index)) is also on line \(line(index - 1))"
    guard let column = seriesColumn() else {
      return BadInput("\(what), expected each date once; --aggregate mean, sum, last or first merges rows")
    }
    let name = table.names[column]
    let value = table.text(of: column, in: table.rows[row(0)])
    let condition = "--where \(shellWord("\(name)=\(value)"))"
    return BadInput(
      "\(what), expected one series; column \"\(name.printable)\" tells several apart: choose one, as in \(condition.printable)")
  }

  /// The column that tells apart the rows of one date, text before numbers.
  private func seriesColumn() -> Int? {
    let count = min(times.count, 20_000)
    let sample = (0..<count).map { table.fields(table.rows[row($0)]) }
    let kinds = FieldKinds(missing: MissingTokens())
    let candidates = table.names.indices.prefix(100).filter { column in
      var (pairs, texts) = (Set<[UInt8]>(), Set<[UInt8]>())
      for index in 0..<count {
        let text = Array(table.file.bytes[sample[index][column].range])
        texts.insert(text)
        guard 2 * texts.count <= count + 2,
          pairs.insert(text + [0] + Array("\(times[index])".utf8)).inserted
        else { return false }
      }
      return texts.count > 1
    }
    return candidates.first { !kinds.isNumber(sample[0][$0], table.file) && !kinds.isDate(sample[0][$0], table.file) }
      ?? candidates.first { ColumnName.isHardlyValue(table.names[$0]) } ?? nil
  }
}

// Calendar

extension SeriesRows {
  /// Dates without years that count from 1 must be consecutive months: otherwise, they could be days of months.
  func requireMonthly(ifBare pattern: String) throws {
    guard pattern.hasPrefix("Y-") else { return }
    let months = times.filter { $0 != DateColumn.missing }.map { CivilDay(number: $0 / SeriesDate.day).months }
    let all = times.filter { $0 != DateColumn.missing }.map { CivilDay(number: $0.floorDivided(by: SeriesDate.day)).months }
    guard months.count == all.count, zip(all, all.dropFirst()).allSatisfy({ $1 == $0 + 1 }) else {
      throw BadInput("\(place(0)): dates have no year, expected one such as in 2001-07-05")
    }
  }

  /// Inserts the dates that have no row, with missing values. Otherwise, an omitted row would shift the seasons
  /// after it.
  private func complete(_ note: (String) -> Void) throws -> Series {
    let calendar = SeriesCalendar.best(for: times, form)
    let numbers: [Int]
    do {
      numbers = try calendar.numbers(of: times)
    } catch let irregular as IrregularDates {
      throw wrongDate(irregular)
    }
    if let repeated = numbers.indices.dropFirst().first(where: { numbers[$0] <= numbers[$0 - 1] }) {
      throw wrongDate(IrregularDates(index: repeated, calendar: calendar))
    }
    let all = numbers.last! - numbers[0] + 1
    try requireFewGaps(numbers, calendar)
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
        "\(path): dates are \(calendar.interval) apart; lines missing: \(all - times.count), the first for \(firstAbsent)")
    }
    return Series(dates: dates, values: complete, calendar: calendar)
  }

  private func wrongDate(_ irregular: IrregularDates) -> BadInput {
    let (index, interval) = (irregular.index, irregular.calendar.interval)
    let after = index > 0 ? "date \(date(index)) follows \(date(index - 1))" : "date is \(date(index))"
    let fitting = times.count { irregular.calendar.number(of: $0) != nil }
    let share = 10 * fitting < 9 * times.count ? "; only \(fitting) of \(times.count) dates fit this interval" : ""
    return BadInput("\(place(index)): \(after), expected dates \(interval) apart\(share)")
  }

  /// Checks that no more dates are absent than half of those that are present, and that no gap longer than all dates
  /// on its shorter side separates a few dates from the others. Such dates are probably wrong.
  private func requireFewGaps(_ numbers: [Int], _ calendar: SeriesCalendar) throws {
    let absent = numbers.last! - numbers[0] + 1 - numbers.count
    guard absent > 0, let widest = numbers.indices.dropFirst().max(by: {
      numbers[$0] - numbers[$0 - 1] < numbers[$1] - numbers[$1 - 1]
    }) else { return }
    let gap = numbers[widest] - numbers[widest - 1] - 1
    let isStray = gap > 12 && min(widest, numbers.count - widest) <= 2
    guard 2 * absent > numbers.count || isStray else { return }
    let reason =
      isStray
      ? "expected no gap of \(gap) dates before the last or after the first \(min(widest, numbers.count - widest) == 1 ? "date" : "dates")"
      : "which leaves \(absent) of \(absent + numbers.count) dates without a line, expected at most a third"
    let other = 2 * widest < numbers.count && isStray ? widest - 1 : widest
    throw BadInput(
      "\(place(other)): date \(date(widest)) follows \(date(widest - 1)): with dates \(calendar.interval) apart, \(reason)")
  }

  private static let sentinels: Set<Double> = [
    -1, -9, -99, -999, -9999, -99999, -200, 99, 999, 9999, 99999, 999.9, 99.9, 9999.9, -99.9, -999.9,
  ]

  /// Reports a number that probably stands for missing values.
  private func noteSentinel(_ note: (String) -> Void) {
    var counts: [Double: Int] = [:]
    for value in values where Self.sentinels.contains(value) { counts[value, default: 0] += 1 }
    for (sentinel, count) in counts.sorted(by: { $0.key < $1.key }) where count >= 3 {
      let others = values.lazy.filter { !$0.isNaN && $0 != sentinel }
      guard let least = others.min(), let most = others.max() else { continue }
      let width = most - least
      if sentinel < least - width / 2 || sentinel > most + width / 2 {
        let text = "\(sentinel)".hasSuffix(".0") ? "\(Int(sentinel))" : "\(sentinel)"
        note(
          "\(path): \(count) values are \(text), far from all others (\(least) to \(most)); if these are missing, give "
            + "--missing \(text)")
      }
    }
  }
}
