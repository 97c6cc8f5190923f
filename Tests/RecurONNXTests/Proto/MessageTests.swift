// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurONNX

@Suite("Messages of ONNX files")
struct ONNXMessageTests {
  typealias Parts = ONNXParts

  private func message(_ bytes: [UInt8]) -> String { ONNXRefusedModelTests.message(bytes) }

  private static let graph = GraphText("x: float[T,B,4]\ny = Tanh(x)")

  /// A model whose versions of operators are those of `domains`.
  private func model(_ domains: [(String, UInt64)], graphs: Int = 1) -> [UInt8] {
    let graph = Parts.graph(
      Self.graph.nodes, inputs: Self.graph.inputs, outputs: [Parts.value("y", [])])
    return WireMessage(
      Array(repeating: .bytes(7, graph.bytes), count: graphs)
        + domains.map {
          .bytes(8, WireMessage([.bytes(1, Parts.text($0.0)), .varint(2, $0.1)]).bytes)
        }
    ).bytes
  }

  @Test("a model has one graph and one version of ONNX's operators")
  func models() {
    #expect(message(model([("", 17)])) == "no error")
    #expect(message(model([("ai.onnx", 17)])) == "no error")
    #expect(message(model([("other", 3), ("", 17), ("another", 99)])) == "no error")
    #expect(message(model([("", 7)])) == "no error" && message(model([("", 25)])) == "no error")
    #expect(message(model([("", 6)])) == "opset is 6, expected 7 to 25")
    #expect(message(model([("", 26)])) == "opset is 26, expected 7 to 25")
    #expect(message(model([("other", 17)])) == "the model has no version of ONNX's operators")
    #expect(message(model([])) == "the model has no version of ONNX's operators")
    #expect(
      message(model([("", 17), ("ai.onnx", 17)])) == "the model has two versions of operators")
    #expect(message(model([("", 17)], graphs: 2)) == "the model has two graphs")
    #expect(message(model([("", 17)], graphs: 0)) == "the file has no graph of an ONNX model")
    #expect(message([]) == "the file has no graph of an ONNX model")
  }

  /// A model of one node with more fields.
  private func node(_ fields: [WireMessage.Field], _ name: String = "Tanh") -> [UInt8] {
    var node = Parts.node(name, ["x"], ["y"])
    node.fields += fields
    return Parts.model(
      Parts.graph([node], inputs: Self.graph.inputs, outputs: [Parts.value("y", [])]))
  }

  private static func attribute(_ fields: WireMessage.Field...) -> WireMessage.Field {
    .bytes(5, WireMessage([.bytes(1, Parts.text("a"))] + fields).bytes)
  }

  @Test(
    "parts of nodes that are not supported are refused",
    arguments: [
      ([], "no error"), ([.bytes(6, [])], "no error"), ([.bytes(7, [])], "no error"),
      ([.bytes(7, Parts.text("ai.onnx"))], "no error"), ([.bytes(8, [])], "no error"),
      ([.bytes(8, Parts.text("second"))], "overload is not supported"),
      (
        [attribute(.varint(3, 1))],
        "Tanh \"node-Tanh\": has the attribute a, which is not supported"
      ),
      ([attribute(.varint(3, 1)), attribute(.varint(3, 1))], "a node has two attributes \"a\""),
      ([attribute(.bytes(21, []))], "ref_attr_name is not supported"),
      ([attribute(.bytes(10, []))], "attribute is a list of tensors, graphs or types"),
      ([attribute(.bytes(11, []))], "attribute is a list of tensors, graphs or types"),
      ([attribute(.bytes(14, []))], "attribute is a list of tensors, graphs or types"),
      ([attribute(.bytes(15, []))], "attribute is a list of tensors, graphs or types"),
      ([attribute(.bytes(22, []))], "sparse_tensor is not supported"),
      ([attribute(.bytes(23, []))], "sparse_tensor is not supported"),
      ([attribute(.varint(2, 1))], "f has the wrong wire type"),
      ([attribute(.bytes(3, []))], "i has the wrong wire type"),
      ([attribute(.varint(4, 1))], "s has the wrong wire type"),
      ([attribute(.varint(5, 1))], "t has the wrong wire type"),
      ([attribute(.varint(6, 1))], "g has the wrong wire type"),
      ([attribute(.varint(7, 1))], "floats has the wrong wire type"),
      ([attribute(.fixed32(8, 1))], "ints has the wrong wire type"),
      ([attribute(.varint(9, 1))], "strings has the wrong wire type"),
      ([.varint(1, 1)], "input has the wrong wire type"),
      ([.varint(2, 1)], "output has the wrong wire type"),
      ([.varint(3, 1)], "name has the wrong wire type"),
      ([.varint(4, 1)], "op_type has the wrong wire type"),
      ([.varint(5, 1)], "attribute has the wrong wire type"),
      ([.varint(7, 1)], "domain has the wrong wire type"),
    ] as [([WireMessage.Field], String)])
  fileprivate func nodes(_ fields: [WireMessage.Field], _ expected: String) {
    #expect(message(node(fields)) == expected)
  }

  @Test("nodes have at most 32 attributes and 16384 inputs")
  func nodeLimits() throws {
    func read(_ fields: [WireMessage.Field]) throws -> NodeProto {
      var parts = PartCount(bytes: 1000, ExternalData(folder: nil, bytes: 0))
      return try NodeProto(WireReader(WireMessage(fields).bytes), depth: 0, &parts)
    }
    func attributes(_ count: Int) -> [WireMessage.Field] {
      (0..<count).map { .bytes(5, Parts.attribute("a\($0)", .varint(3, 0)).bytes) }
    }
    #expect(try read(attributes(32)).attributes.count == 32)
    #expect(throws: ONNXError.unsupported(part: "node", reason: "has more than 32 attributes")) {
      try read(attributes(33))
    }
    let input = WireMessage.Field.bytes(1, Parts.text("x"))
    #expect(try read(Array(repeating: input, count: 16_384)).inputs.count == 16_384)
    #expect(throws: ONNXError.unsupported(part: "node", reason: "has more than 16384 inputs")) {
      try read(Array(repeating: input, count: 16_385))
    }
  }

  @Test("the parts of a file have a limit")
  func parts() throws {
    #expect(Limit.parts(ofFile: 0) == 1000 && Limit.parts(ofFile: 640) == 1010)
    #expect(Limit.parts(ofFile: 1 << 30) == 65_536)
    var parts = PartCount(bytes: 640, ExternalData(folder: nil, bytes: 0))
    for _ in 0..<1010 { try parts.add() }
    #expect(
      throws: ONNXError.file(
        reason: "the model has more than 1010 nodes, tensors, inputs and outputs in 640 bytes")
    ) { try parts.add() }
  }

  @Test("graphs have at most 16 levels")
  func depth() {
    func nested(_ levels: Int) -> [UInt8] {
      (0..<levels).reduce([]) { inner, _ in
        let attribute = WireMessage([.bytes(1, Parts.text("then_branch")), .bytes(6, inner)])
        return Parts.graph(
          [Parts.node("If", ["x"], ["y"], [attribute])], inputs: [], outputs: []
        ).bytes
      }
    }
    func message(_ levels: Int) -> String {
      var parts = PartCount(bytes: 1 << 20, ExternalData(folder: nil, bytes: 0))
      do {
        _ = try GraphProto(WireReader(nested(levels)), depth: 0, &parts)
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(message(15) == "no error")
    #expect(message(16) == "graph has more than 16 levels")
  }

  private func input(_ type: WireMessage) -> String {
    let value = WireMessage([.bytes(1, Parts.text("x")), .bytes(2, type.bytes)])
    return message(
      Parts.model(
        Parts.graph(Self.graph.nodes, inputs: [value], outputs: [Parts.value("y", [])])))
  }

  @Test("inputs are tensors with a shape")
  func inputs() {
    for field in [4, 5, 8, 9] {
      #expect(
        input(WireMessage([.bytes(field, [])]))
          == "\"x\" is a sequence, a map, optional or sparse")
    }
    #expect(input(WireMessage([.bytes(6, [])])) == "input \"x\" has no shape")
    let float = WireMessage([.varint(1, 1)])
    #expect(input(WireMessage([.bytes(1, float.bytes)])) == "input \"x\" has no shape")
    func shape(_ dims: [WireMessage.Field]) -> String {
      let shape = WireMessage([.bytes(2, [])] + dims)
      return input(
        WireMessage([.bytes(1, WireMessage([.varint(1, 1), .bytes(2, shape.bytes)]).bytes)]))
    }
    let size = { (number: UInt64) in
      WireMessage.Field.bytes(1, WireMessage([.varint(1, number)]).bytes)
    }
    #expect(shape([size(2), size(3)]) == "no error")
    #expect(shape(Array(repeating: size(1), count: 8)) == "no error")
    #expect(shape(Array(repeating: size(1), count: 9)) == "shape has more than 8 axes")
    #expect(shape([size(1 << 28)]) == "no error")
    #expect(shape([size((1 << 28) + 1)]) == "input \"x\" has an axis of size 268435457")
  }

  @Test("sizes that are not positive and empty names are unknown sizes")
  func dimensions() throws {
    let fields: [WireMessage.Field] = [
      .varint(1, 3), .varint(1, 0), .varint(1, UInt64.max), .bytes(2, Parts.text("T")),
      .bytes(2, []), .bytes(3, []),
    ]
    var shape = WireMessage()
    shape[1] = fields.map { WireMessage([$0]).bytes }
    let tensor = WireMessage([.varint(1, 1), .bytes(2, shape.bytes)])
    let info = try ValueInfoProto(
      WireReader(
        WireMessage([
          .bytes(1, Parts.text("x")), .bytes(2, WireMessage([.bytes(1, tensor.bytes)]).bytes),
        ]).bytes))
    let names = try #require(info.shape).map { dimension in
      switch dimension {
      case .size(let size): "\(size)"
      case .name(let name): name
      case .unknown: "?"
      }
    }
    #expect(names == ["3", "?", "?", "T", "?", "?"])
    #expect(info.namedAxes == ["x.1", "x.2", "T", "x.4", "x.5"])
    #expect(info.elementType == 1)
  }

  @Test("a safetensors file is named, and other errors are not replaced")
  func otherFormats() {
    let zeros = [UInt8](repeating: 0, count: 8)
    let format = "the file is a safetensors file, expected an ONNX model"
    let brace = UInt8(ascii: "{")
    #expect(message(zeros + [brace]) == format)
    #expect(message(Array(zeros.dropLast()) + [1, brace]) != format)
    #expect(message([0, 0, 0, 0, 0, 1, 0, 0, brace]) != format)
    #expect(message([0, 0, 0, 0, 1, 0, 0, 0, brace]) == format)
    #expect(message(zeros + [UInt8(ascii: "[")]) != format)
    #expect(message(zeros) != format)
    // A field 20 in a file that could be of the other format.
    #expect(message([0xA2, 1, 0, 0, 0, 0, 0, 0, brace]) == "training_info is not supported")
  }
}
