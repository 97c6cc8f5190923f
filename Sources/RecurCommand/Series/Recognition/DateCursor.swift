// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A place in bytes from which numbers and words of a date are read.
struct DateCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  var place: Int
  let end: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    (self.bytes, place, end) = (bytes, range.lowerBound, range.upperBound)
  }

  var isAtEnd: Bool { place == end }

  /// The next byte, in lower case; 0 at the end.
  var next: UInt8 {
    guard place < end else { return 0 }
    let byte = bytes[place]
    return 0x41...0x5A ~= byte ? byte | 0x20 : byte
  }

  var isAtDigit: Bool { place < end && bytes[place] &- 0x30 < 10 }

  /// Reads a number of ASCII digits; nil if there are fewer than the minimum. It stops after the maximum.
  @inline(__always)
  mutating func number(_ minimum: Int, _ maximum: Int) -> Int? {
    var (value, count) = (0, 0)
    while count < maximum, place < end {
      let digit = bytes[place] &- 0x30
      guard digit < 10 else { break }
      value = value &* 10 &+ Int(digit)
      count += 1
      place += 1
    }
    return count >= minimum ? value : nil
  }

  /// Reads a number of ASCII digits into a variable; returns whether there are enough.
  @inline(__always)
  mutating func read(_ minimum: Int, _ maximum: Int, into variable: inout Int) -> Bool {
    guard let found = number(minimum, maximum) else { return false }
    variable = found
    return true
  }

  /// Skips a byte, given in lower case.
  @inline(__always)
  mutating func skip(_ byte: UInt8) -> Bool {
    guard next == byte, place < end else { return false }
    place += 1
    return true
  }

  /// Skips spaces, and returns whether there were any.
  @inline(__always)
  mutating func skipSpaces() -> Bool {
    let start = place
    while place < end, bytes[place] == 0x20 { place += 1 }
    return place > start
  }

  /// Skips the name of a month or its beginning, and returns the month from 1.
  mutating func month() -> Int? {
    let start = place
    var word: [UInt8] = []
    // No name has more bytes; in UTF-8, the small accented letters follow the capital ones.
    while place < end, place - start < 12, 0x61...0x7A ~= next || bytes[place] >= 0x80 {
      let isCapital = word.last == 0xC3 && 0x80...0x9E ~= bytes[place]
      word.append(isCapital ? bytes[place] + 0x20 : next)
      place += 1
    }
    return MonthNames.month(word)
  }

  /// Skips a word of at least three letters that begins one of several names, and returns the index of
  /// the name.
  mutating func name(of names: [[UInt8]]) -> Int? {
    let start = place
    while place < end, 0x61...0x7A ~= next { place += 1 }
    let count = place - start
    guard count >= 3 else { return nil }
    return names.firstIndex { name in
      count <= name.count && (0..<count).allSatisfy { bytes[start + $0] | 0x20 == name[$0] }
    }
  }
}

/// The time of day after a date or in a column of its own.
enum TimeOfDay {
  /// Reads hours, minutes, seconds and a zone: `18`, `18:30`, `6:30 PM`, `18:30:05.250`, `T1830`,
  /// `18:30+01:00`, `18:30Z`.
  ///
  /// - Parameter cursor: The place of the hours; moves behind what is read.
  /// - Returns: The milliseconds since midnight, and the difference from UTC in minutes; nil for other
  ///   text.
  static func read(_ cursor: inout DateCursor) -> (milliseconds: Int, offset: Int16?)? {
    let start = cursor.place
    guard var hour = cursor.number(1, 2) else { return nil }
    var (minute, second, milliseconds) = (0, 0, 0)
    if cursor.isAtDigit {
      // Without marks, each number has two digits.
      guard cursor.place == start + 2, let found = cursor.number(2, 2) else { return nil }
      minute = found
      if cursor.isAtDigit {
        guard let found = cursor.number(2, 2) else { return nil }; second = found
      }
    } else if cursor.next == UInt8(ascii: ":") || cursor.next == UInt8(ascii: ".") {
      let mark = cursor.next
      guard cursor.skip(mark), let found = cursor.number(2, 2) else { return nil }
      minute = found
      if cursor.skip(mark) {
        guard let found = cursor.number(2, 2) else { return nil }
        second = found
      }
    }
    if cursor.next == UInt8(ascii: ".") || cursor.next == UInt8(ascii: ",") {
      cursor.place += 1
      guard let found = fraction(&cursor) else { return nil }
      milliseconds = found
    }
    guard minute < 60, second < 60, halfOfDay(&cursor, &hour) else { return nil }
    guard hour < 24 || hour == 24 && minute == 0 && second == 0 && milliseconds == 0 else {
      return nil
    }
    guard let offset = zone(&cursor) else { return nil }
    return (((hour * 60 + minute) * 60 + second) * 1000 + milliseconds, offset.minutes)
  }

  /// Digits after the decimal mark, as milliseconds.
  private static func fraction(_ cursor: inout DateCursor) -> Int? {
    let start = cursor.place
    guard var value = cursor.number(1, 3) else { return nil }
    for _ in (cursor.place - start)..<3 { value *= 10 }
    // Finer digits do not matter.
    while cursor.isAtDigit { cursor.place += 1 }
    return value
  }

  /// Applies AM or PM, if it follows.
  private static func halfOfDay(_ cursor: inout DateCursor, _ hour: inout Int) -> Bool {
    var ahead = cursor
    _ = ahead.skipSpaces()
    let letter = ahead.next
    guard letter == UInt8(ascii: "a") || letter == UInt8(ascii: "p") else { return true }
    ahead.place += 1
    _ = ahead.skip(UInt8(ascii: "."))
    guard ahead.skip(UInt8(ascii: "m")), 1...12 ~= hour else { return false }
    _ = ahead.skip(UInt8(ascii: "."))
    hour = hour % 12 + (letter == UInt8(ascii: "p") ? 12 : 0)
    cursor = ahead
    return true
  }

  /// A difference from UTC; nil minutes if none is given.
  private struct Zone { var minutes: Int16? }

  /// Reads a zone, if one follows; nil if other text follows.
  private static func zone(_ cursor: inout DateCursor) -> Zone? {
    guard !cursor.isAtEnd else { return Zone(minutes: nil) }
    _ = cursor.skipSpaces()
    if cursor.skip(UInt8(ascii: "z")) { return Zone(minutes: 0) }
    for name in ["utc", "gmt"] {
      var ahead = cursor
      if name.utf8.allSatisfy({ ahead.skip($0) }) {
        cursor = ahead
        if cursor.isAtEnd { return Zone(minutes: 0) }
      }
    }
    let isNegative = cursor.next == UInt8(ascii: "-")
    guard isNegative || cursor.next == UInt8(ascii: "+") else { return nil }
    cursor.place += 1
    guard let hours = cursor.number(2, 2), hours < 24 else { return nil }
    var minutes = 0
    if cursor.skip(UInt8(ascii: ":")) || cursor.isAtDigit {
      guard let found = cursor.number(2, 2), found < 60 else { return nil }
      minutes = found
    }
    let total = Int16(hours * 60 + minutes)
    return Zone(minutes: isNegative ? -total : total)
  }
}
