// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurONNX

@Suite("Tensors of ONNX files")
struct ONNXTensorTests {
  private static func tensor(_ fields: [WireMessage.Field]) throws(ONNXError) -> TensorProto {
    try TensorProto(WireReader(WireMessage(fields).bytes), ExternalData(folder: nil, bytes: 0))
  }

  private static func message(_ fields: [WireMessage.Field]) -> String {
    do {
      _ = try tensor(fields)
      return "no error"
    } catch { return "\(error)" }
  }

  /// The bytes of numbers, the lowest first.
  private static func little<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
    numbers.flatMap { number in
      (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
  }

  private struct Case: CustomTestStringConvertible {
    let type: ElementType
    let raw: [UInt8]
    let typed: [WireMessage.Field]
    let values: [Double]

    var testDescription: String { "\(type)" }

    init<Number: FixedWidthInteger>(
      _ type: ElementType, _ raw: [Number], field: Int = 5, _ numbers: [UInt64], _ values: [Double]
    ) {
      self.type = type
      self.raw = little(raw)
      typed = numbers.map { .varint(field, $0) }
      self.values = values
    }
  }

  private static func signed(_ number: Int64) -> UInt64 { UInt64(bitPattern: number) }

  private static let cases: [Case] = [
    Case(.uint8, [0, 200, 255] as [UInt8], [0, 200, 255], [0, 200, 255]),
    Case(.int8, [0, -100, 127] as [Int8], [0, signed(-100), 127], [0, -100, 127]),
    Case(.uint16, [1, 40_000, 258] as [UInt16], [1, 40_000, 258], [1, 40_000, 258]),
    Case(.int16, [1, -30_000, 258] as [Int16], [1, signed(-30_000), 258], [1, -30_000, 258]),
    Case(
      .int32, [1, -2_000_000_000, 66_051] as [Int32], [1, signed(-2_000_000_000), 66_051],
      [1, -2_000_000_000, 66_051]),
    Case(
      .int64, [1, -5_000_000_000, 1 << 40] as [Int64], field: 7,
      [1, signed(-5_000_000_000), 1 << 40], [1, -5_000_000_000, 1_099_511_627_776]),
    Case(
      .uint32, [1, 4_000_000_000, 66_051] as [UInt32], field: 11, [1, 4_000_000_000, 66_051],
      [1, 4_000_000_000, 66_051]),
    Case(.uint64, [1, 1 << 40] as [UInt64], field: 11, [1, 1 << 40], [1, 1_099_511_627_776]),
    Case(.bool, [0, 1, 7] as [UInt8], [0, 1, 7], [0, 1, 1]),
    // 1, -2, the largest, the smallest, the smallest normal, half of it, a third, infinity.
    Case(
      .float16, [0x3C00, 0xC000, 0x7BFF, 0x0001, 0x0400, 0x0200, 0x3555, 0xFC00] as [UInt16],
      [0x3C00, 0xC000, 0x7BFF, 0x0001, 0x0400, 0x0200, 0x3555, 0xFC00],
      [1, -2, 65_504, 0x1p-24, 0x1p-14, 0x1p-15, 0.333251953125, -.infinity]),
    Case(
      .bfloat16, [0x3F80, 0xC000, 0x3EAB, 0x7F80] as [UInt16], [0x3F80, 0xC000, 0x3EAB, 0x7F80],
      [1, -2, 0.333984375, .infinity]),
  ]

  @Test("have elements of each type, as bytes and as numbers", arguments: cases)
  private func types(_ one: Case) throws {
    let head: [WireMessage.Field] = [
      .varint(1, UInt64(one.values.count)), .varint(2, UInt64(one.type.rawValue)),
    ]
    for fields in [head + [.bytes(9, one.raw)], head + one.typed] {
      let tensor = try Self.tensor(fields)
      #expect(tensor.type == one.type && tensor.dims == [one.values.count])
      #expect(tensor.values() == one.values)
      if !one.type.isFloating { #expect(tensor.wholeNumbers() == one.values.map { Int($0) }) }
    }
  }

  @Test("half precision has numbers that are none")
  func notNumbers() throws {
    let tensor = try Self.tensor([
      .varint(1, 2), .varint(2, 10), .bytes(9, Self.little([0x7C01, 0x8000] as [UInt16])),
    ])
    #expect(tensor.values()[0].isNaN)
    #expect(tensor.values()[1] == 0 && tensor.values()[1].sign == .minus)
  }

  @Test("of single and double precision have lists of their own")
  func floats() throws {
    let single = [Float(1.5), -2].map(\.bitPattern)
    let double = [1.5, -0.1].map(\.bitPattern)
    let packed = [WireMessage.Field.bytes(10, Self.little(double))]
    for (fields, type, expected) in [
      ([.varint(2, 1)] + single.map { .fixed32(4, $0) }, ElementType.float, [1.5, -2]),
      ([.varint(2, 1), .bytes(4, Self.little(single))], .float, [1.5, -2]),
      ([.varint(2, 1), .bytes(9, Self.little(single))], .float, [1.5, -2]),
      ([.varint(2, 11)] + packed, .double, [1.5, -0.1]),
      ([.varint(2, 11), .bytes(9, Self.little(double))], .double, [1.5, -0.1]),
    ] as [([WireMessage.Field], ElementType, [Double])] {
      let tensor = try Self.tensor([.varint(1, 2)] + fields)
      #expect(tensor.type == type && tensor.values() == expected)
    }
    // One number that is not packed: its key has the wire type of 8 bytes.
    let bytes =
      WireMessage([.varint(1, 1), .varint(2, 11)]).bytes + [10 << 3 | 1] + Self.little([double[0]])
    let one = try TensorProto(WireReader(bytes), ExternalData(folder: nil, bytes: 0))
    #expect(one.values() == [1.5])
  }

  @Test(
    "that do not fit their shape are refused",
    arguments: [
      ([.varint(1, 2), .varint(2, 1), .bytes(9, [0, 0, 0, 0])], "has 1 elements, expected 2"),
      ([.varint(1, 1), .varint(2, 1), .bytes(9, [0, 0, 0])], "ends within an element"),
      ([.varint(1, 1), .varint(2, 7), .bytes(9, [0, 0, 0, 0])], "ends within an element"),
      ([.varint(1, 2), .varint(2, 1), .fixed32(4, 0)], "has 1 elements, expected 2"),
      ([.varint(1, 1), .varint(2, 7), .fixed32(4, 0)], "has 0 elements, expected 1"),
      ([.varint(1, 1), .varint(2, 11), .fixed32(4, 0)], "has 0 elements, expected 1"),
      ([.varint(1, 1), .varint(2, 1), .varint(7, 0)], "has 0 elements, expected 1"),
      ([.varint(2, 7), .varint(7, 0), .varint(7, 0)], "has 2 elements, expected 1"),
      ([.varint(1, UInt64.max), .varint(2, 1)], "has the shape [-1]"),
      ([.varint(1, (1 << 28) + 1), .varint(2, 1)], "has the shape [268435457]"),
      ([.varint(1, 1), .varint(2, 14)], "has elements of type 14"),
      ([.varint(1, 1)], "has elements of type 0"),
    ] as [([WireMessage.Field], String)])
  fileprivate func wrong(_ fields: [WireMessage.Field], _ reason: String) {
    #expect(Self.message(fields + [.bytes(8, ONNXParts.text("W"))]) == "tensor \"W\" \(reason)")
  }

  @Test(
    "with parts that are not supported are refused",
    arguments: [
      (.bytes(3, []), "segment is not supported"),
      (.bytes(6, []), "string_data is not supported"),
      (.varint(14, 2), "data_location is 2, expected 0 or 1"),
      (.varint(14, UInt64.max), "data_location is -1, expected 0 or 1"),
      (.varint(14, 0), "no error"), (.bytes(12, ONNXParts.text("a note")), "no error"),
      (.bytes(4, [1, 2, 3]), "the message ends within a number, at byte 12"),
      (.varint(4, 1), "float_data has the wrong wire type"),
      (.varint(10, 1), "double_data has the wrong wire type"),
      (.fixed32(5, 1), "int_data has the wrong wire type"),
      (.fixed32(2, 1), "data_type has the wrong wire type"),
      (.varint(8, 1), "name has the wrong wire type"),
      (.bytes(8, [0xFF]), "name is not UTF-8"),
    ] as [(WireMessage.Field, String)])
  fileprivate func unsupported(_ field: WireMessage.Field, _ message: String) {
    #expect(
      Self.message([.varint(1, 1), .varint(2, 1), .bytes(9, [0, 0, 0, 0]), field]) == message)
  }

  @Test("have at most 8 axes")
  func axes() throws {
    let (type, raw) = (WireMessage.Field.varint(2, 1), WireMessage.Field.bytes(9, [0, 0, 0, 0]))
    let one = [UInt8(1)]
    for (dims, count) in [
      (Array(repeating: WireMessage.Field.varint(1, 1), count: 8), 8),
      ([.bytes(1, Array(repeating: 1, count: 8))], 8),
      // An integer may have 10 bytes.
      (
        [
          .bytes(
            1,
            Array(repeating: [0x81] + Array(repeating: 0x80, count: 8) + [0], count: 8).joined()
              + [])
        ], 8
      ),
      ([.bytes(1, one), .varint(1, 1)], 2),
    ] {
      #expect(try Self.tensor(dims + [type, raw]).dims == Array(repeating: 1, count: count))
    }
    let refused = "a tensor has more than 8 axes"
    #expect(Self.message(Array(repeating: .varint(1, 1), count: 9) + [type, raw]) == refused)
    #expect(Self.message([.bytes(1, Array(repeating: 1, count: 9)), type, raw]) == refused)
    #expect(Self.message([.bytes(1, Array(repeating: 0xFF, count: 81)), type, raw]) == refused)
    #expect(
      Self.message([.bytes(1, Array(repeating: 0xFF, count: 80)), type, raw])
        == "the message has a number of more than 64 bits, at byte 12")
  }
}
