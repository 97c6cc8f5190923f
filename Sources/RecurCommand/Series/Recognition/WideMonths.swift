// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension WideTable {
  func seriesOfParts(_ year: Int, _ columns: [Int]) throws -> Series {
    var (times, values) = ([Int](), [Double]())
    let pattern = DatePattern.all[0]
    let style = try NumberStyle(table, columns, options)
    let numbers = try columns.map {
      try NumberColumn(table, $0, style, options.missingTokens)
    }
    for (index, row) in table.rows.enumerated() {
      let field = table.fields(row)[year]
      guard let moment = pattern.moment(table.file.bytes, field.range) else {
        throw BadInput(
          "\(table.file.place(row.start)): \(table.names[year].printable) is "
            + "\(table.file.quoted(field)), expected a year"
        )
      }
      for (place, column) in numbers.enumerated() {
        let month = 1 + place * (12 / columns.count)
        times.append(
          CivilDay(
            year: CivilDay(number: moment.time.floorDivided(by: SeriesDate.day)).year, month: month,
            day: 1
          ).number * SeriesDate.day)
        values.append(column.values[index])
      }
    }
    let parts = columns.count == 12 ? "months" : "quarters"
    let others = table.names.indices.filter { $0 != year && !columns.contains($0) }
    let ignored =
      others.isEmpty
      ? ""
      : "; other columns are ignored: "
        + others.prefix(5).map { "\"\(table.names[$0].printable)\"" }.joined(separator: ", ")
    note(
      "\(table.file.path): has a year in each row and its \(parts) in \(columns.count) columns\(ignored)"
    )
    var wide = table
    wide.repeatRows(columns.count)
    var series = try SeriesRows(
      times: times, values: values, form: columns.count == 12 ? .month : .quarter, offset: nil,
      table: wide
    )
    .series(options, note: note)
    let (first, last) = (table.names[columns[0]], table.names[columns.last!])
    series.recognize(
      file: table.file.path, column: "\(first) to \(last)", position: nil,
      dateColumns: [table.names[year], SeriesRecognition.header],
      dateForm: parts, separator: table.separatorName, decimal: style.name,
      hasThousands: numbers.contains(where: \.hasThousands))
    return series
  }
}
