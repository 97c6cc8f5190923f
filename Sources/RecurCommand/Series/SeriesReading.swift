// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// How duplicate dates become one value.
enum Aggregation: String, Codable, CaseIterable {
  case mean, sum, last, first

  func value(of values: [Double]) -> Double {
    switch self {
    case .mean: values.reduce(0) { $0 + $1 / Double(values.count) }
    case .sum: values.reduce(0, +)
    case .last: values.last!
    case .first: values[0]
    }
  }
}

/// How to read a series from a CSV file. What is not given is recognized.
struct SeriesReading: Codable, Equatable {
  enum DecimalMark: String, Codable, CaseIterable { case point, comma }

  /// The value column and the date column, by name or position.
  var column: String?
  var dateColumn: String?

  /// `comma`, `semicolon`, `tab`, `space`, or a character.
  var separator: String?
  var decimal: DecimalMark?
  var dateOrder: String?

  /// More texts and numbers that stand for missing values.
  var missing: [String]?

  /// Conditions `COLUMN=VALUE` that rows fulfill.
  var conditions: [String]?
  var aggregate: Aggregation?

  static let separators: KeyValuePairs = [
    "comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "bar": "|",
  ]

  /// The options, completed by those of another reading.
  func completed(by other: SeriesReading) -> SeriesReading {
    SeriesReading(
      column: column ?? other.column, dateColumn: dateColumn ?? other.dateColumn,
      separator: separator ?? other.separator, decimal: decimal ?? other.decimal,
      dateOrder: dateOrder ?? other.dateOrder, missing: missing ?? other.missing,
      conditions: conditions ?? other.conditions, aggregate: aggregate ?? other.aggregate)
  }

  var missingTokens: MissingTokens { MissingTokens(missing ?? []) }

  /// The separator's byte, if it is given.
  var separatorByte: UInt8? {
    get throws {
      guard let separator else { return nil }
      let character = Self.separators.first { $0.key == separator }?.value ?? separator
      guard character.utf8.count == 1, let byte = character.utf8.first, !Self.isPartOfFields(byte)
      else {
        throw BadInput(
          "--separator is \"\(separator.printable)\", expected comma, semicolon, tab, space or a character"
        )
      }
      return byte
    }
  }

  private static func isPartOfFields(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || byte == CSVBytes.quote || byte == CSVBytes.lineFeed
      || byte == CSVBytes.carriageReturn
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }
}
