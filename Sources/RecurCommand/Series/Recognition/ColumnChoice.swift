// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Where the dates of a series are.
enum DateSource: Equatable {
  /// A column, and one with the time of day.
  case column(Int, time: Int?)

  /// Columns with the year and the parts of the year.
  case parts(year: Int, month: Int?, quarter: Int?, day: Int?, hour: Int?)

  /// No column has dates.
  case none

  var columns: [Int] {
    switch self {
    case .column(let column, let time): [column] + [time].compactMap(\.self)
    case .parts(let year, let month, let quarter, let day, let hour):
      [year] + [month, quarter, day, hour].compactMap(\.self)
    case .none: []
    }
  }
}

/// Chooses the columns of the dates and of the values.
struct ColumnChoice {
  let table: CSVTable
  let options: SeriesReading
  let samples: [ColumnSample]
  private let kinds: FieldKinds

  /// - Parameters:
  ///   - table: The table.
  ///   - options: How to read it.
  ///   - others: Columns that have another use.
  init(_ table: CSVTable, _ options: SeriesReading, excluding others: Set<Int> = []) {
    (self.table, self.options) = (table, options)
    kinds = FieldKinds(missing: options.missingTokens)
    // A file may have thousands of columns.
    let count = max(6, min(200, 10_000 / max(1, table.names.count)))
    var sampled = Array(repeating: [CSVBytes.Field](), count: table.names.count)
    let step = max(1, table.rows.count / (count / 2))
    let places =
      Array(0..<min(count / 2, table.rows.count))
      + stride(from: count / 2, to: table.rows.count, by: step)
    for row in places {
      for (column, field) in table.fields(table.rows[row]).enumerated().prefix(table.names.count)
      where !others.contains(column) && !kinds.isMissing(field, table.file) {
        sampled[column].append(field)
      }
    }
    let kinds = kinds
    samples = table.names.indices.map {
      ColumnSample($0, table.names[$0], sampled[$0], table.file, kinds)
    }
  }

  /// The column that an option names, by its name or its position from 1.
  func column(_ name: String, option: String) throws -> Int {
    let places = table.names.indices.filter { table.names[$0] == name }
    if places.count == 1 { return places[0] }
    if places.isEmpty, let position = Int(name), 1...table.names.count ~= position {
      return position - 1
    }
    let place = table.file.place(table.headerPlace)
    guard places.isEmpty else {
      throw BadInput(
        "\(place): has \(places.count) columns \"\(name.printable)\", expected one; give \(option) a "
          + "position from 1 to \(table.names.count)")
    }
    let columns = table.names.prefix(10).map { "\"\($0.printable)\"" }.joined(separator: ", ")
    throw BadInput(
      "\(place): has the columns [\(columns)\(table.names.count > 10 ? ", …" : "")], expected \(option) "
        + "to be one of them or a position from 1 to \(table.names.count), found \"\(name.printable)\""
    )
  }
}
