// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Splits records into fields.
struct CSVSplitter {
  let separator: UInt8

  private static let space = UInt8(ascii: " ")
  private static let tab = UInt8(ascii: "\t")

  /// Splits a record.
  ///
  /// - Parameters:
  ///   - record: The record.
  ///   - file: The bytes of the file.
  ///   - fields: Receives the fields.
  ///   - limit: The maximum number of fields to receive.
  /// - Returns: The number of fields, which may be larger than the limit.
  @discardableResult
  func split(
    _ record: CSVRecords.Record, of file: CSVBytes, into fields: inout [CSVBytes.Field],
    limit: Int = .max
  ) -> Int {
    fields.removeAll(keepingCapacity: true)
    let bytes = file.bytes
    var (place, count) = (record.start, 0)
    if separator == Self.space { place = afterSpaces(bytes, place, record.end) }
    while true {
      let (field, next) = field(bytes, place, record.end)
      if count < limit { fields.append(field) }
      count += 1
      guard next < record.end else { return count }
      place = next + 1
      if separator == Self.space {
        place = afterSpaces(bytes, place, record.end)
        if place == record.end { return count }
      }
    }
  }

  /// Returns the field of a column; nil if the record has too few.
  @inline(__always)
  func field(_ column: Int, of record: CSVRecords.Record, in file: CSVBytes) -> CSVBytes.Field? {
    guard separator != Self.space else {
      var fields: [CSVBytes.Field] = []
      split(record, of: file, into: &fields, limit: column + 1)
      return column < fields.count ? fields[column] : nil
    }
    var (place, index) = (record.start, 0)
    while true {
      let (field, next) = field(file.bytes, place, record.end)
      if index == column { return field }
      guard next < record.end else { return nil }
      place = next + 1
      index += 1
    }
  }

  /// The number of fields of a record.
  func count(_ record: CSVRecords.Record, of file: CSVBytes) -> Int {
    var count = 1
    for place in record.start..<record.end {
      let byte = file.bytes[place]
      if byte == separator { count += 1 }
      // Quotes and spaces need care.
      guard byte != CSVBytes.quote, separator != Self.space else {
        var fields: [CSVBytes.Field] = []
        return split(record, of: file, into: &fields, limit: 0)
      }
    }
    return count
  }

  /// Returns the field that begins at a place, and the place of the separator after it.
  @inline(__always)
  private func field(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) -> (CSVBytes.Field, Int) {
    var first = start
    while first < end, isBlank(bytes[first]) { first += 1 }
    if first < end, bytes[first] == CSVBytes.quote { return quoted(bytes, first + 1, end) }
    var next = first
    while next < end, bytes[next] != separator { next += 1 }
    var last = next
    while last > first, isBlank(bytes[last - 1]) { last -= 1 }
    return (CSVBytes.Field(start: first, end: last), next)
  }

  private func quoted(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) -> (CSVBytes.Field, Int) {
    var (close, hasQuotes) = (start, false)
    while close < end {
      if bytes[close] == CSVBytes.quote {
        guard close + 1 < end, bytes[close + 1] == CSVBytes.quote else { break }
        hasQuotes = true
        close += 1
      }
      close += 1
    }
    var next = min(close + 1, end)
    while next < end, bytes[next] != separator { next += 1 }
    var (first, last) = (start, min(close, end))
    while first < last, isBlank(bytes[first]) { first += 1 }
    while last > first, isBlank(bytes[last - 1]) { last -= 1 }
    return (CSVBytes.Field(start: first, end: last, hasQuotes: hasQuotes), next)
  }

  @inline(__always)
  private func isBlank(_ byte: UInt8) -> Bool {
    (byte == Self.space || byte == Self.tab) && byte != separator
  }

  private func afterSpaces(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    var place = start
    while place < end, bytes[place] == Self.space { place += 1 }
    return place
  }
}
