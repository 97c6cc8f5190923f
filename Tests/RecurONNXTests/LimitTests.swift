// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurONNX
import Testing

/// Small files that would take much memory or time, and files that cannot be read.
@Suite("Limits of ONNX files")
struct ONNXLimitTests {
  typealias Parts = ONNXParts

  /// A model of nodes that compute `y` from `x`, of T x B x `channels`.
  private static func message(
    _ nodes: [WireMessage], constants: [WireMessage] = [], channels: Int = 4,
    inputs: [WireMessage] = []
  ) -> String {
    let shape = ["T", "B", "\(channels)"]
    return ONNXRefusedModelTests.message(
      Parts.model(
        Parts.graph(
          nodes, inputs: [Parts.value("x", shape)] + inputs, outputs: [Parts.value("y", shape)],
          constants: constants)))
  }

  private static func raw(_ name: String, _ type: UInt64, _ dims: [Int], _ bytes: Int)
    -> WireMessage
  {
    WireMessage(
      dims.map { .varint(1, UInt64($0)) } + [
        .varint(2, type), .bytes(8, Parts.text(name)),
        .bytes(9, Array(repeating: 0, count: bytes)),
      ])
  }

  static let add = Parts.node("Add", ["x", "c"], ["y"])
  static let tanh = Parts.node("Tanh", ["x"], ["y"])
  static let one = Parts.floats("one", [1], [1])

  @Test("a constant that is computed from few elements has few")
  func computedConstants() {
    let shape = Parts.integers("shape", [2], [4096, 4096])
    let full = Parts.node("ConstantOfShape", ["shape"], ["a"])
    #expect(
      Self.message([full, Parts.node("Neg", ["a"], ["c"]), Self.add], constants: [shape])
        == "Neg \"node-Neg\": has a constant of the shape [4096, 4096], which is too large")
    let two = Parts.floats("two", [1, 2], [1, 2])
    #expect(
      Self.message(
        [Parts.node("Expand", ["two", "s"], ["c"]), Self.add],
        constants: [
          two, Parts.integers("s", [2], [1 << 15, 2]),
        ])
        == "Expand \"node-Expand\": computes a tensor of the shape [32768, 2], which is too large")
    #expect(
      Self.message(
        [Parts.node("Gather", ["two", "i"], ["c"]), Self.add],
        constants: [
          Parts.floats("two", [1, 32], Array(repeating: 1, count: 32)),
          Parts.integers("i", [1025], Array(repeating: 0, count: 1025)),
        ])
        == "Gather \"node-Gather\": computes a tensor of the shape [1025, 32], which is too large")
    let ends = [("a", 0), ("b", 1 << 15), ("d", 1)].map { Parts.integers($0.0, [], [$0.1]) }
    #expect(
      Self.message([Parts.node("Range", ["a", "b", "d"], ["c"]), Self.add], constants: ends)
        == "Range \"node-Range\": has the step 1")
  }

  @Test("constants that double end before they take much memory")
  func doublingConstants() {
    let axis = Parts.attribute("axis", .varint(3, 0))
    let doubling = (0..<40).map {
      Parts.node("Concat", ["c\($0)", "c\($0)"], ["c\($0 + 1)"], [axis])
    }
    let nodes = doubling + [Parts.node("Neg", ["c40"], ["c"]), Self.add]
    #expect(
      Self.message(nodes, constants: [Parts.floats("c0", [1], [1])])
        == "Concat \"node-Concat\": computes too many constants")
    let swaps = (0..<30).map { Parts.node("Transpose", ["w\($0)"], ["w\($0 + 1)"]) }
    #expect(
      Self.message(
        swaps + [Parts.node("MatMul", ["x", "w30"], ["y"])],
        constants: [Parts.floats("w0", [4, 50_000], Array(repeating: 1, count: 200_000))])
        == "Transpose \"node-Transpose\": computes too many constants")
  }

  @Test("a small file has few parameters, states and integers")
  func sizes() {
    let shape = ["T", "B", "2", "524288"]
    let columns = Parts.model(
      Parts.graph(
        [Self.add], inputs: [Parts.value("x", shape)], outputs: [Parts.value("y", shape)],
        constants: [Parts.floats("c", [2, 1], [1, 2])]))
    #expect(
      throws: ONNXError.unsupportedNode(
        operator: "Add", node: "node-Add", reason: "has more parameters than the file can have")
    ) {
      try ONNXModel<Float>(
        bytes: columns, roles: ["x": [.steps, .sequences, .positions, .channels]])
    }
    #expect(
      Self.message(
        [Parts.node("Gather", ["x", "i"], ["y"])],
        constants: [Self.raw("i", 3, [40_000], 40_000)])
        == "Gather \"node-Gather\": reads a tensor of integers of the shape [40000], which is too large"
    )
    #expect(
      Self.message([Self.add], constants: [Self.raw("c", 3, [40_000], 40_000)])
        == "Add \"node-Add\": reads a tensor of integers of the shape [40000], which is too large")
  }

  @Test("a file has few nodes, tensors, inputs and outputs for its size")
  func parts() {
    let empty = WireMessage([.varint(2, 1), .varint(1, 0)])
    #expect(
      Self.message([Self.tanh], constants: Array(repeating: empty, count: 2000))
        .contains("nodes, tensors, inputs and outputs in"))
    #expect(
      Self.message(Array(repeating: WireMessage(), count: 2000))
        .contains("nodes, tensors, inputs and outputs in"))
    let names = ["x"] + (0..<8200).map { "the value of a node, with a long name: \($0)" } + ["y"]
    let chain = zip(names, names.dropFirst()).map { Parts.node("Tanh", [$0], [$1]) }
    #expect(Self.message(chain).hasSuffix("follows more than 8192 layers"))
    #expect(
      Self.message(Array(chain.prefix(5000)) + [Parts.node("Tanh", [names[5000]], ["y"])])
        == "model has 5002 layers, expected at most 4096")
  }

  @Test("few nodes that are many layers each have few layers")
  func composedLayers() {
    let names = ["x"] + (0..<999).map { "\($0)" } + ["y"]
    let chain = zip(names, names.dropFirst()).map { Parts.node("Gelu", [$0], [$1]) }
    let message = Self.message(chain)
    #expect(message.hasPrefix("Gelu \"node-Gelu\": follows more than 1"), "\(message)")
    #expect(message.hasSuffix("layers") && message.count < 60, "\(message)")
  }

  @Test("a node has few attributes, and a tensor few axes")
  func attributesAndAxes() {
    let attributes = (0..<33).map { Parts.attribute("a\($0)", .varint(3, 0)) }
    #expect(
      Self.message([Parts.node("Tanh", ["x"], ["y"], attributes)])
        == "node has more than 32 attributes")
    for dims: WireMessage.Field in [
      .bytes(1, Array(repeating: 1, count: 9)), .bytes(1, Array(repeating: 1, count: 1000)),
    ] {
      let tensor = WireMessage([dims, .varint(2, 1), .bytes(9, [0, 0, 0, 0])])
      #expect(Self.message([Self.tanh], constants: [tensor]) == "a tensor has more than 8 axes")
    }
    #expect(
      Self.message([Parts.node("Tanh", Array(repeating: "q", count: 1000), ["y"])])
        == "Tanh \"node-Tanh\": has 1000 inputs, expected at most 1")
    #expect(
      Self.message([Parts.node("Concat", Array(repeating: "x", count: 20_000), ["y"])])
        == "node has more than 16384 inputs")
  }

  @Test("only regular files are read")
  func files() throws {
    for (path, reason) in [
      ("/dev/zero", "/dev/zero is not a regular file"),
      (GoldenModels.folder.path, "\(GoldenModels.folder.path) is not a regular file"),
      ("/nothing.onnx", "/nothing.onnx: No such file or directory"),
    ] {
      #expect(throws: ONNXError.file(reason: reason)) {
        try ONNXModel<Float>(contentsOf: URL(filePath: path))
      }
    }
    let web = try #require(URL(string: "https://localhost/a.onnx"))
    #expect(throws: ONNXError.file(reason: "https://localhost/a.onnx is not the URL of a file")) {
      try ONNXModel<Float>(contentsOf: web)
    }
  }
}
