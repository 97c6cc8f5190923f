// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Finds the header of a CSV file, the lines before it, and the first row.
struct HeaderSearch {
  struct Found {
    /// The record of the header; nil if the first record is a row.
    var header: Int?
    var firstRow: Int

    /// The records before the rows that are neither the header nor empty.
    var skipped: [Int]
  }

  /// Whether nearly all sampled lines have a date in a column that is not a mere number.
  private var isAlwaysDate: [Bool] = []

  /// Whether all sampled lines but the first have a first field.
  private var isAlwaysPresent = false
  private let records: CSVRecords
  private let form: CSVForm
  private let kinds: FieldKinds

  /// The maximum number of lines before the first row.
  private static let longestPreamble = 200

  init(_ records: CSVRecords, _ form: CSVForm, _ kinds: FieldKinds) {
    (self.records, self.form, self.kinds) = (records, form, kinds)
    let limit = min(form.columns, 200)
    var (dates, count, isPresent) = (Array(repeating: 0, count: limit), 0, true)
    for record in records.sample(first: 20, others: 30).dropFirst() {
      let (fields, columns) = fields(record, limit: limit)
      guard columns == form.columns else { continue }
      count += 1
      for (column, field) in fields.enumerated() where kinds.isDate(field, records.file) {
        dates[column] += 1
      }
      isPresent = isPresent && !fields[0].isEmpty
    }
    isAlwaysDate = dates.map { 10 * $0 >= 9 * count && count > 1 }
    isAlwaysPresent = isPresent && count > 1 && form.columns > 1
  }

  var found: Found {
    let columns = dataColumns
    let isData = { (record: Int) in isRow(record, columns) }
    let candidates = 0..<min(Self.longestPreamble, records.all.count)
    if let wide = candidates.prefix(50).first(where: isWideHeader) {
      return Found(header: wide, firstRow: wide + 1, skipped: present(0..<wide))
    }
    guard let first = candidates.first(where: isData) else {
      let header = candidates.first { !records.all[$0].isEmpty } ?? 0
      return Found(header: header, firstRow: header + 1, skipped: [])
    }
    // Of several lines with names, such as names and units, the first one that names a date is the
    // header.
    var start = first
    while start > 0, fields(start - 1, limit: 0).count >= form.columns { start -= 1 }
    let complete = (start..<first).filter(isComplete)
    let header = complete.first(where: namesDate) ?? complete.last ?? precedingPart(of: first)
    return Found(
      header: header, firstRow: first, skipped: present(0..<first).filter { $0 != header })
  }

  private func present(_ range: Range<Int>) -> [Int] { range.filter { !records.all[$0].isEmpty } }

  private func fields(_ record: Int, limit: Int = CSVForm.mostColumns + 1) -> (
    fields: [CSVBytes.Field], count: Int
  ) {
    var fields: [CSVBytes.Field] = []
    let count = form.splitter.split(
      records.all[record], of: records.file, into: &fields, limit: limit)
    return (fields, count)
  }

  /// The columns in which at least half of the sampled lines have a number or a date.
  private var dataColumns: [Int] {
    let limit = min(form.columns, 200)
    var (data, present) = (Array(repeating: 0, count: limit), Array(repeating: 0, count: limit))
    for record in records.sample(first: 20, others: 30) {
      let (fields, count) = fields(record, limit: limit)
      guard count == form.columns else { continue }
      for (column, field) in fields.enumerated() where !kinds.isMissing(field, records.file) {
        present[column] += 1
        if kinds.isData(field, records.file) { data[column] += 1 }
      }
    }
    return data.indices.filter { data[$0] > 0 && 2 * data[$0] >= present[$0] }
  }

  /// Whether a record has data in the columns of data, and no other text there.
  private func isRow(_ record: Int, _ columns: [Int]) -> Bool {
    let (fields, count) = fields(record, limit: 200)
    guard count >= form.columns else { return false }
    let file = records.file
    let present = columns.filter { $0 < fields.count && !kinds.isMissing(fields[$0], file) }
    let data = present.count { kinds.isData(fields[$0], file) }
    // One wrong value must not make a header of the row, but names of columns may be numbers.
    guard data > 0, 2 * data >= present.count else { return false }
    return !columns.contains { column in
      column < fields.count && isAlwaysDate[column] && !kinds.isDate(fields[column], file)
    } && !(record == 0 && fields[0].isEmpty && isAlwaysPresent)
  }

  /// Whether all columns have a name.
  private func isComplete(_ record: Int) -> Bool {
    let (fields, count) = fields(record)
    guard count == form.columns || count == form.columns + 1 && fields.last?.isEmpty == true else {
      return false
    }
    return fields.dropFirst().contains { !$0.isEmpty }
      && !fields.dropFirst().dropLast().contains { $0.isEmpty }
  }

  private func namesDate(_ record: Int) -> Bool {
    fields(record, limit: 200).fields.contains { ColumnName.isDate(records.file.text($0)) }
  }

  /// The record before the first row, if it has the names of all columns but one, or at least of several.
  private func precedingPart(of first: Int) -> Int? {
    guard let before = (0..<first).last(where: { !records.all[$0].isEmpty }) else { return nil }
    let (fields, count) = fields(before)
    let isNearlyComplete = count + 1 == form.columns || count == form.columns
    return isNearlyComplete && fields.contains { !$0.isEmpty } ? before : nil
  }

  private func isWideHeader(_ record: Int) -> Bool {
    isHeaderOfMonths(record) || isHeaderOfDates(record) || isHeaderOfCounts(record)
  }

  /// Whether a record has a name, and then 1, 2, 3, … or 0, 1, 2, … in all other columns, at least six.
  private func isHeaderOfCounts(_ record: Int) -> Bool {
    let (fields, file) = (fields(record).fields, records.file)
    guard fields.count > 6, let first = Int(file.text(fields[1])), 0...1 ~= first,
      !fields[0].isEmpty, !kinds.isData(fields[0], file)
    else { return false }
    return fields.dropFirst().enumerated().allSatisfy { Int(file.text($1)) == first + $0 }
  }

  /// Whether a record has dates in at least three columns, and at least half of all, in one direction.
  private func isHeaderOfDates(_ record: Int) -> Bool {
    guard form.columns > 3, record + 1 < records.all.count, isIncreasing(dates(record)),
      // Below a line of names, numbers in the form of years are values.
      !((0..<record).contains(where: isComplete) && hasOnlyData(record))
    else { return false }
    return !isIncreasing(dates(record + 1))
  }

  private func hasOnlyData(_ record: Int) -> Bool {
    fields(record).fields.allSatisfy { $0.isEmpty || kinds.isData($0, records.file) }
  }

  /// Whether a record has the name of a date, and then the numbers of the months.
  private func isHeaderOfMonths(_ record: Int) -> Bool {
    let texts = fields(record, limit: 14).fields.map(records.file.text)
    return texts.count == 13 && ColumnName.isDate(texts[0])
      && texts.dropFirst().map { Int($0) } == (1...12).map { $0 }
  }

  private func dates(_ record: Int) -> [Int] {
    let fields = fields(record).fields
    let found =
      WideHeader.dates(fields, records.file) ?? WideHeader.dates(fields, records.file, order: .mdy)
    return found?.times ?? []
  }

  private func isIncreasing(_ times: [Int]) -> Bool {
    let pairs = zip(times, times.dropFirst())
    return times.count >= 3 && (pairs.allSatisfy { $0 < $1 } || pairs.allSatisfy { $0 > $1 })
  }
}
