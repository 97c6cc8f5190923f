// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The records of a CSV file: its lines, except that quotes may enclose line breaks.
struct CSVRecords {
  /// The bytes of a record, without the end of its line.
  struct Record {
    private let first: UInt32
    private let last: UInt32

    init(_ start: Int, _ end: Int) {
      first = UInt32(truncatingIfNeeded: start)
      last = UInt32(truncatingIfNeeded: end)
    }

    var start: Int { Int(first) }
    var end: Int { Int(last) }
    var isEmpty: Bool { first == last }
  }

  /// The maximum number of bytes of a record, which bounds the memory of its fields.
  static let longest = 1_000_000

  let file: CSVBytes

  /// The records up to the last one that is not empty.
  private(set) var all: [Record] = []

  /// Finds the records.
  ///
  /// - Throws: `BadInput` for a record that is too long, or a quote that no other one closes.
  init(_ file: CSVBytes) throws {
    self.file = file
    let bytes = file.bytes
    let end = bytes.contains(CSVBytes.lineFeed) ? CSVBytes.lineFeed : CSVBytes.carriageReturn
    let hasQuotes = bytes.contains(CSVBytes.quote)
    // One allocation: an array that grows would need the memory twice.
    all.reserveCapacity(bytes.count { $0 == end } + 1)
    var start = file.first
    while start < bytes.count {
      let stop =
        hasQuotes ? try Self.endWithQuotes(file, start, end) : Self.end(bytes, start, end)
      guard stop - start <= Self.longest else {
        throw BadInput(
          "\(file.place(start)): has \(stop - start) bytes, expected at most \(Self.longest) on a line"
        )
      }
      let isReturn = stop > start && bytes[stop - 1] == CSVBytes.carriageReturn
      all.append(Record(start, isReturn ? stop - 1 : stop))
      start = stop + 1
    }
    while all.last?.isEmpty == true { all.removeLast() }
  }

  private static func end(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: UInt8
  ) -> Int {
    guard let base = bytes.baseAddress,
      let found = memchr(base + start, Int32(end), bytes.count - start)
    else { return bytes.count }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// The end of a record whose quotes may enclose line breaks.
  private static func endWithQuotes(_ file: CSVBytes, _ start: Int, _ end: UInt8) throws -> Int {
    let found = endWithQuotes(file.bytes, start, end)
    if let opened = found.opened { throw BadInput("\(file.place(opened)): has an unclosed quote") }
    return found.place
  }

  /// The end of a record, and the place of a quote that is not closed before it. A quote opens only at the
  /// beginning of a field.
  private static func endWithQuotes(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: UInt8
  ) -> (place: Int, opened: Int?) {
    var (place, isInQuotes, opened, isFieldStart) = (start, false, start, true)
    while place < bytes.count, isInQuotes || bytes[place] != end {
      let byte = bytes[place]
      if byte == CSVBytes.quote {
        if isInQuotes {
          isInQuotes = false
        } else if isFieldStart || place > 0 && bytes[place - 1] == CSVBytes.quote {
          // The second of two quotes, which stand for one, opens again.
          (isInQuotes, opened) = (true, place)
        }
      }
      isFieldStart = isSeparator(byte) || isFieldStart && byte == UInt8(ascii: " ")
      place += 1
      // Otherwise, one quote could hide a large rest of the file.
      if place - start > longest, isInQuotes { break }
    }
    return (place, isInQuotes ? opened : nil)
  }

  /// The number of bytes of the whole records at the beginning of a part of a file: those that end with a line
  /// feed.
  static func wholeRecords(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard let last = bytes.lastIndex(of: CSVBytes.lineFeed) else { return 0 }
    guard bytes.contains(CSVBytes.quote) else { return last + 1 }
    var start = 0
    while start < bytes.count {
      let (place, opened) = endWithQuotes(bytes, start, CSVBytes.lineFeed)
      // A quote that is not closed within the longest record is an error, which a reader of the record
      // reports.
      guard place < bytes.count, opened == nil || place - start > longest else { return start }
      start = opened == nil ? place + 1 : bytes.count
    }
    return start
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|"): true
    default: false
    }
  }

  /// The places of some records: the first ones, and others at equal distances.
  func sample(first: Int, others: Int, from start: Int = 0) -> [Int] {
    let count = all.count - start
    guard count > first + others else { return Array(start..<max(start, all.count)) }
    let rest = count - first
    return Array(start..<start + first)
      + (0..<others).map { start + first + (rest - 1) * ($0 + 1) / others }
  }
}
