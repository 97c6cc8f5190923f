// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// The values of the rows of a table; NaN for missing ones.
struct NumberColumn {
  var values: [Double]
  var style: NumberStyle

  /// Whether a value has separators of thousands.
  private(set) var hasThousands = false

  /// Reads the values of a column.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - column: The index of the column.
  ///   - style: How the numbers are written.
  ///   - missing: The missing values.
  /// - Throws: `BadInput` for the first value that is no number.
  init(
    _ table: CSVTable, _ column: Int, _ style: NumberStyle, _ missing: MissingTokens
  ) throws {
    let (file, bytes) = (table.file, table.file.bytes)
    var (values, hasThousands) = ([Double](), false)
    values.reserveCapacity(table.rows.count)
    try table.forEach(column) { _, field in
      let range = field.range
      if let number = style.number(bytes, range, &hasThousands), !missing.contains(number) {
        guard number.magnitude <= maximumMagnitude else {
          throw BadInput(
            "\(file.place(field.start)): \(table.names[column].printable) is "
              + "\(file.text(field).printable), expected at most \(maximumMagnitude) in magnitude")
        }
        values.append(number)
      } else if missing.contains(bytes, range) || style.number(bytes, range) != nil {
        values.append(.nan)
      } else {
        throw Self.noNumber(table, column, field, style)
      }
    }
    (self.values, self.style, self.hasThousands) = (values, style, hasThousands)
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
      hint = " without other text, or an empty field"
    } else {
      let text = file.text(field).printable
      hint =
        " or an empty field; --missing \(text.contains(" ") ? "'\(text)'" : text) makes it a missing value"
    }
    return BadInput(
      "\(file.place(field.start)): \(table.names[column].printable) is \(file.quoted(field)), expected a "
        + "finite number\(hint)"
    )
  }
}

extension NumberStyle {
  /// Decides the decimal mark of columns that have one in common.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - columns: The indices of the columns.
  ///   - others: Other columns of numbers, which decide if the values of `columns` leave the mark open.
  ///   - options: The decimal mark, if it is given, and the missing values.
  /// - Throws: `BadInput` if the decimal mark is open.
  init(_ table: CSVTable, _ columns: [Int], others: [Int] = [], _ options: SeriesReading) throws {
    if let decimal = options.decimal {
      self.init(decimal: decimal == .point ? Self.point : Self.comma)
      return
    }
    var (evidence, open) = (DecimalEvidence(), (column: Int, field: CSVBytes.Field)?.none)
    evidence.add(table, columns, options.missingTokens) { open = open ?? ($0, $1) }
    if let style = evidence.style(separator: table.splitter.separator) {
      self = style
      return
    }
    var more = DecimalEvidence()
    more.add(table, others.filter { !columns.contains($0) }, options.missingTokens) { _, _ in }
    guard let style = more.settledStyle else {
      let (column, field) = open!
      throw BadInput(
        "\(table.file.place(field.start)): \(table.names[column].printable) is "
          + "\(table.file.quoted(field)), expected a value that shows the decimal mark; give "
          + "--decimal point or --decimal comma")
    }
    self = style
  }
}

extension DecimalEvidence {
  /// The evidence of columns.
  init(_ table: CSVTable, _ columns: [Int], _ missing: MissingTokens) {
    self.init()
    add(table, columns, missing) { _, _ in }
  }

  /// Adds the values of columns, row by row, until the mark is settled, and reports the first value that leaves it
  /// open, with its column.
  fileprivate mutating func add(
    _ table: CSVTable, _ columns: [Int], _ missing: MissingTokens,
    open report: (Int, CSVBytes.Field) -> Void
  ) {
    let (bytes, columns) = (table.file.bytes, Set(columns).sorted())
    var fields: [CSVBytes.Field] = []
    for row in table.rows {
      table.splitter.split(
        row, of: table.file, into: &fields, limit: columns.last.map { $0 + 1 } ?? 0)
      for column in columns where column < fields.count {
        let (field, wasOpen) = (fields[column], openPoint || openComma)
        if field.isEmpty || missing.contains(bytes, field.range) { continue }
        add(bytes, field.range)
        if !wasOpen, openPoint || openComma { report(column, field) }
        if isSettled { return }
      }
    }
  }
}
