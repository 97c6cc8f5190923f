// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

/// Archives of NumPy's arrays.
@Suite struct NPZTests {
  private func read(_ file: Data) throws -> SafeTensors { try SafeTensors(npz: file, path: "test") }

  /// The elements that Tests/golden/generate_numpy.py gave to an array.
  private func expected(_ type: String) -> [Int] {
    (0..<24).map { type == "b1" ? $0 % 2 : type.hasPrefix("u") ? $0 : $0 - 5 }
  }

  @Test(arguments: ["stored", "compressed"]) func everyTypeInEveryOrder(name: String) throws {
    let file = try SafeTensors(contentsOfNPZ: goldenFile("numpy/\(name).npz"))
    #expect(file.tensors.count == 12 * 4 + 4)
    for (type, element) in NPYHeader.types {
      for order in ["little_C", "little_F", "big_C", "big_F"] {
        let tensor = try #require(file["\(type)_\(order)"])
        #expect(tensor.shape == [2, 3, 4] && tensor.type == element)
        let elements =
          try element.isInteger
          ? tensor.integers() : tensor.elements().map { Int($0 as Double) }
        #expect(elements == expected(type), "\(type) \(order)")
      }
    }
    #expect(try file["folder/scalar"]?.elements() == [7.5])
    #expect(file["empty"]?.shape == [0, 3] && file["größe"]?.shape == [1, 1])
    #expect(try file["vector"]?.integers() == [0, 1, 2])
    #expect(file.path.hasSuffix("numpy/\(name).npz") && !file.isVerified)
  }

  @Test func sizesMayFollowTheData() throws {
    let file = try SafeTensors(contentsOfNPZ: goldenFile("numpy/piped.npz"))
    #expect(try file["short"]?.elements() == (0..<40).map { Float($0) })
    #expect(try file["long"]?.elements() == Array(repeating: 0.0, count: 6))
    var bytes = try Data(contentsOf: goldenFile("numpy/piped.npz"))
    let descriptor = try #require(bytes.range(of: Data("PK\u{7}\u{8}".utf8)))
    bytes[descriptor.upperBound] ^= 1
    #expect(message { try read(bytes) } == "test: member short.npy has an invalid descriptor")
  }

  @Test func parametersAreReadInOneCall() throws {
    let gru = try GRU<Float>(inputSize: 2, hiddenSize: 3, seed: 1)
    var archive = ZIPBuilder()
    for tensor in SafeTensors(gru.parameters, names: ["encoder.": ""]).tensors {
      try archive.add(tensor)
    }
    var back = try GRU<Float>(gru.configuration)
    try back.parameters.load(read(archive.file), names: ["encoder.": ""])
    #expect(back.parameters == gru.parameters)
    archive.members.removeLast()
    #expect(
      message { try back.parameters.load(read(archive.file), names: ["encoder.": ""]) }
        == "test: has no tensor encoder.bias_hh_l0")
  }

  @Test func wrongMembersAreRefused() throws {
    func refusal(_ change: (inout ZIPBuilder) -> Void) -> String {
      var archive = ZIPBuilder()
      archive.add(NPZTests.vector, named: "a.npy")
      archive.add(NPZTests.vector, named: "b.npy")
      change(&archive)
      let text = message { try read(archive.file) }
      return text.hasPrefix("test: ") ? String(text.dropFirst(6)) : text
    }
    #expect(refusal { _ in }.hasPrefix("no error"))
    #expect(refusal { $0.members[1].name = "a.npy" } == "has two arrays with the name a")
    #expect(refusal { $0.members[1].name = "a.txt" }.hasPrefix("has the member a.txt, expected"))
    #expect(refusal { $0.members[1].name = ".npy" }.hasPrefix("has the member .npy, expected"))
    #expect(refusal { $0.members[1].name = "" } == "has a member whose name is not UTF-8")
    #expect(refusal { $0.members[1].name = "é.npy" } == "has a member whose name is not UTF-8")
    #expect(
      refusal { $0.members[1].localName = "c.npy" }.hasPrefix("member b.npy has a header that"))
    #expect(
      refusal { $0.members[1].contents[131] ^= 1 }
        == "member b.npy was altered: its checksum does not match")
    #expect(refusal { $0.members[1].crc ^= 1 }.hasPrefix("member b.npy has a header that"))
    #expect(refusal { $0.members[1].localCRC ^= 1 }.hasPrefix("member b.npy has a header that"))
    #expect(
      refusal { $0.members[1].method = 12 }
        == "member b.npy has the compression 12, expected 0 or 8 (deflate)")
    #expect(
      refusal { $0.members[1].flags = 1 } == "member b.npy is encrypted, or has unknown flags")
    #expect(
      refusal { $0.members[1].method = 8 } == "member b.npy does not decompress to 132 bytes")
    #expect(
      refusal { $0.members[1].size += 1 } == "member b.npy is stored in 132 bytes, expected 133")
    #expect(
      refusal { $0.members[1].packedSize += 1 }
        == "member b.npy would have 133 bytes, expected at most 132")
    #expect(
      refusal { $0.members[0].packedSize -= 1 } == "has 1 bytes after member a.npy, expected none")
    #expect(refusal { $0.members[1].offset = 0 } == "ends within the field of 4 bytes at 0")
    #expect(refusal { $0.members[0].offset = 1 } == "member a.npy begins at 1, expected 0")
    #expect(
      refusal {
        $0.members[1].contents[0] = 0
        $0.members[1].updateCRC()
      } == "array b does not begin as a NumPy array")
    #expect(refusal { $0.count = 1 } == "has 51 bytes after its directory, expected none")
    #expect(refusal { $0.count = 3 }.hasPrefix("has a directory"))
    #expect(refusal { $0.count = 0xffff }.hasPrefix("has a directory"))
    #expect(refusal { $0.disk = 1 } == "is a part of a ZIP archive in several parts")
    #expect(refusal { $0.prefix = Data(count: 3) }.hasPrefix("has a directory of 102 bytes"))
    #expect(refusal { $0.comment = Data("hi".utf8) }.hasPrefix("does not end in the directory"))
  }

  /// Every 32-bit and 16-bit field of the headers at the edges of its type.
  @Test func fieldsAtTheEdges() throws {
    var archive = ZIPBuilder()
    archive.add(NPZTests.vector, named: "a.npy")
    archive.add(NPZTests.vector, named: "b.npy", isLong: true)
    for whole in [archive.file, try Data(contentsOf: goldenFile("numpy/piped.npz"))] {
      for start in whole.indices.dropLast(3) {
        for value in [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff] as [UInt32] {
          var altered = whole
          altered.replaceSubrange(
            start..<start + 4, with: withUnsafeBytes(of: value.littleEndian) { Data($0) })
          do { _ = try read(altered) } catch { #expect(error is FileError) }
        }
      }
    }
  }

  @Test func longDirectories() throws {
    var archive = ZIPBuilder()
    archive.add(NPZTests.vector, named: "a.npy", isLong: true)
    archive.isLong = true
    #expect(try read(archive.file).tensors.count == 1)
    for field in 0..<3 {
      for value in [0, 2, 1 << 32, UInt64(Int64.max), UInt64(Int64.max) + 1, .max] as [UInt64] {
        var altered = archive
        altered.longFields = [field: value]
        #expect(message { try read(altered.file) }.hasPrefix("test: "), "\(field) \(value)")
      }
    }
    for value in [1 << 32, UInt64(Int64.max), UInt64(Int64.max) + 1, .max] as [UInt64] {
      for field in 0..<3 {
        var altered = archive
        altered.members[0].longFields = [field: value]
        #expect(message { try read(altered.file) }.hasPrefix("test: "), "\(field) \(value)")
      }
    }
  }

  /// Fields of the end of an archive with a 64-bit directory, by their distances from the end of the file.
  @Test(
    arguments: [
      (0, 0, nil), (38, 1, "is a part of a ZIP archive in several parts"),
      (26, 2, "is a part of a ZIP archive in several parts"),
      (26, 0, "is a part of a ZIP archive in several parts"),
      (34, 1, "has a 64-bit directory at PLUS, expected PLACE"),
      (98, 0, "has an invalid 64-bit directory"), (94, 45, "has an invalid 64-bit directory"),
      (82, 1, "is a part of a ZIP archive in several parts"),
      (78, 1, "is a part of a ZIP archive in several parts"),
      (74, 2, "is a part of a ZIP archive in several parts"),
      (66, 2, "is a part of a ZIP archive in several parts"),
      (18, 1, "is a part of a ZIP archive in several parts"),
      (16, 1, "is a part of a ZIP archive in several parts"),
      (14, 1, "is a part of a ZIP archive in several parts"),
      (12, 7, "has two directories that differ"),
      (10, 7, "has two directories that differ"), (6, 7, "has two directories that differ"),
      (2, 1, "has a comment, expected none"),
    ] as [(Int, UInt8, String?)])
  func endsOfLongDirectories(distance: Int, value: UInt8, expected: String?) throws {
    var archive = ZIPBuilder()
    archive.add(NPZTests.vector, named: "a.npy")
    archive.isLong = true
    var file = archive.file
    let place = file.count - 98
    if distance == 34 {
      file[file.count - distance] += value
    } else if distance > 0 {
      file[file.count - distance] = value
    }
    let words = expected?.replacing("PLUS", with: "\(place + 1)")
      .replacing("PLACE", with: "\(place)")
    #expect(
      message { try read(file).tensors.count } == (words.map { "test: " + $0 } ?? "no error but 1"))
  }

  /// A 32-bit field may have the value of the 64-bit field.
  @Test func shortFieldsMayAgree() throws {
    var archive = ZIPBuilder()
    archive.add(NPZTests.vector, named: "a.npy")
    archive.isLong = true
    var file = archive.file
    for distance in [14, 12] {
      (file[file.count - distance], file[file.count - distance + 1]) = (1, 0)
    }
    #expect(try read(file).tensors.count == 1)
    var plain = ZIPBuilder()
    plain.add(NPZTests.vector, named: "a.npy")
    file = plain.file
    file[file.count - 14] = 2
    #expect(message { try read(file) } == "test: is a part of a ZIP archive in several parts")
  }

  @Test func archivesMayBeEmpty() throws {
    let empty = ZIPBuilder().file
    #expect(empty.count == 22)
    #expect(try read(empty).tensors.isEmpty)
    var shifted = Data([1, 2, 3]) + empty
    shifted[shifted.count - 6] = 3
    #expect(message { try read(shifted) } == "test: has 3 bytes before its directory")
    #expect(message { try read(empty.dropFirst()) }.hasSuffix("expected a NumPy archive (.npz)"))
  }

  /// 64 MiB of zeros in 64 KiB.
  @Test func aBombIsRefusedBeforeItIsDecompressed() throws {
    let packed = try ZIPBuilder.deflate(Data(count: 1 << 26))
    var archive = ZIPBuilder()
    archive.add(packed, named: "a.npy", decompressedSize: 1 << 26)
    let most = 14 * archive.file.count + (1 << 19)
    #expect(
      message { try read(archive.file) }
        == "test: needs \(1 << 26) bytes of memory, expected at most \(most) for a file of its size"
    )
    // A size that lies is found where it ends.
    archive.members[0].size = 1 << 19
    #expect(
      message { try read(archive.file) }
        == "test: member a.npy does not decompress to \(1 << 19) bytes")
    for size in [UInt64(Int64.max), 1 << 62] {
      archive.members[0].longFields = [0: size]
      #expect(message { try read(archive.file) }.hasPrefix("test: "))
    }
  }

  @Test func damagedFilesAreRefusedOrRead() throws {
    for name in ["compressed", "piped", "stored"] {
      let whole = try Data(contentsOf: goldenFile("numpy/\(name).npz"))
      for count in whole.indices {
        #expect(throws: FileError.self) { try read(whole.prefix(count)) }
      }
      for mutant in Mutants(of: whole, count: 1000, seed: 7) {
        do { _ = try read(mutant) } catch { #expect(error is FileError) }
      }
    }
    #expect(
      message { try read(Data("{\"a\":1}                       ".utf8)) }
        == "test: is a JSON file, expected a NumPy archive (.npz)")
  }

  /// An array of one element, in 132 bytes.
  static let vector = try! SafeTensors.Tensor("v", shape: [1], elements: [1 as Float])
    .npy(named: "test").reduce(Data(), +)
}
