// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// Recognizes the form of a panel's file from its first part.
struct PanelRecognition {
  let table: CSVTable
  let reading: PanelReading

  /// The choice among all columns, and among those without a given use in the longest series.
  private let all: ColumnChoice
  let choice: ColumnChoice
  private let id: Int?
  private let known: [Int]
  private let past: [Int]
  private let features: [Int]

  /// The rows of the longest series in the first part.
  let longestSeries: [CSVRecords.Record]

  init(_ file: CSVBytes, _ reading: PanelReading) throws {
    self.reading = reading
    // The reader reports wrong rows, with the names of their series.
    table = try CSVTable(file, reading.series, leavingOutWrongRows: true, note: note)
    guard !table.rows.isEmpty else {
      throw BadInput(
        "\(file.path): has no rows, only a header, expected rows with dates and values")
    }
    let all = ColumnChoice(table, reading.series)
    self.all = all
    id = try reading.id.map { try all.column($0, option: "--id") }
    known = try reading.known.map { try all.column($0, option: "--known-input") }
    past = try reading.past.map { try all.column($0, option: "--past-input") }
    features = try reading.features.map { try all.column($0, option: "--feature") }
    let given = try [
      reading.series.column.map { try all.column($0, option: "--column") },
      reading.series.dateColumn.flatMap {
        $0 == "none" ? nil : try all.column($0, option: "--date-column")
      },
    ].compactMap(\.self)
    let used = [id].compactMap(\.self) + known + past + features
    try Self.requireDistinct(used + given, table)
    // The dates of one series increase, and its rows differ in what matters.
    var series = table
    var longest = table.rows
    if let id { longest = Self.longestSeries(table, id) }
    if longest.count > 2 { series.keepRows(longest) }
    longestSeries = series.rows
    choice = ColumnChoice(series, reading.series, excluding: Set(used))
  }

  var form: PanelForm {
    get throws {
      guard let id else { return try columnsForm }
      if let header = try wideHeader { return try wideForm(header, id) }
      return try longForm
    }
  }

  /// A form without the columns of dates and values.
  private func form(_ layout: PanelForm.Layout) throws -> PanelForm {
    PanelForm(
      layout: layout, separator: table.splitter.separator, names: table.names,
      hasHeader: table.hasHeader, id: id, date: nil, value: 0, pattern: nil, decimal: nil,
      missing: reading.series.missing ?? [], conditions: try conditions,
      aggregate: reading.series.aggregate, known: known, past: past,
      features: features.map(feature), calendar: SeriesCalendar(interval: .steps, origin: 0))
  }

  private var longForm: PanelForm {
    get throws {
      var form = try form(.long)
      let source = try choice.dates()
      form.value = try choice.values(source, conditions: form.labels + known + past)
      let numbers =
        [form.value] + known + past
        + form.features.filter { $0.categories == nil }.map(\.column)
      form.decimal = try decimal(numbers)
      try setDates(&form, source)
      return form
    }
  }

  private var columnsForm: PanelForm {
    get throws {
      guard table.hasHeader else {
        throw BadInput(
          "\(table.file.path): has no header, expected one with the names of the series")
      }
      guard features.isEmpty else {
        throw BadInput(
          "\(table.file.path): has a series in each column, expected no --feature")
      }
      guard WideHeader.dates(table.headerFields, table.file) == nil else {
        throw BadInput(
          "\(table.file.path): has dates in the header, which name no series, expected --id with the column "
            + "that names the series of each row")
      }
      var form = try form(.columns)
      try setDates(&form, choice.dates())
      form.others = form.series.filter { column in
        let sample = choice.samples[column]
        let countsRows = column < form.date ?? 0 && choice.isRowNumber(sample)
        return countsRows || !sample.isMostlyNumbers && !sample.fields.isEmpty
      }.map { form.names[$0] }
      let series = form.series
      guard let first = series.first else {
        throw BadInput("\(table.file.path): has no column of numbers with a name")
      }
      form.value = first
      form.decimal = try decimal(series + known + past)
      return form
    }
  }

  /// The dates in the header, or numbers if no column has dates.
  private var wideHeader: WideHeader? {
    get throws {
      guard reading.series.column == nil, table.hasHeader else { return nil }
      let order = reading.series.dateOrder.flatMap(DatePattern.Order.init)
      let fields = table.headerFields
      if let header = WideHeader.dates(fields, table.file, order: order) { return header }
      guard reading.series.dateColumn == nil,
        let header = WideHeader.numbers(
          fields, table.file, excluding: [id].compactMap(\.self) + features)
      else { return nil }
      let labels = ColumnChoice(
        table, reading.series,
        excluding: Set(header.columns + [id].compactMap(\.self) + features))
      return (try? labels.dates()) == DateSource.none ? header : nil
    }
  }

  private func wideForm(_ header: WideHeader, _ id: Int) throws -> PanelForm {
    guard header.labels.contains(id) else {
      throw BadInput(
        "\(table.file.path): column \"\(table.names[id].printable)\" has values, expected --id to name "
          + "another one")
    }
    guard reading.known.isEmpty, reading.past.isEmpty else {
      throw BadInput(
        "\(table.file.path): has a series in each row, expected one row for each date of a panel with "
          + "--known-input or --past-input")
    }
    guard reading.series.aggregate == nil, reading.series.dateColumn == nil else {
      throw BadInput(
        "\(table.file.path): has a series in each row, expected no --aggregate and no --date-column"
      )
    }
    var form = try form(.wide)
    form.value = header.columns[0]
    form.decimal = try decimal(
      header.columns + form.features.filter { $0.categories == nil }.map(\.column))
    guard let pattern = header.pattern else { return form }
    form.pattern = pattern.name
    form.calendar = SeriesCalendar.best(for: header.times.sorted(), header.form)
    return form
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

  /// The decimal mark of columns; nil if no number has one.
  private func decimal(_ columns: [Int]) throws -> SeriesReading.DecimalMark? {
    guard
      reading.series.decimal != nil
        || DecimalEvidence(table, columns, reading.series.missingTokens).hasMarks
    else { return nil }
    let style = try NumberStyle(table, columns, reading.series)
    return style.decimal == NumberStyle.point ? .point : .comma
  }

  /// A feature; its texts are collected later.
  private func feature(_ column: Int) -> PanelForm.Feature {
    PanelForm.Feature(
      column: column, categories: all.samples[column].isMostlyNumbers ? nil : [])
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
