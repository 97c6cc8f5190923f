// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurONNX
import Testing

@Suite("ONNX models that Recur cannot express")
struct ONNXRefusedModelTests {
  typealias Parts = ONNXParts

  /// A model of one node of a value `x` of T x B x 4 and constants.
  static func model(
    _ operatorName: String, _ inputs: [String] = ["x"], _ attributes: [WireMessage] = [],
    constants: [WireMessage] = [], outputs: [String] = ["y"], opset: UInt64 = 17
  ) -> [UInt8] {
    Parts.model(
      Parts.graph(
        [Parts.node(operatorName, inputs, outputs, attributes)],
        inputs: [Parts.value("x", ["T", "B", "4"]), Parts.value("z", ["T", "B", "4"])],
        outputs: [Parts.value("y", ["T", "B", "4"])], constants: constants),
      opset: opset)
  }

  static func message(_ bytes: [UInt8]) -> String {
    do {
      _ = try ONNXModel<Float>(bytes: bytes)
      return "no error"
    } catch { return "\(error)" }
  }

  static let w = Parts.floats("W", [1, 4, 4], Array(repeating: 0.1, count: 16))
  static let r = Parts.floats("R", [1, 4, 4], Array(repeating: 0.2, count: 16))
  static let matrix = Parts.floats("M", [4, 4], Array(repeating: 0.1, count: 16))
  static let cases: [(String, [UInt8])] = [
    ("Sin \"node-Sin\": is not a supported operator", model("Sin")),
    (
      "Loop \"node-Loop\": is not a supported operator; Keras and others write a recurrent layer as a "
        + "loop; save the weights instead, which recur convert --graph --layout keras reads",
      model("Loop")
    ),
    (
      "MaxPool \"node-MaxPool\": is not a supported operator; Recur has no pooling of a part of the "
        + "steps or positions", model("MaxPool")
    ),
    (
      "TopK \"node-TopK\": is not a supported operator; pack_padded_sequence of PyTorch sorts the "
        + "sequences if enforce_sorted is False; export the model without packing", model("TopK")
    ),
    (
      "Conv \"node-Conv\": pads with stride 2 as many steps as the size T needs, which is not known; give "
        + "the size of T: sizes: [\"T\": N], or --size T=N of the command",
      Parts.model(
        Parts.graph(
          [
            Parts.node(
              "Conv", ["x", "K"], ["y"],
              [
                Parts.attribute("auto_pad", .bytes(4, Parts.text("SAME_UPPER"))),
                Parts.attribute("strides", [2]),
              ])
          ], inputs: [Parts.value("x", ["B", "4", "T"])],
          outputs: [Parts.value("y", ["B", "4", "S"])],
          constants: [Parts.floats("K", [4, 4, 3], Array(repeating: 0.1, count: 48))]))
    ),
    (
      "Gelu \"node-Gelu\": has the approximation fast, expected none or tanh",
      model("Gelu", ["x"], [Parts.attribute("approximate", .bytes(4, Parts.text("fast")))])
    ),
    (
      "RNN \"node-RNN\": has the direction reverse, and Recur has no network of that direction alone",
      model(
        "RNN", ["x", "W", "R"], [Parts.attribute("direction", .bytes(4, Parts.text("reverse")))],
        constants: [w, r])
    ),
    (
      "RNN \"node-RNN\": has an initial state that is a constant other than 0; make it an "
        + "input of the model",
      model(
        "RNN", ["x", "W", "R", "", "", "h"],
        constants: [w, r, Parts.floats("h", [1, 1, 4], [0, 1, 0, 0])])
    ),
    (
      "RNN \"node-RNN\": has sequence_lens, which is not supported",
      model("RNN", ["x", "W", "R", "", "n"], constants: [w, r, Parts.integers("n", [2], [1, 2])])
    ),
    (
      "RNN \"node-RNN\": has the attribute output_sequence, which is not supported",
      model(
        "RNN", ["x", "W", "R"], [Parts.attribute("output_sequence", .varint(3, 1))],
        constants: [w, r])
    ),
    (
      "RNN \"node-RNN\": has the activation Gelu, which is not supported",
      model(
        "RNN", ["x", "W", "R"], [Parts.attribute("activations", .bytes(9, Parts.text("Gelu")))],
        constants: [w, r])
    ),
    (
      "RNN \"node-RNN\": has an input 2 of the shape [1, 4, 3], expected [1, 4, 4]",
      model(
        "RNN", ["x", "W", "R"],
        constants: [Parts.floats("W", [1, 4, 3], Array(repeating: 0.1, count: 12)), r])
    ),
    (
      "Sigmoid \"node-Sigmoid\": has the attribute alpha, which is not supported",
      model("Sigmoid", ["x"], [Parts.attribute("alpha", .fixed32(2, 0))])
    ),
    (
      "MatMul \"node-MatMul\": has an input 2 that depends on the model's inputs, expected a constant",
      model("MatMul", ["x", "z"])
    ),
    (
      "Div \"node-Div\": divides by a value, which is supported only for constants and normalizations",
      model("Div", ["x", "z"])
    ),
    ("Sqrt \"node-Sqrt\": is supported only for a² + b² and within a normalization", model("Sqrt")),
    (
      "output \"y\" is an absolute value, which Recur computes only as a part of a layer",
      model("Abs")
    ),
    (
      "Softmax \"node-Softmax\": has the axis 0 of steps, expected channels",
      model("Softmax", ["x"], [Parts.attribute("axis", .varint(3, 0))])
    ),
    (
      "ReduceMean \"node-ReduceMean\": reduces sequences, expected steps",
      model("ReduceMean", ["x"], [Parts.attribute("axes", [0, 1])])
    ),
    (
      "Elu \"node-Elu\": has the attribute alpha of another type, expected a finite number",
      model("Elu", ["x"], [Parts.attribute("alpha", .varint(3, 1))])
    ),
    ("Tanh \"node-Tanh\": has 2 outputs, expected at most 1", model("Tanh", outputs: ["y", "y2"])),
    ("Tanh \"node-Tanh\": has 2 inputs, expected at most 1", model("Tanh", ["x", "z"])),
    ("Tanh \"node-Tanh\" reads \"q\", which no earlier node computes", model("Tanh", ["q"])),
    ("Tanh \"node-Tanh\": has no input 1", model("Tanh", [""])),
    ("opset is 99, expected 7 to 25", model("Tanh", opset: 99)),
    ("no node computes the output \"y\"", model("Tanh", outputs: ["z2"])),
    (
      "If \"node-If\": has an input 1 that depends on the model's inputs, expected a constant",
      model("If", ["x"])
    ),
    (
      "data_location is 2, expected 0 or 1",
      model(
        "MatMul", ["x", "M"],
        constants: [
          WireMessage([
            .varint(1, 4), .varint(1, 4), .varint(2, 1), .bytes(8, Parts.text("M")), .varint(14, 2),
          ])
        ])
    ),
    (
      "tensor \"M\" has elements of type 8",
      model(
        "MatMul", ["x", "M"],
        constants: [
          WireMessage([.varint(1, 4), .varint(1, 4), .varint(2, 8), .bytes(8, Parts.text("M"))])
        ])
    ),
    (
      "tensor \"M\" has the shape [4611686018427387904, 4]",
      model(
        "MatMul", ["x", "M"],
        constants: [
          WireMessage([
            .varint(1, 1 << 62), .varint(1, 4), .varint(2, 1), .bytes(8, Parts.text("M")),
          ])
        ])
    ),
  ]

  @Test("are refused with the operator, the node and the reason", arguments: cases)
  func refused(_ message: String, _ bytes: [UInt8]) {
    #expect(Self.message(bytes) == message)
  }

  @Test(
    "messages that change the meaning of a model are refused by name",
    arguments: [
      (20, "training_info is not supported"), (25, "functions are not supported"),
    ])
  func refusedMessages(_ field: Int, _ message: String) {
    let graph = Parts.graph(
      [Parts.node("Tanh", ["x"], ["y"])], inputs: [Parts.value("x", ["T", "B", "4"])],
      outputs: [Parts.value("y", ["T", "B", "4"])])
    #expect(Self.message(Parts.model(graph)) == "no error")
    #expect(Self.message(Parts.model(graph, [.bytes(field, [])])) == message)
  }

  @Test(
    "parts of graphs that are not supported are refused by name",
    arguments: [
      (14, "quantization_annotation is not supported"), (15, "sparse_initializer is not supported"),
    ])
  func refusedGraphFields(_ field: Int, _ message: String) {
    var graph = Parts.graph(
      [Parts.node("Tanh", ["x"], ["y"])], inputs: [Parts.value("x", ["T", "B", "4"])],
      outputs: [Parts.value("y", ["T", "B", "4"])])
    graph[field] = [[]]
    #expect(Self.message(Parts.model(graph)) == message)
  }

  /// A file of 200 bytes must not take gigabytes.
  @Test("a layer with far more parameters than the file is refused")
  func tooManyParameters() {
    let wide = ["T", "B", "268435456"]
    func message(_ nodes: [WireMessage]) -> String {
      Self.message(
        Parts.model(
          Parts.graph(
            nodes, inputs: [Parts.value("x", wide)], outputs: [Parts.value("y", wide)],
            constants: [
              Parts.floats("W", [1], [2]), Parts.floats("two", [], [2]),
              Parts.floats("e", [], [0.1]),
            ])))
    }
    #expect(
      message([Parts.node("LayerNormalization", ["x", "W"], ["y"])])
        == "LayerNormalization \"node-LayerNormalization\": has more parameters than the file can have"
    )
    let last = Parts.attribute("axes", [-1])
    #expect(
      message([
        Parts.node("ReduceMean", ["x"], ["m"], [last]), Parts.node("Sub", ["x", "m"], ["d"]),
        Parts.node("Pow", ["d", "two"], ["q"]), Parts.node("ReduceMean", ["q"], ["v"], [last]),
        Parts.node("Add", ["v", "e"], ["w"]), Parts.node("Sqrt", ["w"], ["s"]),
        Parts.node("Div", ["d", "s"], ["y"]),
      ]) == "model has 536870912 parameters, more than the file can have")
  }

  /// As tf2onnx writes Keras's embedding.
  @Test("an index that counts from the end if it is negative is an embedding")
  func indexFromTheEnd() throws {
    let cast = { (type: UInt64) in [Parts.attribute("to", .varint(3, type))] }
    let graph = Parts.graph(
      [
        Parts.node("Add", ["x", "rows"], ["shifted"]), Parts.node("Cast", ["x"], ["f"], cast(1)),
        Parts.node("Less", ["f", "zero"], ["n"]), Parts.node("Not", ["n"], ["p"]),
        Parts.node("Cast", ["p"], ["pi"], cast(7)), Parts.node("Cast", ["n"], ["ni"], cast(7)),
        Parts.node("Mul", ["x", "pi"], ["a"]), Parts.node("Mul", ["ni", "shifted"], ["b"]),
        Parts.node("Add", ["b", "a"], ["index"]), Parts.node("Gather", ["E", "index"], ["y"]),
      ],
      inputs: [Parts.value("x", type: 7, ["B", "T"])],
      outputs: [Parts.value("y", ["B", "T", "2"])],
      constants: [
        Parts.integers("rows", [], [3]), Parts.floats("zero", [], [0]),
        Parts.floats("E", [3, 2], [1, 2, 3, 4, 5, 6]),
      ])
    let model = try ONNXModel<Float>(bytes: Parts.model(graph))
    #expect(model.model.graph.nodes.map(\.name) == ["x", "embedding"])
    let y = try model.run([:], tokens: ["x": ONNXTensor(shape: [1, 2], elements: [2, 0])])["y"]
    #expect(y == ONNXTensor(shape: [1, 2, 2], elements: [5, 6, 1, 2]))
  }

  @Test("operators of other domains are refused")
  func otherDomains() {
    var node = Parts.node("FusedMatMul", ["x"], ["y"])
    node[7] = [Parts.text("com.microsoft")]
    let graph = Parts.graph(
      [node], inputs: [Parts.value("x", ["T", "B", "4"])],
      outputs: [Parts.value("y", ["T", "B", "4"])])
    #expect(
      Self.message(Parts.model(graph))
        == "FusedMatMul \"node-FusedMatMul\": is an operator of com.microsoft, which is not supported"
    )
  }

  @Test("inputs of other types are refused")
  func otherTypes() {
    let graph = Parts.graph(
      [Parts.node("Tanh", ["x"], ["y"])], inputs: [Parts.value("x", type: 8, ["T", "B", "4"])],
      outputs: [Parts.value("y", ["T", "B", "4"])])
    #expect(
      Self.message(Parts.model(graph)) == "input \"x\" has elements of a type that is not supported"
    )
    let tokens = Parts.graph(
      [Parts.node("Tanh", ["x"], ["y"])], inputs: [Parts.value("x", type: 7, ["T", "B"])],
      outputs: [Parts.value("y", ["T", "B"])])
    #expect(
      Self.message(Parts.model(tokens)) == "Tanh \"node-Tanh\": reads tokens, which only Gather can"
    )
  }

  /// PyTorch's newer exporter writes a simple network as one copy of its products for each step.
  @Test("a network that is written out with another weight at one step is refused")
  func otherWeights() throws {
    let name = "rnn_relu_dynamo"
    var model = WireMessage(try GoldenModels.bytes(name))
    var graph = WireMessage(model[7][0])
    // A copy of the recurrent weight with another name, for the product of the fourth step.
    let products = graph[1].indices.filter {
      WireMessage(graph[1][$0])[4] == [Parts.text("MatMul")]
    }
    var product = WireMessage(graph[1][products[4]])
    let k = graph[5].firstIndex { WireMessage($0)[8] == [product[1][1]] }!
    var tensor = WireMessage(graph[5][k])
    tensor[8] = [Parts.text("other")]
    graph[5].append(tensor.bytes)
    product[1] = [product[1][0], Parts.text("other")]
    graph[1][products[4]] = product.bytes
    model[7] = [graph.bytes]
    let message = Self.message(model.bytes)
    #expect(
      message.hasSuffix("is a part of a network that is written out in an unknown form"),
      "\(message)")
  }

  @Test("single steps other than the first and last are refused")
  func singleSteps() {
    let graph = Parts.graph(
      [Parts.node("Slice", ["x", "one", "two", "zero"], ["y"])],
      inputs: [Parts.value("x", ["6", "B", "4"])], outputs: [Parts.value("y", ["1", "B", "4"])],
      constants: [
        Parts.integers("zero", [1], [0]), Parts.integers("one", [1], [1]),
        Parts.integers("two", [1], [2]),
      ])
    // The first axis could also be positions.
    #expect(Self.message(Parts.model(graph)) == "no error")
    let error = #expect(throws: ONNXError.self) {
      try ONNXModel<Float>(
        bytes: Parts.model(graph), roles: ["x": [.steps, .sequences, .channels]])
    }
    #expect(
      error?.description == "output \"y\" is a part of a recurrent network that is written out, "
        + "which Recur computes only as a part of a layer")
  }
}
