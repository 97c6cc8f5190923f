// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// Recognizes the form of a panel's file from its first part.
struct PanelRecognition {
  private let table: CSVTable
  private let reading: PanelReading

  /// The choice among all columns, and among those without a given use in the longest series.
  private let all: ColumnChoice
  private let choice: ColumnChoice
  private let id: Int
  private let known: [Int]
  private let past: [Int]
  private let features: [Int]

  /// The rows of the longest series in the first part.
  private let longestSeries: [CSVRecords.Record]

  init(_ file: CSVBytes, _ reading: PanelReading) throws {
    self.reading = reading
    table = try CSVTable(file, reading.series, note: note)
    guard !table.rows.isEmpty else {
      throw BadInput(
        "\(file.path): has no rows, only a header, expected rows with dates and values")
    }
    let all = ColumnChoice(table, reading.series)
    self.all = all
    id = try all.column(reading.id, option: "--id")
    known = try reading.known.map { try all.column($0, option: "--known-input") }
    past = try reading.past.map { try all.column($0, option: "--past-input") }
    features = try reading.features.map { try all.column($0, option: "--feature") }
    let given = try [
      reading.series.column.map { try all.column($0, option: "--column") },
      reading.series.dateColumn.flatMap {
        $0 == "none" ? nil : try all.column($0, option: "--date-column")
      },
    ].compactMap(\.self)
    try Self.requireDistinct([id] + known + past + features + given, table)
    // The dates of one series increase, and its rows differ in what matters.
    var series = table
    let longest = Self.longestSeries(table, id)
    if longest.count > 2 { series.keepRows(longest) }
    longestSeries = series.rows
    choice = ColumnChoice(series, reading.series, excluding: [id] + known + past + features)
  }

  var form: PanelForm {
    get throws {
      let order = reading.series.dateOrder.flatMap(DatePattern.Order.init)
      if reading.series.column == nil, table.hasHeader,
        let header = WideHeader.dates(table.headerFields, table.file, order: order)
      {
        return try wideForm(header)
      }
      return try longForm
    }
  }

  private var longForm: PanelForm {
    get throws {
      let source = try choice.dates()
      let conditions = try self.conditions
      let others = [id] + known + past + features + conditions.map(\.column)
      let value = try choice.values(source, conditions: others)
      var form = PanelForm(
        separator: table.splitter.separator, names: table.names, hasHeader: table.hasHeader, id: id,
        date: nil, value: value, pattern: nil, decimal: try decimal(value),
        missing: reading.series.missing ?? [], conditions: conditions,
        aggregate: reading.series.aggregate, known: known, past: past,
        features: features.map(feature), calendar: SeriesCalendar(interval: .steps, origin: 0))
      switch source {
      case .none: break
      case .column(let date, time: nil): try setDates(&form, date)
      default:
        throw BadInput(
          "\(table.file.path): has the dates in several columns, expected one date column in a panel"
        )
      }
      return form
    }
  }

  private func wideForm(_ header: WideHeader) throws -> PanelForm {
    guard header.labels.contains(id) else {
      throw BadInput(
        "\(table.file.path): column \"\(table.names[id].printable)\" is a date, expected --id to name "
          + "another one")
    }
    guard reading.known.isEmpty, reading.past.isEmpty else {
      throw BadInput(
        "\(table.file.path): has the dates in the header, expected one row for each date of a panel with "
          + "--known-input or --past-input")
    }
    guard reading.series.aggregate == nil, reading.series.dateColumn == nil else {
      throw BadInput(
        "\(table.file.path): has the dates in the header, expected no --aggregate and no --date-column"
      )
    }
    let rows = header.columns.first ?? 0
    return PanelForm(
      separator: table.splitter.separator, names: table.names, hasHeader: true, id: id, date: nil,
      value: rows, pattern: header.pattern.name, isWide: true, decimal: try decimal(rows),
      missing: reading.series.missing ?? [], conditions: try conditions,
      aggregate: nil, features: features.map(feature),
      calendar: SeriesCalendar.best(for: header.times.sorted(), header.form))
  }

  private var conditions: [PanelForm.Condition] {
    get throws {
      try (reading.series.conditions ?? []).map { condition in
        guard let end = condition.firstIndex(of: "=") else {
          throw BadInput("--where is \"\(condition.printable)\", expected COLUMN=VALUE")
        }
        return PanelForm.Condition(
          column: try choice.column(String(condition[..<end]), option: "--where"),
          value: String(condition[condition.index(after: end)...]))
      }
    }
  }

  /// Throws an error if a column has two uses.
  private static func requireDistinct(_ used: [Int], _ table: CSVTable) throws {
    if let twice = used.first(where: { column in used.count { $0 == column } > 1 }) {
      throw BadInput(
        "\(table.file.path): column \"\(table.names[twice].printable)\" is used twice, expected one use as "
          + "id, date, value, input or feature")
    }
  }

  private func decimal(_ column: Int) throws -> SeriesReading.DecimalMark {
    let style = try NumberStyle(table, [column], reading.series)
    return style.decimal == NumberStyle.point ? .point : .comma
  }

  /// A feature; its texts are collected later.
  private func feature(_ column: Int) -> PanelForm.Feature {
    PanelForm.Feature(
      column: column, categories: all.samples[column].isMostlyNumbers ? nil : [])
  }

  /// Chooses the form of the dates, and the calendar of the longest series.
  private func setDates(_ form: inout PanelForm, _ date: Int) throws {
    let candidates = patterns(of: date).compactMap { pattern -> (DatePattern, SeriesCalendar)? in
      let moments = longestSeries.compactMap { row in
        table.splitter.field(date, of: row, in: table.file).flatMap {
          pattern.moment(table.file.bytes, $0.range)
        }
      }
      let times = Set(moments.map { $0.time - Int($0.offset ?? 0) * 60_000 }).sorted()
      guard times.count > 1 else { return nil }
      return (pattern, SeriesCalendar.best(for: times, pattern.form(of: moments)))
    }
    let fitting = candidates.count > 1 ? candidates.filter { fits($0, date) } : candidates
    guard let (pattern, calendar) = fitting.first ?? candidates.first else {
      throw BadInput(
        "\(table.file.path): has no series with at least two dates among its first rows")
    }
    guard fitting.count < 2 else {
      throw BadInput(
        "\(table.file.path): dates are \(fitting.map(\.0.name).joined(separator: " or ")), expected one "
          + "order; give --date-order")
    }
    form.date = date
    form.pattern = pattern.name
    form.calendar = calendar
  }

  /// The forms that the most rows have; several if the order of day and month is open.
  private func patterns(of date: Int) -> [DatePattern] {
    let order = reading.series.dateOrder
    let all = choice.samples[date].patterns
    let asked = all.filter { order == nil || $0.order == nil || $0.order?.rawValue == order }
    let patterns = asked.isEmpty ? all : asked
    guard patterns.count > 1 else { return patterns }
    let counts = patterns.map { pattern in
      table.rows.count { row in
        let field = table.splitter.field(date, of: row, in: table.file)
        return field.flatMap { pattern.moment(table.file.bytes, $0.range) } != nil
      }
    }
    let most = counts.max()!
    return zip(patterns, counts).filter { $0.1 == most }.map(\.0)
  }

  /// Whether all dates of the longest series are in the calendar.
  private func fits(_ candidate: (pattern: DatePattern, calendar: SeriesCalendar), _ date: Int)
    -> Bool
  {
    longestSeries.allSatisfy { row in
      let field = table.splitter.field(date, of: row, in: table.file)
      let moment = field.flatMap { candidate.pattern.moment(table.file.bytes, $0.range) }
      return moment.map {
        candidate.calendar.number(of: $0.time - Int($0.offset ?? 0) * 60_000) != nil
      } ?? true
    }
  }

  /// The rows of the longest series.
  private static func longestSeries(_ table: CSVTable, _ id: Int) -> [CSVRecords.Record] {
    var (best, start) = (0..<0, 0)
    for row in table.rows.indices {
      let next = row + 1
      let isEnd =
        next == table.rows.count
        || table.text(of: id, in: table.rows[next]) != table.text(of: id, in: table.rows[row])
      guard isEnd else { continue }
      if next - start > best.count { best = start..<next }
      start = next
    }
    return Array(table.rows[best])
  }
}
