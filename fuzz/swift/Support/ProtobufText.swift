// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A protobuf message as text, in which mutations keep the lengths of messages right. Fields have a number and a
/// value:
///
///     3=-1        an integer
///     2~0.5       a 32-bit number
///     4"RNN"      bytes; \xHH is a byte
///     9*12        12 small 32-bit numbers as bytes
///     7{ … }      a message
public struct ProtobufText {
  /// The encoded message.
  public private(set) var bytes: [UInt8] = []

  private static let deepest = 40
  private static let mostNumbers = 4096
  private static let mostBytes = 1 << 16

  public init(_ text: Data) {
    var rest = text[...]
    bytes = Self.message(&rest, depth: 0)
  }

  private static func message(_ rest: inout Data.SubSequence, depth: Int) -> [UInt8] {
    var result: [UInt8] = []
    while let byte = rest.first, result.count < mostBytes {
      guard byte.isDigit else {
        rest.removeFirst()
        if byte == UInt8(ascii: "}"), depth > 0 { break }
        continue
      }
      let number = UInt64(truncatingIfNeeded: integer(&rest)) % (1 << 29)
      guard let sign = rest.popFirst() else { break }
      switch sign {
      case UInt8(ascii: "="):
        result += varint(number << 3)
        result += varint(UInt64(bitPattern: Int64(integer(&rest))))
      case UInt8(ascii: "~"):
        let value = Float(word(&rest)) ?? 1
        result += varint(number << 3 | 5)
        result += withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
      case UInt8(ascii: "\""): append(string(&rest), number, to: &result)
      case UInt8(ascii: "*"):
        let count = min(max(integer(&rest), 0), mostNumbers)
        let numbers = (0..<count).map { Float($0 % 13 - 6) / 16 }
        append(numbers.withUnsafeBytes { Array($0) }, number, to: &result)
      case UInt8(ascii: "{") where depth < deepest:
        append(message(&rest, depth: depth + 1), number, to: &result)
      default: continue
      }
    }
    return result
  }

  private static func append(_ payload: [UInt8], _ number: UInt64, to result: inout [UInt8]) {
    result += varint(number << 3 | 2)
    result += varint(UInt64(payload.count))
    result += payload
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var (rest, bytes) = (value, [UInt8]())
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  /// Digits, signs, points and letters.
  private static func word(_ rest: inout Data.SubSequence) -> String {
    let end =
      rest.firstIndex { !$0.isDigit && !"+-.einfa".utf8.contains($0) } ?? rest.endIndex
    defer { rest = rest[end...] }
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  /// An integer, modulo 2⁶⁴.
  private static func integer(_ rest: inout Data.SubSequence) -> Int {
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest.removeFirst() }
    var value = 0
    while let digit = rest.first, digit.isDigit {
      value = value &* 10 &+ Int(digit - UInt8(ascii: "0"))
      rest.removeFirst()
    }
    return isNegative ? 0 &- value : value
  }

  private static func string(_ rest: inout Data.SubSequence) -> [UInt8] {
    var result: [UInt8] = []
    while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
      guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
        result.append(byte)
        continue
      }
      if next == UInt8(ascii: "x"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        result.append(value)
        rest = rest.dropFirst(2)
      } else {
        result.append(next)
      }
    }
    return result
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}
