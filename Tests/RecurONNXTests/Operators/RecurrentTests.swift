// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurONNX
import Testing

@Suite("ONNX operators RNN, GRU and LSTM")
struct ONNXRecurrentTests {
  private static let input = "x: float[T,B,3]\n"

  /// A call with hidden states of 2 units; `more` follows W and R.
  private static func call(
    _ name: String, _ directions: Int = 1, _ more: String = "", _ attributes: String = ""
  ) -> String {
    let gates = ["RNN": 2, "GRU": 6, "LSTM": 8][name]!
    return "y = \(name)(x, float[\(directions),\(gates),3]:~3, float[\(directions),\(gates),2]:~4"
      + "\(more)) \(attributes)"
  }

  private func configuration(_ text: String) throws -> NetworkConfiguration {
    let model = try ONNXModel<Double>(bytes: GraphText(Self.input + text).model())
    let layers = model.model.graph.nodes.compactMap {
      if case .network(let configuration) = $0.layer { configuration } else { nil }
    }
    return try #require(layers.first)
  }

  @Test(
    "have activations with constants in their order, or the usual ones",
    arguments: [
      ("activations=[Tanh]", .tanh), ("activations=[TANH]", .tanh),
      ("activations=[Sigmoid]", .sigmoid), ("activations=[Relu]", .relu),
      ("activations=[Affine]", .affine(alpha: 1, beta: 0)),
      (
        "activations=[Affine] activation_alpha=[0.5] activation_beta=[0.25]",
        .affine(alpha: 0.5, beta: 0.25)
      ),
      ("activations=[LeakyRelu]", .leakyRelu(alpha: 0.01)),
      ("activations=[LeakyRelu] activation_alpha=[0.1]", .leakyRelu(alpha: 0.1)),
      ("activations=[ThresholdedRelu]", .thresholdedRelu(alpha: 1)),
      ("activations=[ThresholdedRelu] activation_alpha=[0.5]", .thresholdedRelu(alpha: 0.5)),
      ("activations=[ScaledTanh]", .scaledTanh(alpha: 1, beta: 1)),
      (
        "activations=[ScaledTanh] activation_alpha=[1.7] activation_beta=[0.6]",
        .scaledTanh(alpha: 1.7, beta: 0.6)
      ),
      ("activations=[HardSigmoid]", .hardSigmoid(alpha: 0.2, beta: 0.5)),
      (
        "activations=[HardSigmoid] activation_alpha=[0.3] activation_beta=[0.4]",
        .hardSigmoid(alpha: 0.3, beta: 0.4)
      ),
      ("activations=[Elu]", .elu(alpha: 1)),
      ("activations=[Elu] activation_alpha=[0.5]", .elu(alpha: 0.5)),
      ("activations=[Softsign]", .softsign), ("activations=[Softplus]", .softplus),
    ] as [(String, Activation)])
  func activations(_ attributes: String, _ expected: Activation) throws {
    #expect(try configuration(Self.call("RNN", 1, "", attributes)).activation == expected)
  }

  @Test("have an activation for each place")
  func places() throws {
    let gru = try configuration(
      Self.call(
        "GRU", 2, "",
        "direction=bidirectional activations=[HardSigmoid,Elu,HardSigmoid,Elu] "
          + "activation_alpha=[0.3,0.5,0.3,0.5] activation_beta=[0.4,0.4]"))
    #expect(gru.activation == .hardSigmoid(alpha: 0.3, beta: 0.4))
    #expect(gru.candidateActivation == .elu(alpha: 0.5))
    let lstm = try configuration(
      Self.call("LSTM", 1, "", "activations=[HardSigmoid,Relu,Softsign]"))
    #expect(lstm.activation == .hardSigmoid(alpha: 0.2, beta: 0.5))
    #expect(lstm.candidateActivation == .relu && lstm.outputActivation == .softsign)
    let usual = try configuration(Self.call("LSTM"))
    #expect(usual.activation == .sigmoid)
    #expect(usual.candidateActivation == .tanh && usual.outputActivation == .tanh)
    #expect(try configuration(Self.call("RNN")).activation == .tanh)
  }

  @Test("have options")
  func options() throws {
    let plain = try configuration(Self.call("LSTM"))
    #expect(plain.hiddenSize == 2 && plain.layers == 1 && plain.directions == 1)
    #expect(!plain.bias && plain.gateClamp == nil && !plain.coupledGates && !plain.peepholes)
    let full = try configuration(
      Self.call(
        "LSTM", 2, ", float[2,16]:~5, , , , float[2,6]:~6",
        "direction=bidirectional clip=0.75 input_forget=1 hidden_size=2 layout=0"))
    #expect(full.bias && full.gateClamp == 0.75 && full.coupledGates && full.peepholes)
    #expect(full.bidirectional)
    #expect(try configuration(Self.call("LSTM", 1, "", "clip=0.0")).gateClamp == nil)
    #expect(try configuration(Self.call("GRU")).reset == .beforeProduct)
    #expect(
      try configuration(Self.call("GRU", 1, "", "linear_before_reset=1")).reset == .afterProduct)
    #expect(
      try configuration(Self.call("GRU", 1, "", "linear_before_reset=0")).reset == .beforeProduct)
  }

  @Test(
    "are refused with the reason",
    arguments: [
      (
        call("RNN", 1, "", "activations=[Tanh,Tanh]"),
        "has 2 activations, expected 1, the same in each direction"
      ),
      (
        call("GRU", 1, "", "activations=[Tanh]"),
        "has 1 activations, expected 2, the same in each direction"
      ),
      (
        call("LSTM", 1, "", "activations=[Sigmoid,Tanh]"),
        "has 2 activations, expected 3, the same in each direction"
      ),
      (
        call("RNN", 2, "", "direction=bidirectional activations=[Tanh,Relu]"),
        "has 2 activations, expected 1, the same in each direction"
      ),
      (
        call("RNN", 2, "", "direction=bidirectional activations=[Tanh]"),
        "has 1 activations, expected 1, the same in each direction"
      ),
      (
        call("RNN", 1, "", "activations=[Tanh] activation_alpha=[0.5]"),
        "has more constants than its activations"
      ),
      (
        call("RNN", 1, "", "activations=[Elu] activation_beta=[0.5]"),
        "has more constants than its activations"
      ),
      (call("RNN", 1, "", "activation_alpha=[0.5]"), "has more constants than its activations"),
      (call("RNN", 1, "", "hidden_size=3"), "has a tensor R of the shape [1, 2, 2]"),
      (call("RNN", 1, "", "direction=bidirectional"), "has a tensor R of the shape [1, 2, 2]"),
      (call("RNN", 2), "has a tensor R of the shape [2, 2, 2]"),
      ("y = RNN(x, float[1,2,3]:~3, float[2,2]:~4)", "has a tensor R of the shape [2, 2]"),
      ("y = RNN(x, float[1,0,3]:*0, float[1,0,0]:*0)", "has a tensor R of the shape [1, 0, 0]"),
      (call("RNN", 1, ", float[1,5]:~5"), "has an input 4 of the shape [1, 5], expected [1, 4]"),
      (
        call("LSTM", 1, ", , , , , float[1,7]:~5"),
        "has an input 8 of the shape [1, 7], expected [1, 6]"
      ),
      (
        "y = RNN(x, float[1,2,3]:~3, int64[1,2,2]:*1)",
        "has an input 3 of the shape [1, 2, 2], expected [1, 2, 2]"
      ),
      (
        "y = RNN(x, float[1,2,4]:~3, float[1,2,2]:~4)",
        "has an input 2 of the shape [1, 2, 4], expected [1, 2, 3]"
      ),
      (
        "a = Squeeze(x1, int64[1]:0)\ny = RNN(a, float[1,2,3]:~3, float[1,2,2]:~4)",
        "has an input of 2 axes, expected 3"
      ),
      (
        "t = Transpose(x) perm=[2,0,1]\ny = RNN(t, float[1,2,3]:~3, float[1,2,2]:~4)",
        "has an input with the axes [\"channels\", \"steps\", \"sequences\"], expected steps, "
          + "sequences, channels"
      ),
      (
        "a = ReduceMax(x) axes=[0]\ny = RNN(a, float[1,2,3]:~3, float[1,2,2]:~4)",
        "has an input with the axes [\"an axis of size 1\", \"sequences\", \"channels\"], expected "
          + "steps, sequences, channels"
      ),
      (
        "h = Tanh(s)\n" + call("RNN", 1, ", , , h"),
        "has an initial state that is computed, expected an input or 0"
      ),
      (
        call("RNN", 1, ", , , float[1,1,2]:0,1"),
        "has an initial state that is a constant other than 0; make it an input of the model"
      ),
      (call("RNN", 1, ", , , float[1,1,2]:0,0"), "no error"),
      (call("RNN", 1, ", , int64[1]:1"), "has sequence_lens, which is not supported"),
      (
        call("RNN", 1, "", "direction=backward"),
        "has the direction backward, and Recur has no network of that direction alone"
      ),
    ])
  func refused(_ text: String, _ reason: String) {
    var inputs = Self.input
    if text.contains("x1") { inputs = "x1: float[1,B,3]\n" }
    if text.contains("(s)") { inputs += "s: float[1,B,2]\n" }
    let name = GraphText(text).operatorName
    let found = GraphText.message(inputs + text)
    #expect(found == reason || found == "\(name) \"node-\(name)\": \(reason)", "\(found)")
  }

  @Test("lengths are those of whole sequences")
  func lengths() {
    for (lengths, reason) in [
      ("int64[2]:5,5", "no error"),
      ("int32[2]:5,5", "no error"),
      ("int64[2]:5,4", "RNN \"node-RNN\": has sequence_lens, which is not supported"),
    ] {
      let text = "x: float[5,2,3]\n" + Self.call("RNN", 1, ", , \(lengths)")
      #expect(
        GraphText.message(text, roles: ["x": [.steps, .sequences, .channels]]) == reason)
    }
  }

  /// A state may be an input in another order of axes, and 0 may be added to it.
  @Test(
    "read initial states",
    arguments: [
      ("h: float[1,B,2]\n", "", ", , , h", [1, 2, 2]),
      ("h: float[1,B,2]\n", "s = Add(h, float[]:0)\n", ", , , s", [1, 2, 2]),
      ("h: float[1,B,2]\n", "s = Add(float[]:0, h)\n", ", , , s", [1, 2, 2]),
      ("h: float[B,2]\n", "s = Unsqueeze(h, int64[1]:0)\n", ", , , s", [2, 2]),
      ("h: float[B,1,2]\n", "s = Transpose(h) perm=[1,0,2]\n", ", , , s", [2, 1, 2]),
      ("h: float[B,2,1]\n", "s = Transpose(h) perm=[2,0,1]\n", ", , , s", [2, 2, 1]),
      (
        "h: float[B,4]\n",
        "a = Slice(h, int64[1]:2, int64[1]:4, int64[1]:1)\ns = Unsqueeze(a, int64[1]:0)\n",
        ", , , s", [2, 4]
      ),
      ("h: float[B,2]\n", "s = Reshape(h, int64[3]:1,-1,2)\n", ", , , s", [2, 2]),
      ("h: float[2,B,2]\n", "s = Gather(h, int64[1]:1)\n", ", , , s", [2, 2, 2]),
    ])
  func states(_ state: String, _ nodes: String, _ more: String, _ shape: [Int]) throws {
    let text = Self.input + state + nodes + Self.call("RNN", 1, more)
    let y = try #require(try GraphText.run(text, [[1, 2, 3], shape])["y"])
    #expect(y.shape == [1, 1, 2, 2])
    let x = GraphText.distinct(6, 1)
    let h = GraphText.distinct(shape.reduce(1, *), 2)
    let (w, r) = (
      GraphText.distinct(6, 3).map { Double(Float($0)) },
      GraphText.distinct(4, 4).map { Double(Float($0)) }
    )
    for b in 0..<2 {
      for j in 0..<2 {
        // Where the element of the state is in its input.
        let k = nodes.contains("Slice") ? 4 * b + 2 : nodes.contains("Gather") ? 4 + 2 * b : 2 * b
        let input = (0..<3).reduce(0) { $0 + w[j * 3 + $1] * x[b * 3 + $1] }
        let state = (0..<2).reduce(0) { $0 + r[j * 2 + $1] * h[k + $1] }
        let expected = reference(input + state)
        #expect(abs(y.elements[b * 2 + j] - expected) < 1e-12)
      }
    }
  }

  private func reference(_ x: Double) -> Double { 1 - 2 / (1 + exponential(2 * x)) }

  private func exponential(_ x: Double) -> Double {
    var (sum, term) = (1.0, 1.0)
    for k in 1..<60 {
      term *= x / Double(k)
      sum += term
    }
    return sum
  }

  @Test(
    "refuse initial states of other shapes",
    arguments: [
      ("1,B,3", "[1, B, 3]"), ("2,B,2", "[2, B, 2]"), ("B,1,2", "[B, 1, 2]"),
      ("1,2,2", "[1, 2, 2]"),
    ])
  func otherStates(_ dims: String, _ shape: String) {
    #expect(
      GraphText.message(Self.input + "h: float[\(dims)]\n" + Self.call("RNN", 1, ", , , h"))
        == "RNN \"node-RNN\": has an initial state of the shape \(shape), expected [1, B, 2] of inputs"
    )
  }

  @Test("refuse states that are changed")
  func changedStates() {
    let state = Self.input + "h: float[1,B,2]\n"
    for constant in ["float[]:1", "float[1,1,2]:0,1"] {
      #expect(
        GraphText.message(
          state + "s = Add(h, \(constant))\n" + Self.call("LSTM", 1, ", , , h, s"))
          == "Add \"node-Add\": adds a number to a state")
    }
    #expect(
      GraphText.message(state + "s = Tanh(h)\n" + Self.call("LSTM", 1, ", , , h, s"))
        == "Tanh \"node-Tanh\": reads a state, which only a recurrent network can")
  }

  @Test("a layout with the sequences first has all states in that order")
  func layout() throws {
    let shapes = [[2, 3, 3], [2, 1, 2]]
    let call = Self.call("LSTM", 1, ", , , h, h", "layout=1")
    let first = try GraphText.run(
      "x: float[B,T,3]\nh: float[B,1,2]\n" + call.replacing("y = ", with: "y, a, c = "), shapes,
      outputs: ["y", "a", "c"])
    let steps = try GraphText.run(
      "x: float[B,T,3]\nh: float[B,1,2]\nt = Transpose(x) perm=[1,0,2]\n"
        + "s = Transpose(h) perm=[1,0,2]\n"
        + Self.call("LSTM", 1, ", , , s, s").replacing("y = ", with: "u, v, w = ")
        .replacing("(x", with: "(t")
        + "\ny = Transpose(u) perm=[2,0,1,3]\na = Transpose(v) perm=[1,0,2]\n"
        + "c = Transpose(w) perm=[1,0,2]", shapes, outputs: ["y", "a", "c"])
    #expect(first == steps)
    #expect(first["y"]?.shape == [2, 3, 1, 2] && first["c"]?.shape == [2, 1, 2])
  }
}
