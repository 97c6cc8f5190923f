// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// Makes a series with equally spaced dates of the rows of a panel.
struct PanelCompletion {
  private let file: CSVBytes
  private let form: PanelForm
  private let horizon: Int
  private let id: String

  init(_ file: CSVBytes, _ form: PanelForm, horizon: Int, id: String) {
    (self.file, self.form, self.horizon, self.id) = (file, form, horizon, id)
  }

  /// Completes a series.
  ///
  /// - Throws: `BadInput` if dates are repeated or irregular, or if inputs known ahead are missing.
  func entry(of columns: PanelColumns) throws(BadInput) -> PanelEntry {
    var rows = columns
    sort(&rows)
    try mergeDuplicates(&rows)
    guard let first = rows.values.firstIndex(where: { !$0.isNaN }),
      let last = rows.values.lastIndex(where: { !$0.isNaN })
    else {
      throw BadInput("\(place(rows, 0)): series \(name) has no known value")
    }
    // Values before the first known one would be invented. Rows after the last one have inputs of the
    // steps ahead.
    if first > 0 { rows.take(Array(first..<rows.times.count)) }
    let calendar = try calendar(of: rows)
    let numbers = try numbers(rows, calendar)
    return try entry(rows, calendar, numbers, last: last - first)
  }

  private var name: String { "\"\(id.printable)\"" }

  private func place(_ rows: PanelColumns, _ index: Int) -> String {
    file.place(rows.places[index])
  }

  private func date(_ rows: PanelColumns, _ time: Int) -> SeriesDate {
    SeriesDate(time: time, form: rows.form, offset: rows.hasZone ? 0 : nil)
  }

  private func sort(_ rows: inout PanelColumns) {
    let times = rows.times
    guard zip(times, times.dropFirst()).contains(where: { $1 < $0 }) else { return }
    rows.take(times.indices.sorted { (times[$0], $0) < (times[$1], $1) })
  }

  private func mergeDuplicates(_ rows: inout PanelColumns) throws(BadInput) {
    let times = rows.times
    guard let first = times.indices.dropFirst().first(where: { times[$0] == times[$0 - 1] }) else {
      return
    }
    guard let aggregation = form.aggregate else {
      throw BadInput(
        "\(place(rows, first)): series \(name) has date \(date(rows, times[first])) twice, expected each "
          + "date once; --aggregate mean, sum, last or first merges rows")
    }
    var kept: [Int] = []
    for index in times.indices {
      guard let start = kept.last, times[start] == times[index] else {
        kept.append(index)
        continue
      }
      let group = (start...index).filter { !rows.values[$0].isNaN }
      // The rows of a date are next to each other.
      if index + 1 == times.count || times[index + 1] != times[index], !group.isEmpty {
        rows.values[start] = aggregation.value(of: group.map { rows.values[$0] })
      }
      for column in rows.inputs.indices where rows.inputs[column][start].isNaN {
        rows.inputs[column][start] = rows.inputs[column][index]
      }
    }
    rows.take(kept)
  }

  /// The calendar of the series: that of the panel, with the series' own beginning.
  private func calendar(of rows: PanelColumns) throws(BadInput) -> SeriesCalendar {
    var calendar = form.calendar
    guard calendar.interval != .steps else { return calendar }
    calendar.origin = rows.times[0]
    if rows.times.allSatisfy({ calendar.number(of: $0) != nil }) { return calendar }
    guard rows.times.count > 2 else { return calendar }
    let own = SeriesCalendar.best(for: rows.times, rows.form)
    try require(own, like: calendar, rows)
    return own
  }

  private func require(
    _ own: SeriesCalendar, like calendar: SeriesCalendar, _ rows: PanelColumns
  ) throws(BadInput) {
    guard own.interval == calendar.interval else {
      throw BadInput(
        "\(place(rows, 0)): series \(name) has dates \(own.interval) apart, expected "
          + "\(calendar.interval) as in the other series")
    }
  }

  private func numbers(
    _ rows: PanelColumns, _ calendar: SeriesCalendar
  ) throws(BadInput) -> [Int] {
    var numbers: [Int] = []
    numbers.reserveCapacity(rows.times.count)
    for (index, time) in rows.times.enumerated() {
      guard let number = calendar.number(of: time), numbers.last.map({ number > $0 }) ?? true else {
        throw BadInput(
          "\(place(rows, index)): series \(name): date \(date(rows, time)) follows "
            + "\(date(rows, rows.times[max(0, index - 1)])), expected dates \(calendar.interval) apart"
        )
      }
      numbers.append(number)
    }
    let absent = numbers.last! - numbers[0] + 1 - numbers.count
    guard 2 * absent <= numbers.count else {
      let own = SeriesCalendar.best(for: rows.times, rows.form)
      if (try? own.numbers(of: rows.times)) != nil { try require(own, like: calendar, rows) }
      throw BadInput(
        "\(place(rows, 0)): series \(name) has \(numbers.count) rows and omits \(absent) dates "
          + "\(calendar.interval) apart, expected it to omit at most a third")
    }
    return numbers
  }

  /// Fills omitted dates and missing values. `last` is the index of the row with the last known value.
  private func entry(
    _ rows: PanelColumns, _ calendar: SeriesCalendar, _ numbers: [Int], last: Int
  ) throws(BadInput) -> PanelEntry {
    let count = numbers[last] - numbers[0] + 1
    func placed(_ column: [Double], _ length: Int) -> [Double?] {
      var placed = [Double?](repeating: nil, count: length)
      for (index, number) in numbers.enumerated()
      where number - numbers[0] < length && !column[index].isNaN {
        placed[number - numbers[0]] = column[index]
      }
      return placed
    }
    let values = placed(rows.values, count)
    var series = PanelSeries(
      id: id, values: MissingValues.interpolated(values),
      missing: values.contains { $0 == nil } ? values.indices.filter { values[$0] == nil } : [],
      features: rows.features)
    let dates = try datesAhead(rows, calendar, numbers[last])
    for (index, column) in rows.inputs.enumerated() {
      let isKnown = index < form.known.count
      let placed = placed(column, count + (isKnown ? horizon : 0))
      let name = form.names[(form.known + form.past)[index]].printable
      if isKnown, let step = placed[count...].firstIndex(where: { $0 == nil }) {
        throw BadInput(
          "\(place(rows, last)): series \(self.name) has no \(name) for \(dates[step - count]), expected "
            + "the inputs known ahead in \(counted(horizon, "row")) after the last value")
      }
      guard placed.prefix(count).contains(where: { $0 != nil }) else {
        throw BadInput("\(place(rows, 0)): series \(self.name) has no known \(name)")
      }
      if isKnown {
        series.known.append(MissingValues.interpolated(placed))
      } else {
        series.past.append(MissingValues.held(placed))
      }
    }
    return PanelEntry(series: series, dates: dates)
  }

  private func datesAhead(
    _ rows: PanelColumns, _ calendar: SeriesCalendar, _ last: Int
  ) throws(BadInput) -> [SeriesDate] {
    var dates: [SeriesDate] = []
    for step in 1...horizon {
      let time = calendar.time(at: last + step)
      guard rows.form == .number || time < SeriesDate.end else {
        throw BadInput(
          "\(place(rows, 0)): series \(name) has a forecast after 9999-12-31, expected earlier dates"
        )
      }
      dates.append(date(rows, time))
    }
    return dates
  }
}
