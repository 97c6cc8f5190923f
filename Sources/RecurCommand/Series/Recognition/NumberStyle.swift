// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Numbers in text: with a decimal point or a decimal comma, and separators of thousands.
///
/// The other one of the two marks, spaces and apostrophes may separate thousands. A currency sign before
/// or after a number and a percent sign after it are ignored. A number in parentheses is negative, as in
/// accounts, and so is one with a minus sign after it.
struct NumberStyle: Equatable {
  /// The decimal mark: a point or a comma.
  var decimal = Self.point

  static let point = UInt8(ascii: ".")
  static let comma = UInt8(ascii: ",")

  var name: String { decimal == Self.point ? "point" : "comma" }

  /// Reads a number.
  ///
  /// - Parameters:
  ///   - bytes: The bytes of the file.
  ///   - range: The number's place.
  /// - Returns: The number, correctly rounded; nil if it is not a number or not finite.
  func number(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Double? {
    var hasThousands = false
    return number(bytes, range, &hasThousands)
  }

  /// Reads a number, and notes whether it has separators of thousands.
  func number(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ hasThousands: inout Bool
  ) -> Double? {
    var (place, end) = (range.lowerBound, range.upperBound)
    guard place < end else { return nil }
    var isNegative = false
    Self.skipSigns(bytes, &place, &end, &isNegative)
    let start = place
    var (mantissa, digits, decimals, exponent) = (UInt64(0), 0, 0, 0)
    // The digits since the last separator of thousands; -1 before the first.
    var (group, hasDecimal) = (-1, false)
    while place < end {
      let byte = bytes[place]
      let digit = byte &- 0x30
      if digit < 10 {
        // More digits take the slow path.
        if digits < 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
        if digits > 0 || digit > 0 { digits += 1 }
        if hasDecimal { decimals += 1 } else if group >= 0 { group += 1 }
      } else if byte == decimal, !hasDecimal {
        guard group < 0 || group == 3 else { return nil }
        hasDecimal = true
      } else if byte | 0x20 == 0x65, place > start {
        guard let found = Self.exponent(bytes, place + 1, end) else { return nil }
        exponent = found
        break
      } else {
        let width = Self.groupMark(bytes, place, end, decimal)
        // The first group has one to three digits, each other one three.
        guard width > 0, !hasDecimal, group < 0 ? 1...3 ~= place - start : group == 3 else {
          return nil
        }
        group = 0
        place += width - 1
      }
      place += 1
    }
    guard group < 0 || hasDecimal || group == 3, Self.hasDigit(bytes, start, end) else {
      return nil
    }
    if group >= 0 { hasThousands = true }
    let power = exponent - decimals
    let value =
      digits <= 15 && -22...22 ~= power
      ? (power < 0 ? Double(mantissa) / Self.powers[-power] : Double(mantissa) * Self.powers[power])
      : slowNumber(bytes, start..<end)
    guard let value, value.isFinite else { return nil }
    return isNegative ? -value : value
  }

  /// Powers of ten that are exact, so that one operation rounds a number of up to 15 digits correctly.
  private static let powers = (0...22).map { Double("1e\($0)")! }

  /// A number of many digits or a large exponent, with correct rounding by the library.
  private func slowNumber(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Double? {
    var text = ""
    for byte in bytes[range] {
      switch byte {
      case decimal: text += "."
      case 0x30...0x39, UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "-"), UInt8(ascii: "+"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default: break
      }
    }
    return Double(text)
  }

  private static func hasDigit(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) -> Bool {
    // A decimal mark may come first.
    start < end && bytes[start] &- 0x30 < 10 || start + 1 < end && bytes[start + 1] &- 0x30 < 10
  }

  private static func exponent(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) -> Int? {
    var (place, exponent) = (start, 0)
    guard place < end else { return nil }
    let isNegative = bytes[place] == UInt8(ascii: "-")
    if isNegative || bytes[place] == UInt8(ascii: "+") { place += 1 }
    guard place < end else { return nil }
    while place < end {
      let digit = bytes[place] &- 0x30
      guard digit < 10 else { return nil }
      exponent = min(100_000, exponent * 10 + Int(digit))
      place += 1
    }
    return isNegative ? -exponent : exponent
  }
}

// Marks

extension NumberStyle {
  /// Skips a sign, currency signs and a percent sign.
  @inline(__always)
  private static func skipSigns(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int, _ end: inout Int,
    _ isNegative: inout Bool
  ) {
    if bytes[end - 1] &- 0x30 >= 10 {
      skipAccountingSign(bytes, &place, &end, &isNegative)
      guard place < end else { return }
      if bytes[end - 1] == UInt8(ascii: "%") {
        end -= 1
      } else {
        end -= currency(bytes, place, end, atEnd: true)
      }
      while end > place, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    }
    guard !isNegative, place < end, bytes[place] &- 0x30 >= 10 else {
      if isNegative { skipCurrency(bytes, &place, end) }
      return
    }
    var hasSign = skipSign(bytes, &place, end, &isNegative)
    guard skipCurrency(bytes, &place, end) else { return }
    if !hasSign { hasSign = skipSign(bytes, &place, end, &isNegative) }
  }

  /// Skips parentheses around a number, or a minus sign after it.
  private static func skipAccountingSign(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int, _ end: inout Int,
    _ isNegative: inout Bool
  ) {
    let isInParentheses =
      bytes[place] == UInt8(ascii: "(") && bytes[end - 1] == UInt8(ascii: ")")
    // Another sign before the number would leave its meaning open.
    let isMinusLast = bytes[end - 1] == UInt8(ascii: "-") && bytes[place] &- 0x30 < 10
    guard isInParentheses || isMinusLast else { return }
    isNegative = true
    if isInParentheses { place += 1 }
    end -= 1
  }

  private static func skipSign(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int, _ end: Int, _ isNegative: inout Bool
  ) -> Bool {
    guard place < end else { return false }
    if bytes[place] == UInt8(ascii: "-") || bytes[place] == UInt8(ascii: "+") {
      isNegative = bytes[place] == UInt8(ascii: "-")
      place += 1
      return true
    }
    // U+2212, the minus sign
    guard end - place > 3, bytes[place] == 0xE2, bytes[place + 1] == 0x88, bytes[place + 2] == 0x92
    else { return false }
    isNegative = true
    place += 3
    return true
  }

  /// Skips a currency sign before a number and the spaces after it, and returns whether there is one.
  @discardableResult
  private static func skipCurrency(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int, _ end: Int
  ) -> Bool {
    let width = currency(bytes, place, end, atEnd: false)
    guard width > 0 else { return false }
    place += width
    while place < end, bytes[place] == UInt8(ascii: " ") { place += 1 }
    return true
  }

  private static let currencies = ["$", "€", "£", "¥"].map { Array($0.utf8) }

  private static func currency(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, atEnd: Bool
  ) -> Int {
    for sign in currencies where end - start > sign.count {
      let place = atEnd ? end - sign.count : start
      if bytes[place..<place + sign.count].elementsEqual(sign) { return sign.count }
    }
    return 0
  }

  /// The number of bytes of a separator of thousands; 0 if there is none.
  static func groupMark(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, _ end: Int, _ decimal: UInt8
  ) -> Int {
    switch bytes[place] {
    case comma: decimal == comma ? 0 : 1
    case point: decimal == point ? 0 : 1
    case UInt8(ascii: " "), UInt8(ascii: "'"): 1
    // No-break space; in three bytes, thin and narrow no-break spaces and the typographic apostrophe.
    case 0xC2: place + 1 < end && bytes[place + 1] == 0xA0 ? 2 : 0
    case 0xE2:
      place + 2 < end && bytes[place + 1] == 0x80 && [0x89, 0xAF, 0x99].contains(bytes[place + 2])
        ? 3 : 0
    default: 0
    }
  }
}
