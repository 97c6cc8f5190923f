// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Encloses the numbers of a JSON text in quotes, so that they keep their digits: the parser has no integers
/// above 2^63 - 1, although a seed has 64 bits, and would turn 1e3 into 1000.0.
func quotingNumbers(_ text: Data) -> Data {
  text.withUnsafeBytes { bytes in
    var (result, strings): ([UInt8], JSONStrings) = ([], JSONStrings())
    var word = 0..<0
    func appendWord() {
      let isNumber = isNumber(bytes[word])
      if isNumber { result.append(quote) }
      result += bytes[word]
      if isNumber { result.append(quote) }
    }
    result.reserveCapacity(bytes.count)
    for (place, byte) in zip(bytes.indices, bytes) {
      if !strings.contain(byte), isPartOfNumber(byte) {
        word = (word.isEmpty ? place : word.lowerBound)..<place + 1
        continue
      }
      if !word.isEmpty { appendWord() }
      word = 0..<0
      result.append(byte)
    }
    if !word.isEmpty { appendWord() }
    return Data(result)
  }
}

private let quote = UInt8(ascii: "\"")

private func isPartOfNumber(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
    UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
    true
  default: false
  }
}

/// Whether some bytes are a number of JSON: an integer without leading zeros, and a fraction and an exponent
/// if there are any.
private func isNumber(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
  var rest = NumberReader(rest: bytes)
  _ = rest.take("-")
  guard rest.take("0") || rest.takeDigits() else { return false }
  if rest.take("."), !rest.takeDigits() { return false }
  if rest.take("e") || rest.take("E") {
    _ = rest.take("+") || rest.take("-")
    guard rest.takeDigits() else { return false }
  }
  return rest.rest.isEmpty
}

/// The bytes of a number that are still to be read.
private struct NumberReader {
  var rest: Slice<UnsafeRawBufferPointer>

  /// Skips a character, if it is the next; returns whether it was.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  /// Skips digits; returns whether there were any.
  mutating func takeDigits() -> Bool {
    let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    rest = rest[digits.endIndex...]
    return !digits.isEmpty
  }
}

/// Follows the strings of a JSON text, byte by byte.
private struct JSONStrings {
  private var isInside = false
  private var isEscaped = false

  /// Returns whether the next byte belongs to a string, with its quotes.
  mutating func contain(_ byte: UInt8) -> Bool {
    let wasInside = isInside
    if isEscaped {
      isEscaped = false
    } else if byte == UInt8(ascii: "\"") {
      isInside.toggle()
    } else {
      isEscaped = isInside && byte == UInt8(ascii: "\\")
    }
    return wasInside || isInside
  }
}
