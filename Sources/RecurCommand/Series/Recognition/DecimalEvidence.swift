// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The decimal mark of a column, decided from all its values.
///
/// A value has evidence of its mark if it has both marks (the last is decimal), if it repeats a mark
/// (which then separates thousands), or if its only mark is not followed by exactly three digits or does
/// not follow one to three digits without a leading zero (the mark is decimal). `1.234` and `1,234` have
/// none.
struct DecimalEvidence {
  private(set) var point = false
  private(set) var comma = false

  /// Whether a value could be read with either mark.
  private(set) var openPoint = false
  private(set) var openComma = false

  /// Whether a value without a mark has more than three digits, so that thousands are not separated.
  private(set) var isUngrouped = false

  /// Whether a value without a mark has at most three digits.
  private(set) var hasSmall = false

  var isSettled: Bool { point || comma }
  var hasMarks: Bool { isSettled || openPoint || openComma }

  mutating func add(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    var (points, commas, last, digitsAfter, digitsBefore) = (0, 0, UInt8(0), 0, 0)
    var (isLeadingZero, hasExponent) = (false, false)
    for byte in bytes[range] {
      if byte == NumberStyle.point || byte == NumberStyle.comma {
        if byte == NumberStyle.point { points += 1 } else { commas += 1 }
        (last, digitsAfter) = (byte, 0)
      } else if byte &- 0x30 < 10 {
        if last != 0 {
          digitsAfter += 1
        } else {
          if digitsBefore == 0 { isLeadingZero = byte == 0x30 }
          digitsBefore += 1
        }
      } else if byte | 0x20 == 0x65 {
        hasExponent = true
        break
      }
    }
    switch (points, commas) {
    case (0, 0):
      if digitsBefore > 3 { isUngrouped = true } else if digitsBefore > 0 { hasSmall = true }
    case (1..., 1...): set(decimal: last)
    case (2..., 0): comma = true
    case (0, 2...): point = true
    default:
      let isOpen = digitsAfter == 3 && 1...3 ~= digitsBefore && !isLeadingZero && !hasExponent
      if !isOpen {
        set(decimal: last)
      } else if last == NumberStyle.point {
        openPoint = true
      } else {
        openComma = true
      }
    }
  }

  private mutating func set(decimal: UInt8) {
    if decimal == NumberStyle.point { point = true } else { comma = true }
  }

  /// The style that a value shows; nil if none does.
  var settledStyle: NumberStyle? {
    point ? NumberStyle() : comma ? NumberStyle(decimal: NumberStyle.comma) : nil
  }

  /// The style of the column; nil if the values leave it open. Integers next to `1.010` leave it open in any
  /// file: these could be 980, 1010, …, or 980, 1.01, ….
  ///
  /// - Parameter separator: The separator of columns. In a file with commas between columns, a comma in
  ///   quotes separates thousands, and without integers, a point is decimal.
  func style(separator: UInt8) -> NumberStyle? {
    if let settledStyle { return settledStyle }
    guard openPoint || openComma else { return NumberStyle() }
    if openPoint, openComma { return nil }
    if isUngrouped {
      return NumberStyle(decimal: openPoint ? NumberStyle.point : NumberStyle.comma)
    }
    let hasUsualPoint = separator == NumberStyle.comma || separator == UInt8(ascii: "\t")
    if openPoint { return hasUsualPoint && !hasSmall ? NumberStyle() : nil }
    return separator == NumberStyle.comma ? NumberStyle() : nil
  }
}
