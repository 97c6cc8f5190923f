// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// Reads the fields of the rows of a panel.
struct PanelFields {
  private let file: CSVBytes
  private let form: PanelForm
  private let missing: MissingTokens
  private let style: NumberStyle
  private let pattern: DatePattern?
  private let unknown: UnknownCategories

  init(_ file: CSVBytes, _ form: PanelForm, _ unknown: UnknownCategories) {
    (self.file, self.form, self.unknown) = (file, form, unknown)
    missing = MissingTokens(form.missing)
    style = form.style
    pattern = form.datePattern
  }

  /// Whether a row has a field in each column, and not only separators. Spreadsheets add separators at
  /// the end, and lines with nothing else.
  ///
  /// - Throws: `BadInput` for a row with fewer fields, or more.
  func isWhole(
    _ fields: [CSVBytes.Field], _ record: CSVRecords.Record, expected: Int
  ) throws(BadInput) -> Bool {
    guard fields.count != expected else { return true }
    if fields.allSatisfy(\.isEmpty) { return false }
    if fields.count > expected, fields[expected...].allSatisfy(\.isEmpty) { return true }
    throw BadInput(
      "\(file.place(record.start)): has \(counted(fields.count, "field")), expected \(expected)")
  }

  /// Adds a row with a date and a value.
  func add(
    _ fields: [CSVBytes.Field], _ record: CSVRecords.Record, to rows: inout PanelColumns
  ) throws(BadInput) {
    try addDateAndInputs(fields, record, to: &rows)
    rows.values.append(try number(fields[form.value], form.value))
    try addFeatures(fields, to: &rows)
  }

  /// Adds the date and the inputs of a row.
  func addDateAndInputs(
    _ fields: [CSVBytes.Field], _ record: CSVRecords.Record, to rows: inout PanelColumns
  ) throws(BadInput) {
    if let pattern, let date = form.date {
      try add(fields[date], pattern, to: &rows)
    } else {
      rows.times.append(rows.times.count + 1)
    }
    rows.places.append(record.start)
    for (index, column) in (form.known + form.past).enumerated() {
      rows.inputs[index].append(try number(fields[column], column))
    }
  }

  /// Adds a row with all values of a series.
  func addWide(
    _ fields: [CSVBytes.Field], _ record: CSVRecords.Record, _ header: WideHeader,
    to rows: inout PanelColumns
  ) throws(BadInput) {
    rows.form = header.form
    rows.times = header.times
    for column in header.columns { rows.values.append(try number(fields[column], column)) }
    rows.places = Array(repeating: record.start, count: header.columns.count)
    try addFeatures(fields, to: &rows)
  }

  private func add(
    _ field: CSVBytes.Field, _ pattern: DatePattern, to rows: inout PanelColumns
  ) throws(BadInput) {
    guard let moment = pattern.moment(file.bytes, field.range) else {
      throw BadInput(
        "\(file.place(field.start)): \(form.names[form.date!].printable) is \(file.quoted(field)), "
          + "expected a date of the form \(pattern.name)")
    }
    rows.times.append(moment.time - Int(moment.offset ?? 0) * 60_000)
    if moment.offset != nil { rows.hasZone = true }
    let own = moment.hasTimeOfDay ? DatePattern.form(ofTime: moment.time) : pattern.formOfDates
    if own.rawValue > rows.form.rawValue { rows.form = own }
  }

  /// Reads a number; NaN if it is missing.
  func number(_ field: CSVBytes.Field, _ column: Int) throws(BadInput) -> Double {
    let bytes = file.bytes
    guard let number = style.number(bytes, field.range) else {
      guard missing.contains(bytes, field.range) else {
        throw BadInput(
          "\(file.place(field.start)): \(name(column)) is \(file.quoted(field)), expected a number with a "
            + "decimal \(style.name), or an empty field")
      }
      return .nan
    }
    guard !missing.contains(number) else { return .nan }
    try requireSettledMark(field, column)
    guard number.magnitude <= maximumMagnitude else {
      throw BadInput(
        "\(file.place(field.start)): \(name(column)) is \(file.text(field).printable), expected at most "
          + "\(maximumMagnitude) in magnitude")
    }
    return number
  }

  /// Throws an error for `1.234` or `1,234` in a file whose decimal mark is not known.
  private func requireSettledMark(
    _ field: CSVBytes.Field, _ column: Int
  ) throws(BadInput) {
    guard form.decimal == nil else { return }
    var evidence = DecimalEvidence()
    evidence.add(file.bytes, field.range)
    guard evidence.style(separator: form.separator) == nil else { return }
    throw BadInput(
      "\(file.place(field.start)): \(name(column)) is \(file.quoted(field)), expected a value that shows the "
        + "decimal mark; give --decimal point or --decimal comma")
  }

  private func name(_ column: Int) -> String {
    column < form.names.count ? form.names[column].printable : "column \(column + 1)"
  }

  private func addFeatures(
    _ fields: [CSVBytes.Field], to rows: inout PanelColumns
  ) throws(BadInput) {
    guard !form.features.isEmpty else { return }
    var found: [Double] = []
    for feature in form.features {
      let field = fields[feature.column]
      if let categories = feature.categories {
        let text = file.text(field)
        if !categories.contains(text) {
          unknown.tell(text, of: form.names[feature.column], at: file.place(field.start))
        }
        found += categories.map { $0 == text ? 1 : 0 }
      } else {
        let number = try number(field, feature.column)
        guard !number.isNaN else {
          throw BadInput(
            "\(file.place(field.start)): \(name(feature.column)) is missing, expected a number")
        }
        found.append(number)
      }
    }
    guard rows.features.isEmpty || rows.features == found else {
      throw BadInput(
        "\(file.place(fields[form.id!].start)): has other features than the rows before, expected the same "
          + "in all rows of a series")
    }
    rows.features = found
  }
}
