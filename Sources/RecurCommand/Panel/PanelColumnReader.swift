// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// Reads a file with a series in each column. All series share the dates and the inputs.
struct PanelColumnReader {
  /// The maximum number of series that are returned together.
  private static let most = 128

  private let bytes: [UInt8]
  private let path: String
  private let horizon: Int
  private let contents: PanelColumnContents

  /// The number of series returned so far.
  private var count = 0

  /// Reads a whole file.
  ///
  /// - Parameters:
  ///   - blocks: The file, whose first part was read.
  ///   - form: The form of the file, or of another one whose columns are found by their names.
  ///   - horizon: The number of steps ahead.
  /// - Throws: `BadInput` if the file has another form.
  init(_ blocks: inout PanelBlocks, _ form: PanelForm, horizon: Int) throws {
    while !blocks.isLast {
      guard blocks.bytes.count < PanelBlocks.most else {
        throw BadInput(
          "\(blocks.path): has more than \(PanelBlocks.most) bytes, expected fewer with --each-column; "
            + "files with --id have no such limit")
      }
      _ = try blocks.read(keeping: blocks.bytes.count)
    }
    (bytes, path, self.horizon) = (blocks.bytes, blocks.path, horizon)
    contents = try blocks.bytes.withUnsafeBufferPointer {
      try PanelColumnContents(CSVBytes($0, path: blocks.path), form)
    }
  }

  /// Returns the next series, or why one cannot be read; nil after the last one.
  mutating func next() throws -> [Result<PanelEntry, PanelFailure>]? {
    let all = contents.series
    guard count < all.count else { return nil }
    let chosen = count..<min(count + Self.most, all.count)
    count = chosen.upperBound
    return try bytes.withUnsafeBufferPointer { bytes in
      let file = try CSVBytes(bytes, path: path)
      return chosen.map { index in
        let id = contents.form.names[all[index]]
        do throws(BadInput) {
          if let failure = contents.failures[index] { throw failure }
          var rows = contents.rows
          rows.values = contents.values[index]
          let completion = PanelCompletion(file, contents.form, horizon: horizon, id: id)
          return .success(try completion.entry(of: rows))
        } catch {
          return .failure(PanelFailure(id: id, error: error))
        }
      }
    }
  }
}

/// The rows of a file with a series in each column.
struct PanelColumnContents {
  let form: PanelForm

  /// The columns that are series.
  let series: [Int]

  /// The dates and the inputs of all rows, without values.
  private(set) var rows = PanelColumns()

  /// The values of each series; NaN for missing ones.
  private(set) var values: [[Double]]

  /// The first value that is no number, by the index of the series.
  private(set) var failures: [Int: BadInput] = [:]

  init(_ file: CSVBytes, _ form: PanelForm) throws {
    let records = try CSVRecords(file)
    let (form, firstRow) = try form.located(in: records)
    self.form = form
    let series = form.series
    self.series = series
    values = Array(repeating: [], count: series.count)
    rows.removeAll(inputs: form.known.count + form.past.count)
    let parser = PanelFields(file, form, UnknownCategories())
    var fields: [CSVBytes.Field] = []
    for record in records.all[firstRow...] {
      form.splitter.split(record, of: file, into: &fields)
      guard !fields.allSatisfy(\.isEmpty),
        try parser.isWhole(fields, record, expected: form.names.count),
        form.includes(fields, file)
      else { continue }
      try parser.addDateAndInputs(fields, record, to: &rows)
      for (index, column) in series.enumerated() where failures[index] == nil {
        do throws(BadInput) {
          values[index].append(try parser.number(fields[column], column))
        } catch { failures[index] = error.ofSeries(form.names[column]) }
      }
    }
    guard !rows.places.isEmpty else { throw BadInput("\(file.path): has no rows with values") }
  }
}

extension PanelForm {
  /// Finds the header of a file whose columns are series, and the columns of dates and inputs by their
  /// names. The other columns are series, which may be other ones than those of the form.
  ///
  /// - Returns: The form of the file, and the index of the first row.
  fileprivate func located(in records: CSVRecords) throws -> (form: PanelForm, firstRow: Int) {
    let file = records.file
    let candidates = records.all.indices.prefix(200)
    // Most files have the names of the form.
    let index =
      candidates.first { hasNames(records, $0) }
      ?? candidates.first { with(names: names(in: records, $0)) != nil }
    guard let index, let form = with(names: names(in: records, index)) else {
      let used = ([date].compactMap(\.self) + known + past + conditions.map(\.column))
        .map { "\"\(names[$0].printable)\"" }.joined(separator: ", ")
      throw BadInput(
        "\(file.path): has no header with the columns [\(used)] as in the training file, and with series"
      )
    }
    var seen: Set<String> = []
    if let twice = form.series.first(where: { !seen.insert(form.names[$0]).inserted }) {
      throw BadInput(
        "\(file.place(records.all[index].start)): has two columns \"\(form.names[twice].printable)\", "
          + "expected different names of the series")
    }
    return (form, index + 1)
  }

  /// The fields of a record as names of columns, and how many names it lacks: R leaves out the first.
  private func header(
    _ records: CSVRecords, _ index: Int
  ) -> (fields: [CSVBytes.Field], missing: Int) {
    var fields: [CSVBytes.Field] = []
    splitter.split(records.all[index], of: records.file, into: &fields)
    let next = index + 1
    let isShorter =
      next < records.all.count
      && splitter.count(records.all[next], of: records.file) == fields.count + 1
    return (fields, isShorter ? 1 : 0)
  }

  private func names(in records: CSVRecords, _ index: Int) -> [String] {
    let (fields, missing) = header(records, index)
    return Array(repeating: "", count: missing) + fields.map(records.file.text)
  }

  /// Whether a record has the names of the form. A file may have thousands of columns, so they are compared up to
  /// the first difference.
  private func hasNames(_ records: CSVRecords, _ index: Int) -> Bool {
    let (fields, missing) = header(records, index)
    return fields.count + missing == names.count && names.prefix(missing).allSatisfy(\.isEmpty)
      && zip(fields, names.dropFirst(missing)).allSatisfy { records.file.text($0) == $1 }
  }

  /// The form of a file with other columns; nil if a column with a use is missing, or if there are no series.
  private func with(names new: [String]) -> PanelForm? {
    var form = self
    form.names = new
    func places(_ columns: [Int]) -> [Int]? {
      let places = columns.compactMap { new.firstIndex(of: names[$0]) }
      return places.count == columns.count ? places : nil
    }
    guard let date = places([date].compactMap(\.self)), let known = places(known),
      let past = places(past), let conditions = places(conditions.map(\.column))
    else { return nil }
    (form.date, form.known, form.past) = (date.first, known, past)
    for (index, column) in conditions.enumerated() { form.conditions[index].column = column }
    guard let first = form.series.first else { return nil }
    form.value = first
    return form
  }
}
