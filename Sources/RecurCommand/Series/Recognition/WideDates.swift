// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension WideTable {
  static func dates(_ table: CSVTable, _ options: SeriesReading) throws -> Layout? {
    var header = table.headerFields
    // R leaves out the name of the first column.
    if header.count + 1 == table.names.count, table.names[0].isEmpty {
      header.insert(CSVBytes.Field(start: table.headerPlace, end: table.headerPlace), at: 0)
    }
    let order = options.dateOrder.flatMap(DatePattern.Order.init)
    guard let found = WideHeader.dates(header, table.file, order: order) else {
      guard order == nil, WideHeader.dates(header, table.file, order: .mdy) != nil else {
        return nil
      }
      throw BadInput(
        "\(table.file.place(table.headerPlace)): dates in the header have two meanings; give "
          + "--date-order dmy or mdy"
      )
    }
    let rows = table.rows.filter { row in
      guard let name = options.column else { return true }
      let fields = table.fields(row)
      return found.labels.contains { $0 < fields.count && table.file.text(fields[$0]) == name }
    }
    let place = table.file.place(table.headerPlace)
    let dates =
      "has \(found.columns.count) dates in the header and a series in each of "
      + "\(counted(table.rows.count, "row"))"
    guard let row = rows.first, rows.count == 1 else {
      let example =
        found.labels.lazy.map { table.text(of: $0, in: table.rows[0]) }.first { !$0.isEmpty } ?? ""
      try requireYearsInRows(table, found, place)
      guard let name = options.column else {
        let label = found.labels.first.map { table.names[$0] } ?? ""
        let all = label.isEmpty ? "" : "; recur forecast --id \(shellWord(label)) forecasts all"
        throw BadInput(
          "\(place): \(dates), expected one; choose a row by its text, as in --column "
            + "\(shellWord(example).printable)\(all.printable)"
        )
      }
      let labels = found.labels.prefix(5).map { "\"\(table.names[$0].printable)\"" }.joined(
        separator: ", ")
      throw BadInput(
        "\(place): \(dates), and \(rows.isEmpty ? "none has" : "\(rows.count) have") the text "
          + "\"\(name.printable)\", expected one; "
          + "--where COLUMN=VALUE chooses rows by \(labels)")
    }
    let fields = table.fields(row)
    let label =
      options.column
      ?? found.labels.map { table.file.text(fields[$0]) }.filter { !$0.isEmpty }.joined(
        separator: " ")
    return .dates(found, row: row, label: label)
  }

  /// Checks that the rows are not the months of the years in the header: a row has one month of each year.
  private static func requireYearsInRows(
    _ table: CSVTable, _ header: WideHeader, _ place: String
  ) throws {
    guard header.form == .year, table.rows.count == 12 || table.rows.count == 4,
      let label = header.labels.first
    else { return }
    let names = table.rows.map { table.text(of: label, in: $0).lowercased() }
    guard names == (1...4).map({ "q\($0)" }) || names.map(MonthNames.month) == Array(1...12)
    else { return }
    throw BadInput(
      "\(place): has years in the header and \(names.count == 4 ? "quarters" : "months") in the rows, expected "
        + "a year in each row; exchange rows and columns")
  }

  func series(_ header: WideHeader, _ row: CSVRecords.Record, _ label: String) throws
    -> Series
  {
    note("\(table.file.path): has the dates in the header and a series in each row")
    var one = table
    one.keepRows { $0.start == row.start }
    let style = try NumberStyle(one, header.columns, options)
    let columns = try header.columns.map {
      try NumberColumn(one, $0, style, options.missingTokens)
    }
    let rows = SeriesRows(
      times: header.times, values: columns.map { $0.values[0] }, form: header.form, offset: nil,
      table: one)
    let pattern = header.pattern!.name
    try rows.requireYears(pattern)
    var series = try rows.series(options, note: note)
    series.recognize(
      file: table.file.path, column: label, position: nil, dateColumns: [SeriesRecognition.header],
      dateForm: pattern, separator: table.separatorName, decimal: style.name,
      hasThousands: columns.contains(where: \.hasThousands))
    return series
  }
}
