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
            + "dates, expected --column to name another one; --date-column none numbers the values")
      }
      return column
    }
    let others = samples.filter { !dates.contains($0.index) && !conditions.contains($0.index) }
    let firstDate = dates.min() ?? 1
    let numbers = others.filter { $0.isMostlyNumbers && !($0.isMostlyDates && !$0.isDigits) }
    if source == .none, options.dateColumn == nil { try requireKnownDates(numbers) }
    let likely = numbers.filter { sample in
      !(source == .none && ColumnName.isDate(sample.name))
        && !(sample.index < firstDate && isRowNumber(sample))
        && !ColumnName.isHardlyValue(sample.name)
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
          + "date column and a value column")
    }
    return other.index
  }

  /// Checks that the first of several columns of numbers is not likely the dates, in an unknown form: it has
  /// the name of a date, or its values only increase or only decrease.
  private func requireKnownDates(_ numbers: [ColumnSample]) throws {
    guard let first = numbers.first(where: { !isRowNumber($0) }), first.index < numbers.last!.index,
      let field = first.fields.first,
      ColumnName.isDate(first.name) || first.isNumberedInOrder(table.file)
    else { return }
    let other = numbers.first { $0.index > first.index }!
    func option(_ sample: ColumnSample) -> String {
      let isUnique = table.names.count { $0 == sample.name } == 1 && !sample.name.isEmpty
      return "--column " + shellWord(isUnique ? sample.name : "\(sample.index + 1)").printable
    }
    let name = first.name.printable
    throw BadInput(
      "\(table.file.place(field.start)): \(name) is \(table.file.quoted(field)), probably a date of an unknown "
        + "form, expected one such as 2001-07-05, 2001-07 or 2001-Q3; give --date-column none and "
        + "\(option(other)) to forecast without dates, or \(option(first)) to forecast this column")
  }

  /// The names of other columns that could be the series.
  func otherValues(than column: Int, _ source: DateSource, _ conditions: [Int]) -> [String] {
    guard table.hasHeader else { return [] }
    return numberColumns(except: source.columns + conditions + [column]).map { samples[$0] }.filter
    {
      !isRowNumber($0) && !isConstant($0) && !ColumnName.isHardlyValue($0.name)
        && !ColumnName.isPart($0.name) && !ColumnName.isDate($0.name)
    }.map(\.name)
  }

  /// The columns of numbers, without some columns and without numbers that are dates.
  func numberColumns(except others: [Int]) -> [Int] {
    samples.filter {
      $0.isMostlyNumbers && !$0.isMostlyDates && !others.contains($0.index)
    }.map(\.index)
  }

  private func isConstant(_ sample: ColumnSample) -> Bool {
    guard let first = sample.fields.first, sample.fields.count > 2 else { return false }
    let text = table.file.bytes[first.range]
    return sample.fields.allSatisfy { table.file.bytes[$0.range].elementsEqual(text) }
  }
}
