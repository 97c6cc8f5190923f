// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A table whose header has the dates: years and months or quarters, or dates with one series in each
/// row.
struct WideTable {
  let table: CSVTable
  let options: SeriesReading
  let note: (String) -> Void
  private let layout: Layout

  enum Layout {
    /// A column of years, and one for each month or quarter.
    case parts(year: Int, columns: [Int])
    case dates(WideHeader, row: CSVRecords.Record, label: String)
  }

  /// Recognizes a wide table; nil for any other.
  init?(
    _ table: CSVTable, _ options: SeriesReading, _ conditions: [Int],
    _ note: @escaping (String) -> Void
  ) throws {
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

  /// A year in the first column with dates, and the names of all months or quarters in one row of
  /// columns.
  private static func parts(_ table: CSVTable) -> Layout? {
    guard let year = table.names.indices.prefix(3).first(where: { isYear(table, $0) }) else {
      return nil
    }
    let months = (1...12).map { month in
      table.names.indices.first { $0 != year && isMonth(table.names[$0], month) }
    }
    let quarters = (1...4).map { quarter in
      table.names.indices.first {
        ["q\(quarter)", "qtr\(quarter)", "quarter\(quarter)"].contains(plain(table.names[$0]))
      }
    }
    for columns in [months, quarters] {
      let found = columns.compactMap(\.self)
      if found.count == columns.count, zip(found, found.dropFirst()).allSatisfy({ $0 < $1 }) {
        return .parts(year: year, columns: found)
      }
    }
    return nil
  }

  private static func plain(_ name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  private static func isMonth(_ name: String, _ month: Int) -> Bool {
    let plain = plain(name)
    return MonthNames.month(plain) == month || Int(plain) == month && plain.count <= 2
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
