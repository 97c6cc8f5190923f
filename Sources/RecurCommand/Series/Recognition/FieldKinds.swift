// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// What a field of a column is likely to contain.
struct FieldKinds {
  let missing: MissingTokens

  private static let styles = [NumberStyle(), NumberStyle(decimal: NumberStyle.comma)]

  func isMissing(_ field: CSVBytes.Field, _ file: CSVBytes) -> Bool {
    missing.contains(file.bytes, field.range)
  }

  func isNumber(_ field: CSVBytes.Field, _ file: CSVBytes) -> Bool {
    Self.styles.contains { $0.number(file.bytes, field.range) != nil }
  }

  /// Whether a field is a date that is not a mere number.
  func isDate(_ field: CSVBytes.Field, _ file: CSVBytes) -> Bool {
    guard 4...40 ~= field.range.count, Self.hasDigit(field, file) else { return false }
    return DatePattern.all.contains {
      !$0.isDigits && $0.moment(file.bytes, field.range) != nil
    }
  }

  /// Whether a field is a number, a date, or a time of day.
  func isData(_ field: CSVBytes.Field, _ file: CSVBytes) -> Bool {
    isNumber(field, file) || isDate(field, file) || isTime(field, file)
  }

  private func isTime(_ field: CSVBytes.Field, _ file: CSVBytes) -> Bool {
    var cursor = DateCursor(file.bytes, field.range)
    return TimeOfDay.read(&cursor) != nil && cursor.isAtEnd
  }

  static func hasDigit(_ field: CSVBytes.Field, _ file: CSVBytes) -> Bool {
    file.bytes[field.range].contains { $0 &- 0x30 < 10 }
  }
}
