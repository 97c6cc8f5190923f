// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurONNX

@Suite("The wire format of ONNX files")
struct ONNXWireTests {
  private func reason<Result>(_ body: () throws(ONNXError) -> Result) -> String {
    do {
      _ = try body()
      return "no error"
    } catch { return "\(error)" }
  }

  private func next(_ bytes: [UInt8]) -> String {
    var reader = WireReader(bytes)
    do {
      guard let (number, value) = try reader.next() else { return "nothing" }
      switch value {
      case .varint(let value): return "\(number): \(value)"
      case .fixed32(let value): return "\(number): \(value) in 4 bytes"
      case .fixed64(let value): return "\(number): \(value) in 8 bytes"
      case .bytes(let reader): return "\(number): \(Array(reader.rest))"
      }
    } catch { return "\(error)" }
  }

  @Test(
    "fields",
    arguments: [
      ([], "nothing"), ([0x08, 0x05], "1: 5"), ([0x10, 0xAC, 0x02], "2: 300"),
      ([0x0D, 1, 2, 0, 0], "1: 513 in 4 bytes"),
      (
        [0x09, 1, 2, 0, 0, 0, 0, 0, 1],
        "1: 72057594037928449 in 8 bytes"
      ),
      ([0x12, 3, 7, 8, 9, 0], "2: [7, 8, 9]"), ([0x12, 0], "2: []"),
      ([0xF8, 0xFF, 0xFF, 0xFF, 0x0F, 1], "536870911: 1"),
      (
        [0x80, 0x80, 0x80, 0x80, 0x10, 1],
        "the message has a field of number 536870912, at byte 5"
      ),
      ([0x00, 1], "the message has a field of number 0, at byte 1"),
      ([0x0B], "the message has a field of wire type 3, at byte 1"),
      ([0x0C], "the message has a field of wire type 4, at byte 1"),
      ([0x0E], "the message has a field of wire type 6, at byte 1"),
      ([0x08], "the message ends within a number, at byte 1"),
      ([0x08, 0x80], "the message ends within a number, at byte 2"),
      ([0x0D, 1, 2, 0], "the message ends within a number, at byte 1"),
      ([0x09, 1, 2, 0, 0, 0, 0, 0], "the message ends within a number, at byte 1"),
      (
        [0x12, 3, 7, 8],
        "the message is truncated or damaged: a field has 3 bytes, but 2 are left, at byte 2"
      ),
    ] as [([UInt8], String)])
  func fields(_ bytes: [UInt8], _ expected: String) { #expect(next(bytes) == expected) }

  @Test("integers have at most 64 bits")
  func longIntegers() {
    let nine = [UInt8](repeating: 0xFF, count: 9)
    #expect(next([0x08] + nine + [0x01]) == "1: 18446744073709551615")
    #expect(
      next([0x08] + nine + [0x02])
        == "the message has a number of more than 64 bits, at byte 11")
    #expect(next([0x08] + Array(repeating: 0x80, count: 9) + [0x01]) == "1: 9223372036854775808")
    #expect(
      next([0x08] + nine + [0x81, 0])
        == "the message has a number of more than 64 bits, at byte 11")
  }

  @Test("what is written is read again")
  func written() throws {
    for value in [0, 1, 127, 128, 300, 16_383, 16_384, Int.max, -1, Int.min] {
      var writer = WireWriter()
      writer.varint(5, value)
      var reader = WireReader(writer.bytes)
      let (number, field) = try #require(try reader.next())
      #expect(try number == 5 && field.integer("i") == value && reader.isAtEnd)
    }
    var writer = WireWriter()
    writer.float(20, -1.5)
    writer.string(21, "é")
    writer.message(300) { $0.varint(1, 2) }
    writer.bytes(2, Array(repeating: 7, count: 200))
    var reader = WireReader(writer.bytes)
    #expect(try reader.next()?.value.float("f") == -1.5)
    #expect(try reader.next()?.value.string("s") == "é")
    let message = try #require(try reader.next())
    #expect(try message.number == 300 && Array(message.value.message("m").rest) == [8, 2])
    #expect(try reader.next()?.value.message("b").count == 200)
    #expect(try reader.next() == nil)
  }

  @Test("lists are packed, or one element at a time")
  func lists() throws {
    var integers: [Int] = []
    try WireValue.varint(.max).append(to: &integers, "i")
    try WireValue.bytes(WireReader([5, 0xAC, 2])).append(to: &integers, "i")
    #expect(integers == [-1, 5, 300])
    var floats: [Float] = []
    try WireValue.fixed32(Float(0.5).bitPattern).append(to: &floats, "f")
    try WireValue.bytes(WireReader([0, 0, 0x80, 0x3F, 0, 0, 0, 0x40])).append(to: &floats, "f")
    #expect(floats == [0.5, 1, 2])
    let wrong = "f has the wrong wire type"
    #expect(
      reason { () throws(ONNXError) in try WireValue.varint(1).append(to: &floats, "f") } == wrong)
    #expect(
      reason { () throws(ONNXError) in try WireValue.fixed64(1).append(to: &floats, "f") } == wrong)
    #expect(
      reason { () throws(ONNXError) in try WireValue.fixed32(1).append(to: &integers, "f") }
        == wrong)
    #expect(
      reason { () throws(ONNXError) in try WireValue.fixed64(1).append(to: &integers, "f") }
        == wrong)
    var doubles: [UInt64] = []
    #expect(
      reason { () throws(ONNXError) in
        try WireValue.fixed32(1).append(to: &doubles, "f", bytes: 8) { $0 }
      } == wrong)
    try WireValue.fixed64(9).append(to: &doubles, "f", bytes: 8) { $0 }
    #expect(doubles == [9] && floats.count == 3 && integers.count == 3)
  }
}
