// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A table whose header has the dates: years and months or quarters, or dates with one series in each row.
struct WideTable {
  private let table: CSVTable
  private let options: SeriesReading
  private let note: (String) -> Void
  private let layout: Layout

  private enum Layout {
    /// A column of years, and one for each month or quarter.
    case parts(year: Int, columns: [Int])
    case dates(WideHeader, row: CSVRecords.Record, label: String)
  }

  /// Recognizes a wide table; nil for any other.
  init?(_ table: CSVTable, _ options: SeriesReading, _ conditions: [Int], _ note: @escaping (String) -> Void) throws {
    (self.table, self.options, self.note) = (table, options, note)
    guard table.hasHeader, !table.rows.isEmpty else { return nil }
    // A named column is a series with one value a year.
    if let column = options.column, table.names.contains(column) { return nil }
    if let layout = Self.parts(table) {
      self.layout = layout
    } else if let found = try Self.dates(table, options) {
      layout = found
    } else {
      return nil
    }
  }

  /// A year in the first column with dates, and the names of all months or quarters in one row of columns.
  private static func parts(_ table: CSVTable) -> Layout? {
    guard let year = table.names.indices.prefix(3).first(where: { isYear(table, $0) }) else { return nil }
    let months = (1...12).map { month in table.names.indices.first { $0 != year && isMonth(table.names[$0], month) } }
    let quarters = (1...4).map { quarter in
      table.names.indices.first { ["q\(quarter)", "qtr\(quarter)", "quarter\(quarter)"].contains(plain(table.names[$0])) }
    }
    for columns in [months, quarters] {
      let found = columns.compactMap(\.self)
      if found.count == columns.count, zip(found, found.dropFirst()).allSatisfy({ $0 < $1 }) {
        return .parts(year: year, columns: found)
      }
    }
    return nil
  }

  private static func plain(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }

  private static let monthNames = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
  ]

  private static func isMonth(_ name: String, _ month: Int) -> Bool {
    let plain = plain(name)
    return plain == monthNames[month - 1] || plain.count >= 3 && monthNames[month - 1].hasPrefix(plain)
      || Int(plain) == month && plain.count <= 2
  }

  private static func isYear(_ table: CSVTable, _ column: Int) -> Bool {
    let pattern = DatePattern.all[0]
    return table.rows.prefix(20).allSatisfy {
      pattern.moment(table.file.bytes, table.fields($0)[column].range) != nil
    }
  }

  func series() throws -> Series {
    switch layout {
    case .parts(let year, let columns): try seriesOfParts(year, columns)
    case .dates(let header, let row, let label): try series(header, row, label)
    }
  }
}

// Years and months

extension WideTable {
  private func seriesOfParts(_ year: Int, _ columns: [Int]) throws -> Series {
    var (times, values) = ([Int](), [Double]())
    let pattern = DatePattern.all[0]
    let numbers = try columns.map { try NumberColumn(table, $0, options).values }
    for (index, row) in table.rows.enumerated() {
      let field = table.fields(row)[year]
      guard let moment = pattern.moment(table.file.bytes, field.range) else {
        throw BadInput("\(table.file.place(row.start)): \(table.names[year].printable) is \(table.file.quoted(field)), expected a year")
      }
      let first = CivilDay(number: moment.time / SeriesDate.day)
      for (place, column) in numbers.enumerated() {
        let month = 1 + place * (12 / columns.count)
        times.append(CivilDay(year: CivilDay(number: moment.time.floorDivided(by: SeriesDate.day)).year, month: month, day: 1).number * SeriesDate.day)
        values.append(column[index])
      }
      _ = first
    }
    let parts = columns.count == 12 ? "months" : "quarters"
    let others = table.names.indices.filter { $0 != year && !columns.contains($0) }
    let ignored = others.isEmpty ? "" : "; other columns are ignored: " + others.prefix(5).map { "\"\(table.names[$0].printable)\"" }.joined(separator: ", ")
    note("\(table.file.path): has a year in each row and its \(parts) in \(columns.count) columns\(ignored)")
    var wide = table
    wide.repeatRows(columns.count)
    var series = try SeriesRows(times: times, values: values, form: columns.count == 12 ? .month : .quarter, offset: nil, table: wide)
      .series(options, note: note)
    let (first, last) = (table.names[columns[0]], table.names[columns.last!])
    series.recognize(
      file: table.file.path, column: "\(first) to \(last)", position: nil, dateColumns: [table.names[year], "the header"],
      dateForm: parts, separator: table.separatorName, decimal: "point")
    return series
  }
}

// Dates in the header

extension WideTable {
  private static func dates(_ table: CSVTable, _ options: SeriesReading) throws -> Layout? {
    var header = table.headerFields
    // R leaves out the name of the first column.
    if header.count + 1 == table.names.count, table.names[0].isEmpty {
      header.insert(CSVBytes.Field(start: table.headerPlace, end: table.headerPlace), at: 0)
    }
    let order = options.dateOrder.flatMap(DatePattern.Order.init)
    guard let found = WideHeader.dates(header, table.file, order: order) else {
      guard order == nil, WideHeader.dates(header, table.file, order: .mdy) != nil else { return nil }
      throw BadInput(
        "\(table.file.place(table.headerPlace)): dates in the header have two meanings; give --date-order dmy or mdy")
    }
    let rows = table.rows.filter { row in
      guard let name = options.column else { return true }
      let fields = table.fields(row)
      return found.labels.contains { $0 < fields.count && table.file.text(fields[$0]) == name }
    }
    let place = table.file.place(table.headerPlace)
    let dates = "has \(found.columns.count) dates in the header and a series in each of \(counted(table.rows.count, "row"))"
    guard let row = rows.first, rows.count == 1 else {
      let label = found.labels.first { !table.names[$0].isEmpty } ?? found.labels.first
      let example = label.map { table.text(of: $0, in: table.rows[0]) } ?? ""
      guard let name = options.column else {
        throw BadInput("\(place): \(dates), expected one; choose a row by its text, as in --column \(shellWord(example).printable)")
      }
      let labels = found.labels.prefix(5).map { "\"\(table.names[$0].printable)\"" }.joined(separator: ", ")
      throw BadInput(
        "\(place): \(dates), and \(rows.isEmpty ? "none has" : "\(rows.count) have") the text \"\(name.printable)\", expected one; "
          + "--where COLUMN=VALUE chooses rows by \(labels)")
    }
    let fields = table.fields(row)
    let label = options.column ?? found.labels.map { table.file.text(fields[$0]) }.filter { !$0.isEmpty }.joined(separator: " ")
    return .dates(found, row: row, label: label)
  }

  private func series(_ header: WideHeader, _ row: CSVRecords.Record, _ label: String) throws -> Series {
    note("\(table.file.path): has the dates in the header and a series in each row")
    let (fields, missing) = (table.fields(row), options.missingTokens)
    let bytes = table.file.bytes
    var evidence = DecimalEvidence()
    for column in header.columns { evidence.add(bytes, fields[column].range) }
    let given = options.decimal.map { NumberStyle(decimal: $0 == .point ? NumberStyle.point : NumberStyle.comma) }
    guard let style = given ?? evidence.style(separator: table.splitter.separator) else {
      throw BadInput("\(table.file.place(row.start)): the decimal mark is open; give --decimal point or --decimal comma")
    }
    let values = try header.columns.map { column -> Double in
      if let number = style.number(bytes, fields[column].range), !missing.contains(number) { return number }
      guard missing.contains(bytes, fields[column].range) || style.number(bytes, fields[column].range) != nil else {
        throw BadInput(
          "\(table.file.place(row.start)): \(table.names[column].printable) is \(table.file.quoted(fields[column])), expected a "
            + "finite number or an empty field")
      }
      return .nan
    }
    var one = table
    one.keepRows { $0.start == row.start }
    var series = try SeriesRows(times: header.times, values: values, form: header.form, offset: nil, table: one)
      .series(options, note: note)
    series.recognize(
      file: table.file.path, column: label, position: nil, dateColumns: ["the header"], dateForm: header.pattern.name,
      separator: table.separatorName, decimal: style.name)
    return series
  }
}
