// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurONNX

@Suite("ONNX graphs that are read")
struct ONNXInterpreterTests {
  typealias Parts = ONNXParts

  /// A branch that computes `names` by one node for each.
  private static func branch(_ operatorName: String, _ names: [String], inputs: [WireMessage] = [])
    -> [UInt8]
  {
    Parts.graph(
      names.map { Parts.node(operatorName, ["x"], [$0]) }, inputs: inputs,
      outputs: names.map { Parts.value($0, []) }
    ).bytes
  }

  /// y is tanh(x) if the condition holds, otherwise σ(x).
  private static func choice(
    _ condition: String, outputs: [String] = ["y"], branches: [(String, [UInt8])]? = nil
  ) -> [UInt8] {
    let constant = GraphText("c = Identity(\(condition))")
    let both =
      branches ?? [
        ("then_branch", branch("Tanh", ["a"])), ("else_branch", branch("Sigmoid", ["a"])),
      ]
    let node = Parts.node(
      "If", ["c"], outputs, both.map { Parts.attribute($0.0, .bytes(6, $0.1)) })
    return Parts.model(
      Parts.graph(
        constant.nodes + [node], inputs: [Parts.value("x", ["T", "B", "4"])],
        outputs: [Parts.value("y", [])], constants: constant.constants))
  }

  private func layer(_ bytes: [UInt8]) throws -> String {
    let names = try ONNXModel<Float>(bytes: bytes).model.graph.nodes.map(\.name)
    return names.last ?? ""
  }

  @Test("a condition chooses a branch")
  func branches() throws {
    for (condition, expected) in [
      ("bool[]:1", "tanh"), ("bool[]:0", "sigmoid"), ("bool[1]:1", "tanh"),
      ("int64[1,1]:-5", "tanh"), ("uint8[]:0", "sigmoid"),
    ] { #expect(try layer(Self.choice(condition)) == expected) }
  }

  @Test("conditions and branches that do not fit are refused")
  func wrongBranches() {
    let tanh = Self.branch("Tanh", ["a"])
    let none = "If \"node-If\": has no branch with 1 outputs"
    for (bytes, message) in [
      (Self.choice("bool[2]:1,1"), "If \"node-If\": has several conditions"),
      (Self.choice("bool[0]:"), "If \"node-If\": has several conditions"),
      (
        Self.choice("float[]:1"),
        "If \"node-If\": has a constant of floating-point numbers, expected integers"
      ),
      (Self.choice("bool[]:1", branches: [("else_branch", tanh)]), none),
      (Self.choice("bool[]:0", branches: [("then_branch", tanh)]), none),
      (Self.choice("bool[]:1", branches: [("then_branch", tanh)]), "no error"),
      (
        Self.choice("bool[]:1", branches: [("then_branch", Self.branch("Tanh", ["a", "b"]))]), none
      ),
      (
        Self.choice(
          "bool[]:1",
          branches: [("then_branch", Self.branch("Tanh", ["a"], inputs: [Parts.value("i", [])]))]),
        none
      ),
      (
        Self.choice("bool[]:1", outputs: ["y", "z"]),
        "If \"node-If\": has no branch with 2 outputs"
      ),
      (
        Self.choice("bool[]:1", branches: [("then_branch", Self.branch("Sin", ["a"]))]),
        "Sin \"node-Sin\": is not a supported operator"
      ),
    ] { #expect(ONNXRefusedModelTests.message(bytes) == message) }
  }

  @Test("outputs that a node does not have, and inputs that it does not read")
  func nodes() {
    for (text, message) in [
      ("y, a = Tanh(x)", "Tanh \"node-Tanh\": has 2 outputs, expected at most 1"),
      ("y,  = Tanh(x)", "no error"),
      ("a, y = Tanh(x)", "Tanh \"node-Tanh\": has 2 outputs, expected at most 1"),
      ("y = Tanh(x, )", "Tanh \"node-Tanh\": has 2 inputs, expected at most 1"),
      ("y = Tanh()", "Tanh \"node-Tanh\": has no input 1"),
      ("y = Add(x)", "Add \"node-Add\": has no input 2"),
      ("y = Add(x, )", "Add \"node-Add\": has no input 2"),
      ("y = Add(x, x, x)", "Add \"node-Add\": has 3 inputs, expected at most 2"),
      ("y = If(x, x)", "If \"node-If\": has 2 inputs, expected at most 1"),
      ("y = Tanh(x) b=1 a=1", "Tanh \"node-Tanh\": has the attribute a, which is not supported"),
      ("y = Tanh(x)\ny = Sigmoid(x)", "two nodes compute \"y\""),
      ("x = Tanh(x)\ny = Tanh(x)", "two nodes compute \"x\""),
      ("z = Sin(x)\ny = Tanh(x)", "no error"),
      (
        "y = Scan(x)",
        "Scan \"node-Scan\": is not a supported operator; Keras and others write a recurrent layer as "
          + "a loop; save the weights instead, which recur convert --graph --layout keras reads"
      ),
      (
        "y = AveragePool(x)",
        "AveragePool \"node-AveragePool\": is not a supported operator; Recur has no pooling of a part "
          + "of the steps or positions"
      ),
      ("y = Identity(float[1]:1)", "output \"y\" does not depend on the inputs"),
      ("y = Identity(x)", "no error"),
    ] { #expect(GraphText.message("x: float[T,B,4]\n" + text) == message) }
  }

  @Test("a node without a name has that of its first output")
  func labels() {
    var node = Parts.node("Sin", ["x"], ["y"])
    node[3] = []
    let graph = { (nodes: [WireMessage]) in
      ONNXRefusedModelTests.message(
        Parts.model(
          Parts.graph(
            nodes, inputs: [Parts.value("x", ["T", "B", "4"])], outputs: [Parts.value("y", [])])))
    }
    #expect(graph([node]) == "Sin \"y\": is not a supported operator")
    node[7] = [Parts.text("ai.onnx")]
    #expect(graph([node]) == "Sin \"y\": is not a supported operator")
    node[7] = [Parts.text("other")]
    #expect(graph([node]) == "Sin \"y\": is an operator of other, which is not supported")
    var choice = Parts.node("If", ["x"], ["y"])
    choice[7] = [Parts.text("other")]
    #expect(graph([choice]) == "If \"node-If\": is an operator of other, which is not supported")
  }

  @Test("names are used once")
  func duplicates() {
    let graph = GraphText("x: float[T,B,4]\ny = Add(x, float[]:1)")
    func message(
      inputs: [WireMessage]? = nil, constants: [WireMessage]? = nil, outputs: [String] = ["y"]
    ) -> String {
      ONNXRefusedModelTests.message(
        Parts.model(
          Parts.graph(
            graph.nodes, inputs: inputs ?? graph.inputs,
            outputs: outputs.map { Parts.value($0, []) },
            constants: constants ?? graph.constants)))
    }
    #expect(message() == "no error")
    #expect(message(inputs: graph.inputs + graph.inputs) == "the model has an input twice")
    #expect(
      message(constants: graph.constants + graph.constants)
        == "the graph has two tensors \"float[]:1\"")
    #expect(message(outputs: []) == "the model has no outputs, or one twice")
    #expect(message(outputs: ["y", "y"]) == "the model has no outputs, or one twice")
    // A tensor that is also listed as an input has its value in the file.
    #expect(message(inputs: graph.inputs + [Parts.value("float[]:1", [])]) == "no error")
    #expect(message(outputs: ["y", "x"]) == "no error")
  }

  @Test("all constants together have a limit")
  func budgets() throws {
    // A node counts as 64 elements, and its constants as their elements.
    let text = "a = Neg(float[4]:1,2,3,4)\ny = Neg(a)"
    #expect(try GraphText.value(text, budget: 140).constant != nil)
    #expect(throws: ONNXError.self) { try GraphText.value(text, budget: 139) }
    let one = "y = Neg(float[4]:1,2,3,4)"
    #expect(try GraphText.value(one, budget: 71).constant != nil)
    #expect(
      throws: ONNXError.unsupportedNode(
        operator: "Neg", node: "node-Neg", reason: "computes too many constants")
    ) { try GraphText.value(one, budget: 70) }
    #expect(throws: ONNXError.unsupported(part: "graph", reason: "takes too long to read")) {
      try GraphText.value(one, budget: 2)
    }
    // A size takes 2 words, and one with a name 8; an element of a state takes 2.
    for (text, states, least) in [
      ("a = Tanh(x)\ny = Identity(a)", [], 132), ("y = Shape(x)", [], 85),
      ("x: float[2,B,3]\ny = Transpose(x)", ["x"], 79),
    ] as [(String, Set<String>, Int)] {
      _ = try GraphText.value(text, budget: least, states: states)
      #expect(throws: ONNXError.self) {
        try GraphText.value(text, budget: least - 1, states: states)
      }
    }
  }

  @Test("the memory for constants, and the parameters, have limits that depend on the file")
  func limits() throws {
    let lowering = Lowering(opset: 17, fileSize: 1000)
    try lowering.addElements((1 << 15) + 1500)
    #expect(throws: Refusal.self) { try lowering.addElements(1) }
    try lowering.addParameters((1 << 15) + 2000)
    #expect(throws: Refusal.self) { try lowering.addParameters(1) }
    #expect(lowering.layerLimit == 1015)
    #expect(Limit.layers(ofFile: 1 << 30) == 8192)
    #expect(Limit.time(ofFile: 10) == (1 << 22) + 160)
  }

  @Test("limits have their values")
  func values() {
    #expect(Limit.bytes == 1_073_741_824 && Limit.elements == 268_435_456)
    #expect(Limit.depth == 16 && Limit.rank == 8 && Limit.attributes == 32)
    #expect(Limit.nodeInputs == 16_384 && Limit.computed == 16_384)
    #expect(Limit.modelLayers == 4096 && Limit.state == 1_048_576)
    #expect(Limit.padding == 16_777_216 && Limit.nodeTime == 64 && Limit.interpretations == 1024)
    #expect(Limit.memory(ofFile: 10) == 32_783 && Limit.parameters(ofFile: 10) == 32_788)
  }

  @Test("a model has at most 4096 layers")
  func layers() {
    // Names that make the file long enough for so many nodes.
    func message(_ layers: Int) -> String {
      let names =
        ["x"] + (2..<layers).map { "the value of a node, with a long name: \($0)" } + ["y"]
      let nodes = zip(names, names.dropFirst()).map { Parts.node("Tanh", [$0], [$1]) }
      return ONNXRefusedModelTests.message(
        Parts.model(
          Parts.graph(
            nodes, inputs: [Parts.value("x", ["T", "B", "4"])], outputs: [Parts.value("y", [])])))
    }
    #expect(message(4096) == "no error")
    #expect(message(4097) == "model has 4097 layers, expected at most 4096")
  }

  @Test("a state is an input that recurrent operators read, also if it is rearranged first")
  func initialStates() throws {
    func states(_ text: String) throws -> [String] {
      let graph = GraphText("x: float[T,B,4]\nh: float[1,B,4]\nc: float[1,B,4]\n" + text)
      let bytes = Parts.graph(
        graph.nodes, inputs: graph.inputs, outputs: [], constants: graph.constants
      ).bytes
      var parts = PartCount(bytes: 1 << 20, ExternalData(folder: nil, bytes: 0))
      return try GraphProto(WireReader(bytes), depth: 0, &parts).initialStates(for: ["y"]).sorted()
    }
    #expect(try states("y = LSTM(x, w, r, b, n, h, c)") == ["c", "h"])
    #expect(try states("y = GRU(x, w, r, , , h)") == ["h"])
    #expect(try states("y = RNN(x, w, r, h, c)") == [])
    #expect(try states("y = LSTM(x, w, r, , , , , h)") == [])
    #expect(try states("a = Concat(h, c)\ny = RNN(x, w, r, , , a)") == ["c", "h"])
    #expect(try states("a = Gather(h, c)\ny = RNN(x, w, r, , , a)") == ["h"])
    #expect(try states("a = Add(h, c)\ny = RNN(x, w, r, , , a)") == [])
    #expect(try states("z = RNN(x, w, r, , , h)\ny = Tanh(x)") == [])
    #expect(try states("a = Transpose(h)\nb = Slice(a, c)\ny = RNN(x, w, r, , , b)") == ["h"])
  }
}
