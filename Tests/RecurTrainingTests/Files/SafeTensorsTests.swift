// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

@Suite struct SafeTensorsTests {
  func sample() throws -> SafeTensors {
    SafeTensors(
      tensors: [
        try .init(
          "a", shape: [2, 3],
          elements: [1, -0.0, .nan, .infinity, .leastNonzeroMagnitude, 0.1] as [Double]),
        try .init("b/\"ü\\", shape: [3], elements: [1, 2, -3] as [Float]),
        try .init("empty", shape: [0, 4], elements: [] as [Double]),
        try .init("scalar", shape: [], elements: [7] as [Float]),
      ], metadata: ["text": "line\n\"quoted\" \\ ☃ \u{1}", "": "empty name"])
  }

  @Test func matricesOfAnyShape() throws {
    let shapes = [
      ([], 1, 1), ([3], 3, 1), ([2, 3], 2, 3), ([2, 3, 4], 2, 12), ([0, 4], 0, 4), ([4, 0], 4, 0),
      ([0], 0, 1),
    ]
    for (shape, rows, columns) in shapes {
      let elements = (0..<rows * columns).map { Float($0) }
      let tensor = try SafeTensors.Tensor("a", shape: shape, elements: elements)
      let matrix = try tensor.matrix(as: Double.self)
      #expect(matrix.rows == rows && matrix.columns == columns, "\(shape)")
      #expect(matrix.elements == elements.map(Double.init))
    }
    let large = try SafeTensors.Tensor("a", shape: [0, 1 << 62, 4], elements: [] as [Float])
    #expect(throws: RecurError.self) { try large.matrix(as: Float.self) }
    let double = try SafeTensors.Tensor("a", shape: [1], elements: [1] as [Double])
    #expect(throws: RecurError.self) { try double.matrix(as: Float.self) }
  }

  @Test func comesBackToTheBit() throws {
    let folder = try TemporaryFolder()
    let file = try sample()
    try file.write(to: folder["a file ☃.safetensors"])
    let back = try SafeTensors(contentsOf: folder["a file ☃.safetensors"])
    #expect(back.tensors == file.tensors && back.metadata == file.metadata && back.isVerified)
    #expect(back["scalar"]?.shape == [] && back["empty"]?.shape == [0, 4])
    let a: [Double] = try #require(back["a"]).elements()
    #expect(
      a.map(\.bitPattern)
        == [1, -0.0, .nan, .infinity, .leastNonzeroMagnitude, 0.1].map(\.bitPattern))
    #expect(try back["b/\"ü\\"]?.elements(as: Float.self) == [1, 2, -3])
    #expect(
      message { try back["a"]?.elements(as: Float.self) }
        == "a is of type F64, expected F32, F16 or BF16")
    #expect(folder.names == ["a file ☃.safetensors"])
    #expect(try file.bytes.count % 8 == 0 && Int(file.bytes[0]) % 8 == 0)
  }

  @Test func refusesToWriteWhatItWouldNotRead() throws {
    let one = try SafeTensors.Tensor("a", shape: [1], elements: [1 as Float])
    let nul = try SafeTensors.Tensor("a\0", shape: [1], elements: [1 as Float])
    let unnamed = try SafeTensors.Tensor("", shape: [1], elements: [1 as Float])
    let deep = try SafeTensors.Tensor(
      "a", shape: Array(repeating: 1, count: 9), elements: [1 as Float])
    let reserved = try SafeTensors.Tensor("__metadata__", shape: [1], elements: [1 as Float])
    for tensors in [[one, one], [nul], [unnamed], [deep], [reserved]] {
      #expect(throws: FileError.self) { try SafeTensors(tensors: tensors).bytes }
    }
    for metadata in [["a\0": "b"], ["a": "b\0"], ["recur.checksum": "1"]] {
      #expect(throws: FileError.self) { try SafeTensors(tensors: [], metadata: metadata).bytes }
    }
    #expect(throws: RecurError.self) {
      try SafeTensors.Tensor("a", shape: [2, .max], elements: [1 as Float])
    }
  }

  /// A file with this header and number of tensor bytes.
  func file(_ header: String, _ count: Int = 0, length: UInt64? = nil) -> Data {
    file(Data(header.utf8), count, length: length)
  }

  func file(_ header: Data, _ count: Int = 0, length: UInt64? = nil) -> Data {
    var length = (length ?? UInt64(header.count)).littleEndian
    return withUnsafeBytes(of: &length) { Data($0) } + header + Data(count: count)
  }

  @Test func readsFilesOfOtherPrograms() throws {
    let plain = try SafeTensors(bytes: file("{}   "))
    #expect(plain.tensors.isEmpty && plain.metadata.isEmpty && !plain.isVerified)
    let header = #"""
      { "b" : {"shape":[1],"data_offsets":[8,12],"dtype":"F32"},
        "\u0061":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]}, "__metadata__":{"format":"pt"}}  
      """#
    let other = try SafeTensors(bytes: file(header, 12))
    #expect(other.tensors.map(\.name) == ["a", "b"] && other.metadata == ["format": "pt"])
  }

  @Test func narrowNumbersAreWidened() throws {
    let header =
      #"{"h":{"dtype":"F16","shape":[7],"data_offsets":[0,14]},"#
      + #""b":{"dtype":"BF16","shape":[4],"data_offsets":[14,22]}}"#
    let patterns: [UInt16] = [
      0x3C00, 0xC000, 0x7BFF, 0x0001, 0x8000, 0x7C00, 0x3555, 0x3F80, 0xC040, 0x0001, 0x7F80,
    ]
    let values = patterns.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let read = try SafeTensors(bytes: file(header) + Data(values))
    let half: [Double] = [1, -2, 65504, 0x1p-24, -0.0, .infinity, 0x1.554p-2]
    let brain: [Double] = [1, -3, 0x1p-133, .infinity]
    for (name, expected) in [("h", half), ("b", brain)] {
      let tensor = try #require(read[name])
      #expect(try tensor.elements(as: Double.self).map(\.bitPattern) == expected.map(\.bitPattern))
      let floats = expected.map { Float($0).bitPattern }
      #expect(try tensor.elements(as: Float.self).map(\.bitPattern) == floats)
    }
    #expect(try sample()["scalar"]?.elements(as: Double.self) == [7])
  }

  @Test(arguments: [
    ("I64", 8), ("U64", 8), ("I32", 4), ("U32", 4), ("I16", 2), ("U16", 2), ("I8", 1), ("U8", 1),
    ("BOOL", 1),
  ])
  func integersHaveATypeAndAShape(type: String, size: Int) throws {
    let header = Self.tensor(type, "[2,1]", "[0,\(2 * size)]")
    let tensor = try #require(try SafeTensors(bytes: file(header, 2 * size))["a"])
    #expect(tensor.type.rawValue == type && tensor.shape == [2, 1] && tensor.type.isInteger)
    #expect(
      message { try tensor.elements(as: Float.self) }
        == "a is of type \(type), expected F32, F16 or BF16")
    #expect(
      message { try tensor.elements(as: Double.self) }
        == "a is of type \(type), expected F64, F32, F16 or BF16")
    let back = try SafeTensors(bytes: SafeTensors(tensors: [tensor]).bytes)
    #expect(back.tensors == [tensor])
  }

  static func tensor(_ type: String, _ shape: String, _ offsets: String) -> String {
    "{\"a\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}"
  }
}
