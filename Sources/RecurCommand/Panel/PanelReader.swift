// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// Reads the series of a panel from a CSV file, one part of the file after another. The rows of a series
/// are next to each other. A file with a series in each column is read as a whole.
struct PanelReader {
  /// The columns and their forms.
  let form: PanelForm

  private var blocks: PanelBlocks
  private let horizon: Int

  /// Hashes of the names of all series so far.
  private var seen: Set<Int> = []
  private var isFirst = true
  private var wide: WideHeader?
  private var columns: PanelColumnReader?
  private let unknown = UnknownCategories()

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The path of the file; `-` for standard input.
  ///   - name: The name of the file in messages.
  ///   - horizon: The number of steps ahead.
  ///   - reading: What is given about the file; needed without a form.
  ///   - form: The form of the file of a model; recognized if nil.
  init(
    _ path: String, named name: String, horizon: Int, reading: PanelReading?, form: PanelForm?
  ) throws {
    blocks = try PanelBlocks(path, named: name)
    self.horizon = horizon
    _ = try blocks.read(keeping: 0)
    self.form = try blocks.bytes.withUnsafeBufferPointer { bytes in
      let file = try CSVBytes(bytes, path: name)
      return try form
        ?? PanelCategories.completed(PanelRecognition(file, reading!).form, path: path, name: name)
    }
  }

  /// Reads the series of the next part of the file.
  ///
  /// - Parameter isStopping: Whether the first failure is the last result.
  /// - Returns: The series, or why one cannot be read; nil at the end of the file.
  /// - Throws: `BadInput` if the file has another form.
  mutating func next(
    stoppingAtFailure isStopping: Bool = false
  ) throws -> [Result<PanelEntry, PanelFailure>]? {
    if form.layout == .columns { return try nextColumns() }
    while true {
      if !isFirst, try !blocks.read(keeping: kept) { return nil }
      isFirst = false
      let found = try parse(isStopping)
      if !found.isEmpty || blocks.isLast { return found }
    }
  }

  private mutating func nextColumns() throws -> [Result<PanelEntry, PanelFailure>]? {
    if columns == nil { columns = try PanelColumnReader(&blocks, form, horizon: horizon) }
    return try columns!.next()
  }

  /// The number of bytes of the last series of a part, whose other rows may be in the next part.
  private var kept = 0
  private var isAfterHeader = false

  private mutating func parse(
    _ isStopping: Bool
  ) throws -> [Result<PanelEntry, PanelFailure>] {
    let bytes = blocks.bytes
    return try bytes.withUnsafeBufferPointer { bytes in
      let file = try CSVBytes(bytes, path: blocks.path, linesBefore: blocks.linesBefore)
      let records = try CSVRecords(file)
      let first = isAfterHeader ? 0 : try skipHeader(records)
      isAfterHeader = true
      var rows = PanelRows(file, form, horizon: horizon, wide: wide, unknown)
      var (found, start) = ([Result<PanelEntry, PanelFailure>](), file.first)
      for record in records.all[first...] {
        guard try rows.take(record) else { continue }
        if rows.isNewSeries {
          if let entry = rows.finish() { found.append(check(entry, file)) }
          if isStopping, case .failure? = found.last { return found }
          start = record.start
          rows.begin()
        }
        rows.add(record)
      }
      if blocks.isLast || form.layout == .wide {
        if let entry = rows.finish() { found.append(check(entry, file)) }
        start = bytes.count
      }
      kept = rows.isEmpty ? 0 : bytes.count - start
      return found
    }
  }

  /// Refuses a name that was read before.
  private mutating func check(
    _ entry: PanelRows.Finished, _ file: CSVBytes
  ) -> Result<PanelEntry, PanelFailure> {
    guard seen.insert(entry.hash).inserted else {
      return .failure(
        PanelFailure(
          id: entry.id,
          error: BadInput(
            "\(file.place(entry.place)): series \"\(entry.id.printable)\" "
              + (form.layout == .wide
                ? "has two rows, expected one"
                : "appears again after other series, expected all rows of a series next to each other; "
                  + "sort the file by \"\(form.idName.printable)\"")),
          isCut: true))
    }
    return entry.result
  }

  /// Returns the index of the first row after the header of the form.
  private mutating func skipHeader(_ records: CSVRecords) throws -> Int {
    guard form.hasHeader, !records.all.isEmpty else { return 0 }
    var fields: [CSVBytes.Field] = []
    for index in records.all.indices.prefix(200) {
      form.splitter.split(records.all[index], of: records.file, into: &fields)
      if form.layout == .wide {
        let hasLabels = form.labels.allSatisfy {
          $0 < fields.count && records.file.text(fields[$0]) == form.names[$0]
        }
        guard hasLabels,
          let header = form.pattern == nil
            ? WideHeader.numbers(fields, records.file, excluding: form.labels)
            : WideHeader.dates(fields, records.file, order: form.datePattern?.order)
        else { continue }
        wide = header
        return index + 1
      }
      if form.isHeader(fields.map(records.file.text)) { return index + 1 }
    }
    let names = form.names.prefix(10).map(\.printable).joined(separator: ",")
    throw BadInput(
      "\(records.file.path): has no header \(names)\(form.names.count > 10 ? ",…" : "") as in the "
        + "training file")
  }
}
