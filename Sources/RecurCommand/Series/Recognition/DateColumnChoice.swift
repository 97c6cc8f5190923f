// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension ColumnChoice {
  func dates() throws -> DateSource {
    if let name = options.dateColumn {
      if name == "none", !table.names.contains(name) { return .none }
      let column = try column(name, option: "--date-column")
      guard samples[column].isMostlyDates else { throw unknownDate(samples[column]) }
      return .column(column, time: time(for: column))
    }
    let given = try options.column.map { try column($0, option: "--column") }
    let first = firstColumn
    let ranks = samples.map { $0.dateRank($0.index == first) }
    let best = samples.indices.filter { ranks[$0] != nil }.max {
      (ranks[$0]!, $1) < (ranks[$1]!, $0)
    }
    if let parts = parts(), (ranks[best ?? 0] ?? 0) < 6 || parts.columns.contains(best!) {
      return parts
    }
    if let best { return .column(best, time: time(for: best)) }
    let suspect = samples.first { sample in
      guard sample.index != given, !sample.fields.isEmpty, !sample.isMostlyNumbers else {
        return false
      }
      let digits = sample.fields.count {
        FieldKinds.hasDigit($0, table.file) || hasForeignDigit($0)
      }
      let isNamed = ColumnName.isDate(sample.name)
      return sample.index == first
        ? isNamed || 2 * digits >= sample.fields.count
        : isNamed && 2 * digits >= sample.fields.count
    }
    if let suspect { throw unknownDate(suspect) }
    return .none
  }

  /// The first column that is not the number of the row.
  private var firstColumn: Int {
    samples.first { !$0.fields.isEmpty && !isRowNumber($0) }?.index ?? 0
  }

  /// Whether a column counts rows, from 0 or 1 unless it has the name of a date.
  func isRowNumber(_ sample: ColumnSample) -> Bool {
    guard samples.count > 1, sample.fields.count >= 2, let numbers = sample.integers(table.file),
      0...1 ~= numbers[0] || ColumnName.isDate(sample.name)
    else { return false }
    let first = numbers.prefix(50)
    return zip(first, first.dropFirst()).allSatisfy { $1 == $0 + 1 }
      && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
  }

  /// The column with the time of day for a column of days.
  private func time(for date: Int) -> Int? {
    let sample = samples[date]
    guard sample.patterns.first?.formOfDates == .day, !sample.isStrictlyMonotonic,
      let field = sample.fields.first,
      sample.patterns[0].moment(table.file.bytes, field.range)?.hasTimeOfDay != true
    else { return nil }
    return samples.first { $0.times > 0 && $0.times == $0.fields.count && !$0.isMostlyDates }?.index
      ?? samples.first { ColumnName.part($0.name) == .hour && isHour($0) }?.index
  }

  private func isHour(_ sample: ColumnSample) -> Bool {
    sample.integers(table.file)?.allSatisfy { 0...24 ~= $0 } ?? false
  }

  /// The columns with year, month or quarter, day and hour.
  private func parts() -> DateSource? {
    func named(_ part: ColumnName.DatePart, _ isPart: (ColumnSample) -> Bool) -> Int? {
      samples.first { !$0.fields.isEmpty && ColumnName.part($0.name) == part && isPart($0) }?.index
    }
    func within(_ range: ClosedRange<Int>) -> (ColumnSample) -> Bool {
      { $0.integers(table.file)?.allSatisfy { range.contains($0) } ?? false }
    }
    let isYear = { (sample: ColumnSample) in
      sample.patterns.first?.name == "YYYY" && sample.dates == sample.fields.count
    }
    guard let year = named(.year, isYear) else { return partsByPosition(isYear) }
    let isMonth = { within(1...12)($0) || isMonthName($0) }
    let isQuarter = { within(1...4)($0) || self.isQuarter($0) }
    let quarter = named(.quarter, isQuarter) ?? named(.period) { self.isQuarter($0) }
    let month = quarter == nil ? named(.month, isMonth) ?? named(.period, isMonthName) : nil
    guard month != nil || quarter != nil else { return nil }
    let day = month == nil ? nil : named(.day, within(1...31))
    let hour = day == nil ? nil : named(.hour, within(0...24))
    return .parts(year: year, month: month, quarter: quarter, day: day, hour: hour)
  }

  /// Without names: a year that repeats, and 1 to 12 or 1 to 4 in the next column.
  private func partsByPosition(_ isYear: (ColumnSample) -> Bool) -> DateSource? {
    guard !table.hasHeader, samples.count > 2,
      let year = samples.first(where: {
        isYear($0) && $0.hasUsualYears && $0.isMonotonic && !$0.isStrictlyMonotonic
      }),
      year.index + 1 < samples.count, let next = samples[year.index + 1].integers(table.file),
      next.count > 4,
      next.min() == 1, let most = next.max(), most == 4 || most == 12,
      zip(next, next.dropFirst()).prefix(11).allSatisfy({ $1 == $0 % most + 1 })
    else { return nil }
    return .parts(
      year: year.index, month: most == 12 ? year.index + 1 : nil,
      quarter: most == 4 ? year.index + 1 : nil,
      day: nil, hour: nil)
  }

  private func isMonthName(_ sample: ColumnSample) -> Bool {
    sample.fields.allSatisfy { PartsOfDates.month(table.file.bytes, $0.range) != nil }
  }

  private func isQuarter(_ sample: ColumnSample) -> Bool {
    sample.fields.allSatisfy { PartsOfDates.quarter(table.file.bytes, $0.range) != nil }
  }

  private func hasForeignDigit(_ field: CSVBytes.Field) -> Bool {
    table.file.text(field).unicodeScalars.contains {
      $0.properties.numericType == .decimal && !$0.isASCII
    }
  }

  private func unknownDate(_ sample: ColumnSample) -> BadInput {
    let field = sample.fields.first { field in
      !sample.patterns.contains { $0.moment(table.file.bytes, field.range) != nil }
    }
    guard let field else {
      return BadInput("\(table.file.path): column \"\(sample.name.printable)\" has no dates")
    }
    let hint =
      hasForeignDigit(field)
      ? "digits 0 to 9"
      : "a date such as 2001-07-05, 5.7.2001, July 5, 2001, 2001-07, 2001-Q3, 2001-W27 or 2001-07-05 18:30"
    let name = sample.name.isEmpty ? "date" : sample.name.printable
    return BadInput(
      "\(table.file.place(field.start)): \(name) is \(table.file.quoted(field)), expected \(hint); "
        + "--date-column names another column, or none to number the values")
  }
}
