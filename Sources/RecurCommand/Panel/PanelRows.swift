// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// Collects the rows of one series after another.
struct PanelRows {
  /// A series with all its rows.
  struct Finished {
    var id: String
    var hash: Int

    /// The place of the first row in the part of the file.
    var place: Int
    var result: Result<PanelEntry, PanelFailure>
  }

  private let file: CSVBytes
  private let form: PanelForm
  private let horizon: Int
  private let wide: WideHeader?
  private let idColumn: Int
  private let splitter: CSVSplitter
  private let parser: PanelFields

  /// The fields of the current row.
  private var fields: [CSVBytes.Field] = []

  /// The name of the series whose rows are collected.
  private var id: CSVBytes.Field?
  private var rows = PanelColumns()
  private var failure: BadInput?

  /// Why the current row has no fields.
  private var failureOfRow: BadInput?

  init(
    _ file: CSVBytes, _ form: PanelForm, horizon: Int, wide: WideHeader?,
    _ unknown: UnknownCategories
  ) {
    (self.file, self.form, self.horizon, self.wide) = (file, form, horizon, wide)
    // Panels whose columns are series are read by `PanelColumnReader`.
    idColumn = form.id!
    splitter = form.splitter
    parser = PanelFields(file, form, unknown)
  }

  var isEmpty: Bool { id == nil }

  /// Splits a row; returns whether it belongs to a series.
  ///
  /// - Throws: `BadInput` for a row without the name of a series.
  mutating func take(_ record: CSVRecords.Record) throws -> Bool {
    guard !record.isEmpty else { return false }
    splitter.split(record, of: file, into: &fields)
    let expected = wide.map { $0.columns.count + $0.labels.count } ?? form.names.count
    failureOfRow = nil
    do throws(BadInput) {
      guard try parser.isWhole(fields, record, expected: expected) else { return false }
    } catch {
      // The row is wrong, but not the other series.
      guard fields.count > idColumn, !fields[idColumn].isEmpty else { throw error }
      failureOfRow = error
      return true
    }
    guard !fields[idColumn].isEmpty else {
      if fields.allSatisfy(\.isEmpty) { return false }
      throw BadInput(
        "\(file.place(record.start)): \(form.idName.printable) is empty, expected the name of "
          + "a series")
    }
    return form.includes(fields, file)
  }

  /// Whether the current row belongs to another series than the rows so far.
  var isNewSeries: Bool {
    guard let id, wide == nil else { return true }
    return !file.bytes[id.range].elementsEqual(file.bytes[fields[idColumn].range])
  }

  mutating func begin() {
    id = fields[idColumn]
    failure = nil
    rows.removeAll(inputs: form.known.count + form.past.count)
  }

  /// Adds the current row.
  mutating func add(_ record: CSVRecords.Record) {
    guard failure == nil else { return }
    do throws(BadInput) {
      if let failureOfRow { throw failureOfRow }
      if let wide {
        try parser.addWide(fields, record, wide, to: &rows)
      } else {
        try parser.add(fields, record, to: &rows)
      }
    } catch { failure = error.ofSeries(file.text(id!)) }
  }

  /// Completes the series; nil if there is none.
  mutating func finish() -> Finished? {
    guard let id else { return nil }
    let name = file.text(id)
    var result: Result<PanelEntry, PanelFailure>
    do throws(BadInput) {
      if let failure { throw failure }
      result = .success(
        try PanelCompletion(file, form, horizon: horizon, id: name).entry(of: rows))
    } catch {
      result = .failure(PanelFailure(id: name, error: error))
    }
    self.id = nil
    var hasher = Hasher()
    hasher.combine(
      bytes: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: file.bytes[id.range])))
    return Finished(
      id: name, hash: hasher.finalize(), place: rows.firstPlace ?? id.start, result: result)
  }
}

/// The rows of one series, in columns.
struct PanelColumns {
  var times: [Int] = []

  /// NaN for missing values.
  var values: [Double] = []

  /// The inputs known ahead and those known up to the present; NaN for missing ones.
  var inputs: [[Double]] = []

  /// The places of the rows in the part of the file.
  var places: [Int] = []
  var features: [Double] = []

  /// The finest form of the dates, and whether one has a zone.
  var form = SeriesDate.Form.number
  var hasZone = false

  var firstPlace: Int? { places.first }

  mutating func removeAll(inputs count: Int) {
    times.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    inputs = Array(repeating: [], count: count)
    features = []
    form = .number
    hasZone = false
  }

  /// Keeps the rows at some indices, in their order.
  mutating func take(_ indices: [Int]) {
    times = indices.map { times[$0] }
    values = indices.map { values[$0] }
    places = indices.map { places[$0] }
    inputs = inputs.map { column in indices.map { column[$0] } }
  }
}
