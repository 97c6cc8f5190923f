// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Encloses the numbers of a JSON text in quotes, so that they keep their digits: the parser has no integers
/// above 2^63 - 1, although a seed has 64 bits, and would turn 1e3 into 1000.0.
func quotingNumbers(_ text: Data) -> Data {
  var (result, word, strings): ([UInt8], [UInt8], JSONStrings) = ([], [], JSONStrings())
  func endOfWord() -> [UInt8] { isNumber(word[...]) ? [quote] + word + [quote] : word }
  for byte in text {
    if !strings.contain(byte), isPartOfNumber(byte) {
      word.append(byte)
      continue
    }
    if !word.isEmpty { result += endOfWord() }
    result.append(byte)
    word.removeAll(keepingCapacity: true)
  }
  return Data(result + endOfWord())
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
private func isNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
  var rest = bytes
  func take(_ characters: String) -> Bool {
    guard let byte = rest.first, characters.utf8.contains(byte) else { return false }
    rest.removeFirst()
    return true
  }
  func takeDigits() -> Bool {
    guard take("0123456789") else { return false }
    while take("0123456789") {}
    return true
  }
  _ = take("-")
  guard take("0") || takeDigits() else { return false }
  if take("."), !takeDigits() { return false }
  if take("eE") {
    _ = take("+-")
    guard takeDigits() else { return false }
  }
  return rest.isEmpty
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
