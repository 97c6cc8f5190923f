// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The separator of the columns of a CSV file, and their number.
struct CSVForm {
  let splitter: CSVSplitter

  /// The most frequent number of fields.
  let columns: Int

  private static let candidates = ["\t", ";", "|", ","].map { UInt8(ascii: $0) }
  static let mostColumns = 10_000

  /// Recognizes the separator that divides most records alike, into fields that are numbers and dates.
  ///
  /// - Parameters:
  ///   - records: The records of the file.
  ///   - separator: The separator, if it is given.
  ///   - kinds: Recognizes missing values.
  /// - Throws: `BadInput` if there are too many columns.
  init(_ records: CSVRecords, separator: UInt8?, kinds: FieldKinds) throws {
    let lines = records.sample(first: 40, others: 40).map { records.all[$0] }.filter { !$0.isEmpty }
    var best: (splitter: CSVSplitter, columns: Int, rank: Double)?
    for candidate in separator.map({ [$0] }) ?? Self.candidates {
      let splitter = CSVSplitter(separator: candidate)
      let (columns, share) = Self.columns(of: lines, records.file, splitter)
      guard columns > 1 || separator != nil else { continue }
      let clean = Self.clean(lines, records.file, splitter, columns, kinds)
      let rank = min(share, 0.9) * clean
      if rank > best?.rank ?? -1 { best = (splitter, columns, rank) }
    }
    if best == nil, separator == nil {
      // Columns of numbers may have spaces between them; sentences have some, too.
      let splitter = CSVSplitter(separator: UInt8(ascii: " "))
      let (columns, share) = Self.columns(of: lines, records.file, splitter)
      let isClean = Self.clean(lines, records.file, splitter, columns, kinds) >= 0.7
      if columns > 1, share >= 0.9, isClean { best = (splitter, columns, 1) }
    }
    splitter = best?.splitter ?? CSVSplitter(separator: separator ?? UInt8(ascii: ","))
    columns = best?.columns ?? 1
    guard columns <= Self.mostColumns else {
      throw BadInput(
        "\(records.file.place(lines[0].start)): has \(columns) columns, expected at most \(Self.mostColumns)"
      )
    }
  }

  private static func columns(
    of lines: [CSVRecords.Record], _ file: CSVBytes, _ splitter: CSVSplitter
  ) -> (count: Int, share: Double) {
    var (counts, fields) = ([Int: Int](), [CSVBytes.Field]())
    for line in lines {
      counts[splitter.split(line, of: file, into: &fields, limit: 0), default: 0] += 1
    }
    guard let most = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else {
      return (1, 0)
    }
    return (most.key, Double(most.value) / Double(lines.count))
  }

  /// The share of the fields that are numbers or dates, in the lines with the usual number of fields.
  private static func clean(
    _ lines: [CSVRecords.Record], _ file: CSVBytes, _ splitter: CSVSplitter, _ columns: Int,
    _ kinds: FieldKinds
  ) -> Double {
    var (clean, all, fields) = (0, 0, [CSVBytes.Field]())
    for line in lines.suffix(20)
    where splitter.split(line, of: file, into: &fields, limit: 20) == columns {
      for field in fields where !kinds.isMissing(field, file) {
        all += 1
        if kinds.isData(field, file) { clean += 1 }
      }
    }
    return Double(1 + clean) / Double(1 + all)
  }
}
