// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Rows with one date: several series, or dates whose parts are in several columns.
extension SeriesRows {
  /// The error of a date that repeats the one before it.
  func duplicateDate(_ index: Int) -> BadInput {
    let what = "\(place(index)): date \(date(index)) is also on line \(line(index - 1))"
    let merging = BadInput(
      "\(what), expected each date once; --aggregate mean, sum, last or first merges rows")
    // A wide table has one row for all dates.
    guard times.count <= table.rows.count else { return merging }
    let columns = seriesColumns(near: index)
    guard !columns.isEmpty else { return merging }
    if let part = columns.first(where: { ColumnName.isPart(table.names[$0]) }) {
      return BadInput(
        "\(what); column \"\(table.names[part].printable)\" may be a part of the date, expected dates such as "
          + "2001-07-05, 2001-07 or 2001-W27 in one column")
    }
    let names = columns.map { "\"\(table.names[$0].printable)\"" }.joined(separator: " and ")
    let conditions = columns.map { column in
      let value = table.text(of: column, in: table.rows[row(0)])
      return "--where \(shellWord("\(table.names[column])=\(value)"))"
    }
    let verb = columns.count == 1 ? "column \(names) tells" : "columns \(names) tell"
    // A panel has one column of names.
    let all =
      columns.count == 1
      ? "; recur forecast --id \(shellWord(table.names[columns[0]])) forecasts all".printable : ""
    return BadInput(
      "\(what), expected one series; \(verb) several apart: choose one, as in "
        + "\(conditions.joined(separator: " ").printable)\(all)")
  }

  /// The column that tells apart the rows of one date, text before numbers, or else the first two columns
  /// that do so together.
  private func seriesColumns(near index: Int) -> [Int] {
    let first = max(0, index - 50)
    let window = first..<min(times.count, first + 2000)
    let kinds = FieldKinds(missing: MissingTokens())
    let fields = table.names.indices.prefix(30).map { column in
      window.map { index in
        let field = table.splitter.field(column, of: table.rows[row(index)], in: table.file)!
        return (field, Array(table.file.bytes[field.range]))
      }
    }
    /// Whether the columns have few different texts, but a different one in each row of a date.
    func tellsApart(_ columns: [Int]) -> Bool {
      let texts = window.indices.map { row in
        Array(columns.map { fields[$0][row - window.lowerBound].1 }.joined(separator: [0]))
      }
      let pairs = zip(texts, window).map { $0 + [0] + Array("\(times[$1])".utf8) }
      let isPart = columns.allSatisfy { ColumnName.isPart(table.names[$0]) }
      return Set(pairs).count == pairs.count && (isPart || hasFew(texts))
    }
    func hasFew(_ texts: [[UInt8]]) -> Bool {
      let different = Set(texts).count
      return different > 1 && 2 * different <= window.count + 2
    }
    func isText(_ column: Int) -> Bool {
      let field = fields[column][0].0
      return !kinds.isNumber(field, table.file) && !kinds.isDate(field, table.file)
    }
    func isLabel(_ column: Int) -> Bool {
      isText(column) || ColumnName.isHardlyValue(table.names[column])
        || ColumnName.isPart(table.names[column])
    }
    let single = fields.indices.filter { isLabel($0) && tellsApart([$0]) }
    if let one = single.first(where: isText) ?? single.first { return [one] }
    let labels = fields.indices.filter {
      hasFew(fields[$0].map(\.1)) && !ColumnName.isPart(table.names[$0])
    }
    for one in labels {
      for other in labels where other > one && (isText(one) || isText(other)) {
        if tellsApart([one, other]) { return [one, other] }
      }
    }
    return []
  }
}
