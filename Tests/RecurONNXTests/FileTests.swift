// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import RecurONNX

@Suite("Files of ONNX models are read in full")
struct ONNXFileTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "onnx-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test("of any size up to the limit")
  func sizes() throws {
    try withFolder { folder in
      for count in [0, 1, 100_003] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
        let file = folder.appending(path: "file")
        try Data(bytes).write(to: file)
        #expect(try contents(ofFile: file.path) == bytes)
        #expect(try contents(ofFile: "file", inFolder: folder.path, atMost: count) == bytes)
        guard count > 0 else { continue }
        #expect(
          throws: ONNXError.file(reason: "file has \(count) bytes, expected at most \(count - 1)")
        ) { try contents(ofFile: "file", inFolder: folder.path, atMost: count - 1) }
      }
    }
  }

  @Test("that cannot be opened are named")
  func unreadable() throws {
    try withFolder { folder in
      let missing = folder.appending(path: "missing").path
      #expect(throws: ONNXError.file(reason: "\(missing): No such file or directory")) {
        try contents(ofFile: "file", inFolder: missing, atMost: 10)
      }
      #expect(throws: ONNXError.file(reason: "\(missing): No such file or directory")) {
        try contents(ofFile: missing)
      }
    }
  }

  @Test("the files of a model together have a limit")
  func allFiles() throws {
    try withFolder { folder in
      for name in ["a", "b"] {
        try Data([1, 2, 3, 4, 5]).write(to: folder.appending(path: name))
      }
      func place(_ name: String) throws -> ExternalPlace {
        var place = ExternalPlace()
        let pair = WireMessage([
          .bytes(1, ONNXParts.text("location")), .bytes(2, ONNXParts.text(name)),
        ])
        try place.read(WireReader(pair.bytes))
        return place
      }
      let data = ExternalData(folder: folder.path, bytes: Limit.bytes - 9)
      #expect(try Array(data.bytes(place("a"), count: 4, of: "t").rest) == [1, 2, 3, 4])
      #expect(try Array(data.bytes(place("a"), count: 5, of: "t").rest) == [1, 2, 3, 4, 5])
      #expect(data.size == 5)
      #expect(throws: ONNXError.file(reason: "b has 5 bytes, expected at most 4")) {
        try data.bytes(place("b"), count: 5, of: "t")
      }
      let enough = ExternalData(folder: folder.path, bytes: Limit.bytes - 10)
      _ = try enough.bytes(place("a"), count: 5, of: "t")
      _ = try enough.bytes(place("b"), count: 5, of: "t")
      #expect(enough.size == 10)
    }
  }
}
