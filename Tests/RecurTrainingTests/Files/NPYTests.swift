// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurTraining

/// Arrays of NumPy in files of their own.
@Suite struct NPYTests {
  private func array(
    _ header: String, _ elements: Int = 4, version: [UInt8] = [1, 0], length: Int? = nil
  ) -> Data {
    let length = length ?? header.utf8.count
    let lengthBytes = (0..<(version[0] == 1 ? 2 : 4)).map {
      UInt8(truncatingIfNeeded: length >> (8 * $0))
    }
    return NPYHeader.magic + version + lengthBytes + Data(header.utf8) + Data(count: elements)
  }

  private func read(_ file: Data) throws -> SafeTensors.Tensor {
    try SafeTensors.Tensor(npy: file, path: "test")
  }

  @Test(arguments: 1...3) func versions(version: Int) throws {
    let tensor = try SafeTensors.Tensor(
      contentsOfNPY: goldenFile("numpy/version_\(version).npy"))
    #expect(tensor.name == "version_\(version)" && tensor.shape == [2, 3])
    #expect(try tensor.elements(as: Float.self) == [0, 1, 2, 3, 4, 5])
  }

  @Test func writesTheBytesOfNumPy() throws {
    let folder = try TemporaryFolder()
    let golden = goldenFile("numpy/version_1.npy")
    try SafeTensors.Tensor(contentsOfNPY: golden).writeNPY(to: folder["a.npy"])
    #expect(try Data(contentsOf: folder["a.npy"]) == Data(contentsOf: golden))
    let brain = SafeTensors.Tensor(name: "b", type: .bfloat16, shape: [1], bytes: Data(count: 2))
    #expect(message { try brain.npy(named: "test") } == "test: cannot store tensor b of type BF16")
  }

  @Test func comesBackToTheBit() throws {
    let tensors = try [
      SafeTensors.Tensor(
        "a", shape: [2, 3], elements: [1, -0.0, .nan, .infinity, .leastNonzeroMagnitude, 0.1]),
      SafeTensors.Tensor("a", shape: [3], elements: [1, -2, 0.1] as [Float]),
      SafeTensors.Tensor("a", shape: [], integers: [Int.min]),
      SafeTensors.Tensor("a", shape: [1, 2, 1], integers: [-1, Int.max]),
      SafeTensors.Tensor("a", shape: [0, 4], elements: [] as [Float]),
    ]
    for tensor in tensors {
      let file = try tensor.npy(named: "test").reduce(Data(), +)
      #expect((file.count - tensor.bytes.count).isMultiple(of: 64))
      let back = try SafeTensors.Tensor(npy: file, path: "folder/a.npy")
      #expect(back == tensor)
    }
    #expect(try tensors[3].integers() == [-1, Int.max])
    #expect(
      message { try tensors[0].integers() } == "a is of type F64, expected an integer type")
    let large = withUnsafeBytes(of: UInt64(1) << 63) { Data($0) }
    let unsigned = SafeTensors.Tensor(name: "u", type: .uint64, shape: [1], bytes: large)
    #expect(
      message { try unsigned.integers() }
        == "u has the element 9223372036854775808, which is too large")
    #expect(throws: RecurError.self) { try SafeTensors.Tensor("a", shape: [2], integers: [1]) }
  }

  private static let refused: [(String, String)] = [
    ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "is of type '<c8', expected"),
    ("{'descr': '=f4', 'fortran_order': False, 'shape': (1,)}", "is of type '=f4', expected"),
    ("{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}", "is of type '|f4', expected"),
    ("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "is of type '|O', expected"),
    ("{'descr': '', 'fortran_order': False, 'shape': (1,)}", "is of type '', expected"),
    (
      "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
      "has a header with no ''' where one belongs"
    ),
    (
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
      "has a header with a 'fortran_order' other than True or False"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1)}",
      "has a header with a shape that is not a tuple"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
      "has a header with a dimension that is not an integer from 0 to 9223372036854775807"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)}",
      "has a header with a dimension that is not an integer"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1L,)}",
      "has a header with a shape that is not a tuple"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,,)}",
      "has a header with a dimension that is not"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,)}",
      "has the invalid shape [4611686018427387904]"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
      "has the invalid shape [4294967296, 4294967296]"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}",
      "has more than 8 dimensions"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
      "has 4 bytes of elements, expected 8 for [2]"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': ()}x",
      "has a header with text after '}', expected {'descr'"
    ),
    ("{'descr': '<f4', 'fortran_order': False}", "has a header without 'shape'"),
    (
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}",
      "has a header with 'descr', expected"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': 1}",
      "has a header with 'x', expected"
    ),
    ("{'descr': '<f4", "has a header with a string without an end"),
    ("{'descr': '<f4\", 'shape': ()}", "is of type '<f4\", ', expected"),
    ("", "has a header with no '{' where one belongs"),
    ("{", "has a header with no ''' where one belongs"),
    ("()", "has a header with no '{' where one belongs"),
  ]

  @Test(arguments: refused) func refusesOtherHeaders(header: String, reason: String) {
    let found = message { try read(array(header)) }
    #expect(found.hasPrefix("test: " + reason), "\(header): \(found)")
  }

  @Test func readsOtherSpellings() throws {
    let spellings = [
      "{\"shape\":(1,),\"descr\":\"<f4\",\"fortran_order\":True}",
      " { 'fortran_order' : False , 'shape' : ( 1 , ) , 'descr' : '<f4' , } \n",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1)}",
      "{'descr': '<i4', 'fortran_order': False, 'shape': ()}",
    ]
    for header in spellings { _ = try read(array(header)) }
    // An array of no elements may have one enormous dimension.
    let empty = "{'descr': '<f4', 'fortran_order': True, 'shape': (9223372036854775807, 0)}"
    #expect(try read(array(empty, 0)).shape == [.max, 0])
  }

  @Test func lengthsAtTheEdges() throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}"
    #expect(
      message { try read(array(header, version: [0, 0])) }
        == "test: has version 0.0, expected 1.0, 2.0 or 3.0")
    #expect(
      message { try read(array(header, version: [4, 0])) }
        == "test: has version 4.0, expected 1.0, 2.0 or 3.0")
    #expect(
      message { try read(array(header, version: [1, 1])) }.hasPrefix("test: has version 1.1"))
    for (version, length) in [(1, 0xffff), (2, 0xffff_ffff), (3, 0x8000_0000)] {
      let file = array(header, version: [UInt8(version), 0], length: length)
      #expect(
        message { try read(file) } == "test: ends after \(file.count) bytes, within its header")
    }
    #expect(message { try read(Data("{}".utf8)) } == "test: is a JSON file, expected a NumPy array")
    #expect(message { try read(Data()) }.hasPrefix("test: is a file of an unknown format"))
  }

  @Test func damagedFilesAreRefusedOrRead() throws {
    for version in 1...3 {
      let whole = try Data(contentsOf: goldenFile("numpy/version_\(version).npy"))
      for count in whole.indices {
        #expect(throws: FileError.self) { try read(whole.prefix(count)) }
      }
      for mutant in Mutants(of: whole, count: 1000, seed: UInt64(version)) {
        do { _ = try read(mutant) } catch { #expect(error is FileError) }
      }
    }
  }
}
