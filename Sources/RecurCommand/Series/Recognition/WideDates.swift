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
      guard let name = options.column else {
        throw BadInput(
          "\(place): \(dates), expected one; choose a row by its text, as in --column "
            + "\(shellWord(example).printable)"
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

  func series(_ header: WideHeader, _ row: CSVRecords.Record, _ label: String) throws
    -> Series
  {
    note("\(table.file.path): has the dates in the header and a series in each row")
    let (fields, missing) = (table.fields(row), options.missingTokens)
    let bytes = table.file.bytes
    var evidence = DecimalEvidence()
    for column in header.columns { evidence.add(bytes, fields[column].range) }
    let given = options.decimal.map {
      NumberStyle(decimal: $0 == .point ? NumberStyle.point : NumberStyle.comma)
    }
    guard let style = given ?? evidence.style(separator: table.splitter.separator) else {
      throw BadInput(
        "\(table.file.place(row.start)): the decimal mark is open; give --decimal point or --decimal comma"
      )
    }
    let values = try header.columns.map { column -> Double in
      if let number = style.number(bytes, fields[column].range), !missing.contains(number) {
        return number
      }
      guard
        missing.contains(bytes, fields[column].range)
          || style.number(bytes, fields[column].range) != nil
      else {
        throw BadInput(
          "\(table.file.place(row.start)): \(table.names[column].printable) is "
            + "\(table.file.quoted(fields[column])), expected a "
            + "finite number or an empty field")
      }
      return .nan
    }
    var one = table
    one.keepRows { $0.start == row.start }
    var series = try SeriesRows(
      times: header.times, values: values, form: header.form, offset: nil, table: one
    )
    .series(options, note: note)
    series.recognize(
      file: table.file.path, column: label, position: nil, dateColumns: ["the header"],
      dateForm: header.pattern.name,
      separator: table.separatorName, decimal: style.name)
    return series
  }
}
