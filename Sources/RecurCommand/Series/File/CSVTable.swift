// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The rows of a CSV file, and the names of their columns.
struct CSVTable {
  let file: CSVBytes
  let splitter: CSVSplitter

  /// The names of the columns; `column 1`, `column 2`, … without a header.
  private(set) var names: [String]
  let hasHeader: Bool

  /// The header, or the first row.
  private let headerRecord: CSVRecords.Record
  var headerPlace: Int { headerRecord.start }
  private(set) var rows: [CSVRecords.Record] = []

  /// Reads the form of a file and finds its rows.
  ///
  /// - Parameters:
  ///   - file: The bytes of the file.
  ///   - options: How to read it.
  ///   - leavesOut: Whether rows with another number of fields are left out instead of refused.
  ///   - note: Receives a message about lines that are skipped.
  /// - Throws: `BadInput` if rows have different numbers of fields.
  init(
    _ file: CSVBytes, _ options: SeriesReading, leavingOutWrongRows leavesOut: Bool = false,
    note: (String) -> Void
  ) throws {
    self.file = file
    let kinds = FieldKinds(missing: options.missingTokens)
    let records = try CSVRecords(file)
    guard !records.all.isEmpty else {
      throw BadInput("\(file.path): is empty, expected a header and lines with a date and a value")
    }
    let form = try CSVForm(records, separator: try options.separatorByte, kinds: kinds)
    splitter = form.splitter
    let header = HeaderSearch(records, form, kinds).found
    hasHeader = header.header != nil
    headerRecord = records.all[header.header ?? min(header.firstRow, records.all.count - 1)]
    names = []
    if header.header != nil {
      // A field takes more memory than its separator, so they are counted first.
      let count = splitter.count(headerRecord, of: file)
      guard count <= CSVForm.mostColumns else {
        throw BadInput(
          "\(file.place(headerRecord.start)): has \(count) columns, expected at most \(CSVForm.mostColumns)"
        )
      }
      names = fields(headerRecord).map(file.text)
    }
    if !header.skipped.isEmpty {
      note(skipped(header.skipped.map { records.all[$0].start }, "above the rows"))
    }
    rows = Array(records.all[header.firstRow...])
    try completeNames(form.columns)
    try checkRows(leavesOut, note)
  }

  func fields(_ row: CSVRecords.Record) -> [CSVBytes.Field] {
    var fields: [CSVBytes.Field] = []
    splitter.split(row, of: file, into: &fields)
    return fields
  }

  /// The fields of the header.
  var headerFields: [CSVBytes.Field] { fields(headerRecord) }

  /// Repeats each row, for tables with several values in a row.
  mutating func repeatRows(_ count: Int) {
    rows = rows.flatMap { Array(repeating: $0, count: count) }
  }

  /// Keeps some of the rows.
  mutating func keepRows(_ isKept: (CSVRecords.Record) throws -> Bool) rethrows {
    rows = try rows.filter(isKept)
  }

  /// Keeps the given rows of the table.
  mutating func keepRows(_ kept: [CSVRecords.Record]) { rows = kept }

  /// Calls a function with the field of a column in each row.
  @inline(__always)
  func forEach(_ column: Int, _ body: (Int, CSVBytes.Field) throws -> Void) rethrows {
    // All rows have all columns.
    for row in rows.indices { try body(row, splitter.field(column, of: rows[row], in: file)!) }
  }

  private func skipped(_ places: [Int], _ what: String) -> String {
    let lines = places.map { file.line(of: $0) }
    let text =
      lines.count == 1
      ? "line \(lines[0])" : "\(lines.count) lines (\(lines[0]) to \(lines.last!))"
    return "\(file.path): skipped \(text) without data \(what)"
  }
}

// Rows

extension CSVTable {
  /// Gives names to columns that have none: a header may lack the name of the first column, as R writes
  /// it, or that of an empty last one.
  private mutating func completeNames(_ columns: Int) throws {
    if !hasHeader {
      names = (0..<columns).map { "column \($0 + 1)" }
    } else if names.count == columns + 1, names.last == "" {
      names.removeLast()
    } else if names.count + 1 == columns, !rows.isEmpty {
      let isTrailing = rows.prefix(100).allSatisfy { fields($0).last?.isEmpty ?? true }
      names.insert("", at: isTrailing ? columns - 1 : 0)
    }
  }

  /// Checks that all rows have as many fields as the header, and removes empty ones and notes at the end.
  private mutating func checkRows(_ leavesOut: Bool, _ note: (String) -> Void) throws {
    var notes: [Int] = []
    while let last = rows.last, notes.count < 50, last.isEmpty || isBlank(last) || isNote(last) {
      if !last.isEmpty, !isBlank(last) { notes.append(last.start) }
      rows.removeLast()
    }
    if !notes.isEmpty { note(skipped(notes.reversed(), "below the rows")) }
    var leftOut: Set<Int> = []
    for row in rows {
      let count = splitter.count(row, of: file)
      guard count != names.count || names.count == 1 else { continue }
      if row.isEmpty ? names.count > 1 : isBlank(row) && names.count > 1 {
        leftOut.insert(row.start)
        continue
      }
      // Spreadsheets add separators at the end.
      guard count == names.count || count > names.count && isEmpty(row, from: names.count) else {
        if leavesOut {
          leftOut.insert(row.start)
          continue
        }
        throw BadInput(
          "\(file.place(row.start)): has \(counted(count, "field")), expected \(names.count)")
      }
    }
    if !leftOut.isEmpty { rows.removeAll { leftOut.contains($0.start) } }
  }

  private func isEmpty(_ row: CSVRecords.Record, from first: Int) -> Bool {
    fields(row).dropFirst(first).allSatisfy(\.isEmpty)
  }

  /// Whether a row has only spaces and separators.
  private func isBlank(_ row: CSVRecords.Record) -> Bool {
    file.bytes[row.start..<row.end].allSatisfy { $0 == splitter.separator || $0 == 0x20 }
  }

  /// Whether a line at the end is clearly without data: one text with a space, or words without any digit.
  private func isNote(_ row: CSVRecords.Record) -> Bool {
    guard names.count > 1 else { return false }
    let present = fields(row).filter { !$0.isEmpty }
    guard let first = present.first, isLetter(file.bytes[first.start]) else { return false }
    let hasSpace = file.bytes[first.range].contains(0x20)
    return present.count == 1 && (hasSpace || !FieldKinds.hasDigit(first, file))
      && present[0].start <= row.start + 1
  }

  private func isLetter(_ byte: UInt8) -> Bool {
    0x41...0x5A ~= byte & 0xDF || byte == UInt8(ascii: "*")
  }
}
