// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// The values of the rows of a table; NaN for missing ones.
struct NumberColumn {
  var values: [Double]
  var style: NumberStyle

  /// Reads the values of a column.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - column: The index of the column.
  ///   - options: The decimal mark, if it is given, and the missing values.
  /// - Throws: `BadInput` for the first value that is no number, and if the decimal mark is open.
  init(_ table: CSVTable, _ column: Int, _ options: SeriesReading) throws {
    let missing = options.missingTokens
    style = try Self.style(table, column, options, missing)
    let (file, bytes, style) = (table.file, table.file.bytes, style)
    var values: [Double] = []
    values.reserveCapacity(table.rows.count)
    try table.forEach(column) { _, field in
      let range = field.range
      if let number = style.number(bytes, range), !missing.contains(number) {
        guard number.magnitude <= maximumMagnitude else {
          throw BadInput(
            "\(file.place(field.start)): \(table.names[column].printable) is "
              + "\(file.text(field).printable), expected at most "
              + "\(maximumMagnitude) in magnitude")
        }
        values.append(number)
      } else if missing.contains(bytes, range) || style.number(bytes, range) != nil {
        values.append(.nan)
      } else {
        throw Self.noNumber(table, column, field, style)
      }
    }
    self.values = values
  }

  static func style(
    _ table: CSVTable, _ column: Int, _ options: SeriesReading, _ missing: MissingTokens
  ) throws -> NumberStyle {
    if let decimal = options.decimal {
      return NumberStyle(decimal: decimal == .point ? NumberStyle.point : NumberStyle.comma)
    }
    var (evidence, open) = (DecimalEvidence(), CSVBytes.Field?.none)
    let bytes = table.file.bytes
    table.forEachUntil(column) { _, field in
      if field.isEmpty || missing.contains(bytes, field.range) { return true }
      evidence.add(bytes, field.range)
      if open == nil, evidence.openPoint || evidence.openComma { open = field }
      return !evidence.isSettled
    }
    guard let style = evidence.style(separator: table.splitter.separator) else {
      throw BadInput(
        "\(table.file.place(open!.start)): \(table.names[column].printable) is "
          + "\(table.file.quoted(open!)), expected a value "
          + "that shows the decimal mark; give --decimal point or --decimal comma")
    }
    return style
  }

  private static func noNumber(
    _ table: CSVTable, _ column: Int, _ field: CSVBytes.Field, _ style: NumberStyle
  ) -> BadInput {
    let file = table.file
    let other = NumberStyle(
      decimal: style.decimal == NumberStyle.point ? NumberStyle.comma : NumberStyle.point)
    let hint: String
    if other.number(file.bytes, field.range) != nil {
      hint =
        " with a decimal \(style.name) as in the other rows (--decimal \(other.name) reads the other mark)"
    } else if FieldKinds.hasDigit(field, file) {
      hint = " or an empty field"
    } else {
      let text = file.text(field).printable
      hint =
        " or an empty field; --missing \(text.printable.contains(" ") ? "'\(text)'" : text) makes it a "
        + "missing value"
    }
    return BadInput(
      "\(file.place(field.start)): \(table.names[column].printable) is \(file.quoted(field)), expected a "
        + "finite number\(hint)"
    )
  }
}
