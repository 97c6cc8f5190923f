// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurONNX
import Testing

/// Models whose tensors are in other files, as PyTorch's newer exporter and large models have them.
@Suite("ONNX models with external data")
struct ONNXExternalDataTests {
  typealias Parts = ONNXParts

  /// A 2 x 2 matrix M in a file, and y = x M.
  private static func model(
    _ location: String, offset: String? = nil, length: String? = nil, count: Int = 1
  ) -> [UInt8] {
    let pairs = [("location", location), ("offset", offset), ("length", length), ("checksum", "?")]
    let data = pairs.compactMap { key, value in
      value.map {
        WireMessage.Field.bytes(
          13, WireMessage([.bytes(1, Parts.text(key)), .bytes(2, Parts.text($0))]).bytes)
      }
    }
    let matrices = (0..<count).map { k in
      WireMessage(
        [.varint(1, 2), .varint(1, 2), .varint(2, 1), .bytes(8, Parts.text("M\(k)"))] + data
          + [.varint(14, 1)])
    }
    let names = ["x"] + (1..<count).map { "y\($0)" } + ["y"]
    let nodes = (0..<count).map { k in
      Parts.node("MatMul", [names[k], "M\(k)"], [names[k + 1]])
    }
    let shape = ["T", "B", "2"]
    return Parts.model(
      Parts.graph(
        nodes, inputs: [Parts.value("x", shape)], outputs: [Parts.value("y", shape)],
        constants: matrices))
  }

  private static func little(_ values: [Float]) -> Data {
    values.reduce(into: Data()) { data, value in
      withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
  }

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "onnx-\(UUID())")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "model/weights"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["secret", "model/m.data", "model/weights/m.data"] {
      try Self.little([9, 1, 2, 3, 4]).write(to: folder.appending(path: name))
    }
    try body(folder.appending(path: "model"))
  }

  @Test(
    "are read from files of the model's folder",
    arguments: [
      ("m.data", "4", "16", 1), ("weights/m.data", "4", nil, 1), ("m.data", "4", "16", 2),
      ("m.data", nil, nil, 1),
    ] as [(String, String?, String?, Int)])
  func read(_ location: String, _ offset: String?, _ length: String?, _ count: Int) throws {
    try withFolder { folder in
      let bytes = Self.model(location, offset: offset, length: length, count: count)
      let file = folder.appending(path: "m.onnx")
      try Data(bytes).write(to: file)
      let x = ONNXTensor<Float>(shape: [1, 1, 2], elements: [1, 10])
      // With the offset, M is (1 2; 3 4), without it (9 1; 2 3).
      let expected: [Float] = offset == nil ? [29, 31] : count == 1 ? [31, 42] : [157, 230]
      for model in [
        try ONNXModel<Float>(contentsOf: file), try ONNXModel<Float>(bytes: bytes, folder: folder),
      ] {
        #expect(try model.run(["x": x])["y"]?.elements == expected)
      }
    }
  }

  @Test("that lead out of the folder are refused")
  func outside() throws {
    try withFolder { folder in
      for (link, target) in [("link", "../secret"), ("parent", ".."), ("near", "m.data")] {
        try FileManager.default.createSymbolicLink(
          atPath: folder.appending(path: link).path, withDestinationPath: target)
      }
      let file = folder.appending(path: "m.onnx")
      for (name, reason) in [
        ("../secret", nil), ("weights/../../secret", nil), ("/etc/passwd", nil), ("", nil),
        ("./m.data", nil), ("weights//m.data", nil), ("m.data\0", nil),
        ("link", "link is a symbolic link, expected a file in the model's folder"),
        (
          "parent/secret",
          "parent/secret is a symbolic link, expected a file in the model's folder"
        ),
        ("near", "near is a symbolic link, expected a file in the model's folder"),
      ] as [(String, String?)] {
        try Data(Self.model(name, offset: "4")).write(to: file)
        let expected =
          reason
          ?? "the model names the file \"\(name)\", expected a name within the model's folder"
        #expect(throws: ONNXError.file(reason: expected)) {
          try ONNXModel<Float>(contentsOf: file)
        }
      }
    }
  }

  @Test("whose files do not fit are refused")
  func wrong() throws {
    try withFolder { folder in
      #expect(mkfifo(folder.appending(path: "pipe").path, 0o600) == 0)
      for (name, offset, length, message) in [
        ("none", "4", nil, "none: No such file or directory"),
        ("weights", "4", nil, "weights is not a regular file"),
        ("pipe", "4", nil, "pipe is not a regular file"),
        ("m.data/m", "4", nil, "m.data/m: Not a directory"),
        ("m.data", "8", nil, "tensor \"M0\" has 16 bytes at 8 of \"m.data\", which has 20"),
        ("m.data", "21", nil, "tensor \"M0\" has 16 bytes at 21 of \"m.data\", which has 20"),
        (
          "m.data", "\(Int.max)", nil,
          "tensor \"M0\" has 16 bytes at \(Int.max) of \"m.data\", which has 20"
        ),
        ("m.data", "4", "20", "tensor \"M0\" has 20 bytes in \"m.data\", expected 16"),
        ("m.data", "-1", nil, "external_data has the offset \"-1\""),
        ("m.data", "4", "1e9", "external_data has the length \"1e9\""),
      ] as [(String, String, String?, String)] {
        let bytes = Self.model(name, offset: offset, length: length)
        let error = #expect(throws: ONNXError.self) {
          try ONNXModel<Float>(bytes: bytes, folder: folder)
        }
        #expect(error.map { "\($0)" } == message)
      }
      // A hole, which takes no space on the disk.
      let large = folder.appending(path: "large")
      try Data().write(to: large)
      #expect(truncate(large.path, 1 << 30) == 0)
      let error = #expect(throws: ONNXError.self) {
        try ONNXModel<Float>(bytes: Self.model("large"), folder: folder)
      }
      let message = error.map { "\($0)" } ?? ""
      #expect(message.hasPrefix("large has 1073741824 bytes, expected at most"), "\(message)")
    }
  }

  @Test("need a folder")
  func memory() {
    #expect(
      ONNXRefusedModelTests.message(Self.model("m.data"))
        == "tensor \"M0\" is in the file \"m.data\", and the model's folder is not known")
  }
}
