// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension ColumnChoice {
  /// The column of the values: the one that is named, or the first one of numbers that is not part of the
  /// date.
  func values(_ source: DateSource, conditions: [Int]) throws -> Int {
    let dates = source.columns
    if let name = options.column {
      let column = try column(name, option: "--column")
      guard !dates.contains(column) else {
        throw BadInput(
          "\(table.file.place(table.headerPlace)): column \"\(table.names[column].printable)\" has the "
            + "dates, expected "
            + "--column to name another one; --date-column none numbers the values")
      }
      return column
    }
    let others = samples.filter { !dates.contains($0.index) && !conditions.contains($0.index) }
    let firstDate = dates.min() ?? 1
    let numbers = others.filter { $0.isMostlyNumbers && !($0.isMostlyDates && !$0.isDigits) }
    let likely = numbers.filter { sample in
      !(sample.index < firstDate && isRowNumber(sample)) && !ColumnName.isHardlyValue(sample.name)
        && !isConstant(sample)
    }
    if let first = likely.first ?? numbers.first(where: {
      !($0.index < firstDate && isRowNumber($0))
    }) ?? numbers.first {
      return first.index
    }
    // The first value that is no number is named by its line.
    guard let other = others.first(where: { !$0.fields.isEmpty }) ?? others.first else {
      throw BadInput(
        "\(table.file.place(table.headerPlace)): has \(counted(table.names.count, "column")), expected a "
          + "date column "
          + "and a value column")
    }
    return other.index
  }

  private func isConstant(_ sample: ColumnSample) -> Bool {
    guard let first = sample.fields.first, sample.fields.count > 2 else { return false }
    let text = table.file.bytes[first.range]
    return sample.fields.allSatisfy { table.file.bytes[$0.range].elementsEqual(text) }
  }
}
