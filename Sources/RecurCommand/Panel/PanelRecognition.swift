// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// Recognizes the form of a panel's file from its first part.
struct PanelRecognition {
  private let table: CSVTable
  private let reading: PanelReading
  private let choice: ColumnChoice
  private let id: Int

  init(_ file: CSVBytes, _ reading: PanelReading) throws {
    self.reading = reading
    table = try CSVTable(file, reading.series, note: note)
    guard !table.rows.isEmpty else {
      throw BadInput(
        "\(file.path): has no rows, only a header, expected rows with dates and values")
    }
    choice = ColumnChoice(table, reading.series)
    id = try choice.column(reading.id, option: "--id")
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
      let known = try columns(reading.known, "--known-input")
      let past = try columns(reading.past, "--past-input")
      let features = try columns(reading.features, "--feature")
      let others = [id] + known + past + features + (try conditionColumns)
      let value = try choice.values(source, conditions: others)
      var form = PanelForm(
        separator: table.splitter.separator, names: table.names, hasHeader: table.hasHeader, id: id,
        date: nil, value: value, pattern: nil, decimal: try decimal(value),
        missing: reading.series.missing ?? [], conditions: reading.series.conditions ?? [],
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
      try requireDistinct(form)
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
    let rows = header.columns.first ?? 0
    return PanelForm(
      separator: table.splitter.separator, names: table.names, hasHeader: true, id: id, date: nil,
      value: rows, pattern: header.pattern.name, isWide: true, decimal: try decimal(rows),
      missing: reading.series.missing ?? [], conditions: reading.series.conditions ?? [],
      aggregate: nil, features: try columns(reading.features, "--feature").map(feature),
      calendar: SeriesCalendar.best(for: header.times.sorted(), header.form))
  }

  private var conditionColumns: [Int] {
    get throws {
      try (reading.series.conditions ?? []).map { condition in
        guard let end = condition.firstIndex(of: "=") else {
          throw BadInput("--where is \"\(condition.printable)\", expected COLUMN=VALUE")
        }
        return try choice.column(String(condition[..<end]), option: "--where")
      }
    }
  }

  private func columns(_ names: [String], _ option: String) throws -> [Int] {
    try names.map { try choice.column($0, option: option) }
  }

  /// Throws an error if a column has two uses.
  private func requireDistinct(_ form: PanelForm) throws {
    let used =
      [form.id, form.value] + [form.date].compactMap(\.self) + form.known + form.past
      + form.features.map(\.column)
    if let twice = used.first(where: { column in used.count { $0 == column } > 1 }) {
      throw BadInput(
        "\(table.file.path): column \"\(form.names[twice].printable)\" is used twice, expected one use as "
          + "id, date, value, input or feature")
    }
  }

  private func decimal(_ column: Int) throws -> SeriesReading.DecimalMark {
    let style = try NumberColumn(table, column, reading.series).style
    return style.decimal == NumberStyle.point ? .point : .comma
  }

  /// The texts of a feature, or none for numbers.
  private func feature(_ column: Int) -> PanelForm.Feature {
    guard !choice.samples[column].isMostlyNumbers else { return PanelForm.Feature(column: column) }
    var texts: Set<String> = []
    table.forEach(column) { _, field in
      if texts.count < Self.mostCategories { texts.insert(table.file.text(field)) }
    }
    return PanelForm.Feature(column: column, categories: texts.sorted())
  }

  private static let mostCategories = 64

  /// Chooses the form of the dates, and the calendar of the longest series.
  private func setDates(_ form: inout PanelForm, _ date: Int) throws {
    let group = longestSeries
    let columns = try DateColumn.read(
      table, choice.samples[date], time: nil, order: reading.series.dateOrder,
      missing: reading.series.missingTokens)
    let calendars = columns.compactMap { column -> (DateColumn, SeriesCalendar)? in
      let times = Set(group.map { column.times[$0] }).subtracting([DateColumn.missing]).sorted()
      guard times.count > 1 else { return nil }
      let calendar = SeriesCalendar.best(for: times, column.form)
      return (try? calendar.numbers(of: times)) == nil && columns.count > 1
        ? nil : (column, calendar)
    }
    guard let (column, calendar) = calendars.first else {
      throw BadInput(
        "\(table.file.path): has no series with at least two dates among its first rows")
    }
    guard calendars.count == 1 else {
      throw BadInput(
        "\(table.file.path): dates are "
          + calendars.map(\.0.pattern).joined(separator: " or ")
          + ", expected one order; give --date-order")
    }
    form.date = date
    form.pattern = column.pattern
    form.calendar = calendar
  }

  /// The rows of the longest series in the first part.
  private var longestSeries: Range<Int> {
    var (best, start) = (0..<0, 0)
    for row in table.rows.indices {
      let isEnd =
        row + 1 == table.rows.count
        || table.text(of: id, in: table.rows[row + 1]) != table.text(of: id, in: table.rows[row])
      guard isEnd else { continue }
      if row + 1 - start > best.count { best = start..<row + 1 }
      start = row + 1
    }
    return best
  }
}
