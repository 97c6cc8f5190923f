// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurONNX

@Suite("ONNX models that run")
struct ONNXRunTests {
  private func tensor(_ shape: [Int], _ seed: Int = 1) -> ONNXTensor<Double> {
    ONNXTensor(shape: shape, elements: GraphText.distinct(shape.reduce(1, *), seed))
  }

  private func message<Result>(_ body: () throws -> Result) -> String {
    do {
      _ = try body()
      return "no error"
    } catch { return "\(error)" }
  }

  @Test("all inputs have the same numbers of steps and sequences")
  func sizes() throws {
    let model = try ONNXModel<Double>(
      bytes: GraphText("x: float[T,B,4]\nz: float[T,B,4]\ny = Add(x, z)").model())
    #expect(
      message { try model.run(["x": tensor([3, 2, 4]), "z": tensor([3, 2, 4])]) } == "no error")
    #expect(
      message { try model.run(["x": tensor([3, 2, 4]), "z": tensor([2, 3, 4])]) }
        == "z has 2 steps of 3 sequences, expected 3 of 2")
    #expect(
      message { try model.run(["x": tensor([3, 2, 4]), "z": tensor([3, 1, 4])]) }
        == "z has 3 steps of 1 sequences, expected 3 of 2")
    #expect(
      message { try model.run(["x": tensor([3, 2, 4])]) } == "z is missing")
    #expect(
      message { try model.run(["x": tensor([3, 2]), "z": tensor([3, 2, 4])]) }
        == "x has the shape [3, 2], expected [steps, sequences, 4]")
    #expect(
      message { try model.run(["x": tensor([3, 2, 5]), "z": tensor([3, 2, 4])]) }
        == "x has the shape [3, 2, 5], expected [steps, sequences, 4]")
    #expect(
      message {
        try model.run(
          ["x": ONNXTensor(shape: [0, 2, 4], elements: []), "z": tensor([3, 2, 4])])
      } == "x has the shape [0, 2, 4], expected [steps, sequences, 4]")
    #expect(
      message { try model.run(["x": tensor([1, 1, 4]), "z": tensor([1, 1, 4])]) } == "no error")
  }

  @Test("inputs are features or tokens")
  func kinds() throws {
    let text =
      "x: float[T,B,1,2]\nk: int64[T,B]\ne = Gather(float[3,2]:1,2,3,4,5,6, k)\n"
      + "f = Squeeze(x, int64[1]:2)\ny = Add(e, f)"
    let model = try ONNXModel<Double>(bytes: GraphText(text).model())
    let k = ONNXTensor(shape: [2, 1], elements: [2, 0])
    let x = tensor([2, 1, 1, 2])
    let y = try #require(try model.run(["x": x], tokens: ["k": k])["y"])
    #expect(y.shape == [2, 1, 2])
    #expect(y.elements == zip(x.elements, [5, 6, 1, 2]).map { $0 + $1 })
    for (features, tokens, expected) in [
      (["x": x, "k": tensor([2, 1])], ["k": k], "k is not an input of this type, expected x, k"),
      (["x": x], ["k": k, "x": k], "x is not an input of this type, expected x, k"),
      (["x": x, "b": x, "a": x], ["k": k], "a is not an input of this type, expected x, k"),
      (["x": x], [:], "k is missing"),
      (
        ["x": x], ["k": ONNXTensor(shape: [2], elements: [1, 1])],
        "k has the shape [2], expected [steps, sequences]"
      ),
      (
        ["x": tensor([2, 1, 2, 2])], ["k": k],
        "x has the shape [2, 1, 2, 2], expected [steps, sequences, 1, 2]"
      ),
    ] as [([String: ONNXTensor<Double>], [String: ONNXTensor<Int>], String)] {
      #expect(message { try model.run(features, tokens: tokens) } == expected)
    }
    #expect(
      message {
        try model.run(["x": x], tokens: ["k": ONNXTensor(shape: [2, 1], elements: [3, 0])])
      } != "no error")
  }

  @Test(
    "the elements of an input have the order of its axes",
    arguments: [
      [.steps, .sequences, .positions, .channels], [.channels, .positions, .sequences, .steps],
      [.sequences, .channels, .steps, .positions], [.positions, .steps, .channels, .sequences],
    ] as [[ONNXAxisRole]])
  func order(_ roles: [ONNXAxisRole]) throws {
    // Recur's columns are positions of channels; a bias for each shows where an element is.
    let order: [ONNXAxisRole] = [.steps, .sequences, .positions, .channels]
    let sizes: [ONNXAxisRole: Int] = [.steps: 3, .sequences: 2, .positions: 5, .channels: 4]
    let dims = roles.map { [.steps: "T", .sequences: "B"][$0] ?? "\(sizes[$0]!)" }
    let permutation = order.map { "\(roles.firstIndex(of: $0)!)" }.joined(separator: ",")
    let text =
      "x: float[\(dims.joined(separator: ","))]\nt = Transpose(x) perm=[\(permutation)]\n"
      + "y = Mul(t, float[5,4]:~3)"
    let model = try ONNXModel<Double>(bytes: GraphText(text).model(), roles: ["x": roles])
    let shape = roles.map { sizes[$0]! }
    let x = tensor(shape)
    let y = try #require(try model.run(["x": x])["y"])
    #expect(y.shape == [3, 2, 5, 4])
    for (k, element) in y.elements.enumerated() {
      let index: [ONNXAxisRole: Int] = [
        .channels: k % 4, .positions: k / 4 % 5, .sequences: k / 20 % 2, .steps: k / 40,
      ]
      let source = zip(roles, shape).reduce(0) { $0 * $1.1 + index[$1.0]! }
      let factor = Double(Float(GraphText.distinct(20, 3)[k % 20]))
      #expect(abs(element - x.elements[source] * factor) < 1e-12)
    }
  }

  private static let network = "RNN(x, float[1,2,3]:~3, float[1,2,2]:~4"

  @Test("final states are outputs, alone or with the last step")
  func finalStates() throws {
    let text = "x: float[T,B,3]\nh: float[1,B,2]\na, s = \(Self.network), , , h)\n"
    let model = try ONNXModel<Double>(
      bytes: GraphText(text + "y = Identity(s)\nz = Identity(h)").model())
    #expect(model.outputs.isEmpty && model.states.map(\.name) == ["h", "y"])
    #expect(model.states.map(\.parts) == [["rnn.h"], ["rnn.h"]])
    let inputs = ["x": tensor([3, 2, 3]), "h": tensor([1, 2, 2], 2)]
    let y = try #require(try model.run(inputs)["y"])
    let all = try #require(try GraphText.run(text, [[3, 2, 3], [1, 2, 2]], outputs: ["a"])["a"])
    #expect(y.shape == [1, 2, 2] && y.elements == Array(all.elements[8...]))
    // A mean of all steps needs whole sequences, so that the state is the last step.
    let mean = "m = ReduceMean(a) axes=[0]\ny = Identity(s)"
    let whole = try ONNXModel<Double>(
      bytes: GraphText(text + mean).model(outputs: ["m", "y"]))
    #expect(whole.outputs.map(\.name) == ["m", "y"] && whole.states.map(\.name) == ["h"])
    #expect(try whole.run(inputs)["y"] == y)
    #expect(
      GraphText.message(text + "m = ReduceMean(a) axes=[0]\ny = Identity(h)", outputs: ["m", "y"])
        == "output \"y\" has elements of an input")
    #expect(
      GraphText.message(
        "x: float[T,B,3]\nh: float[1,B,2]\na, s, c = LSTM(x, float[1,8,3]:~3, float[1,8,2]:~4, "
          + ", , h, h)\nm = ReduceMean(a) axes=[0]", outputs: ["m", "c"])
        == "output \"c\" is a final state, but a layer needs whole sequences; choose other outputs")
  }

  @Test("some initial states may be left out")
  func someStates() throws {
    let text =
      "x: float[T,B,3]\nh: float[1,B,2]\nc: float[1,B,2]\n"
      + "y = LSTM(x, float[1,8,3]:~3, float[1,8,2]:~4, , , h, c)"
    let model = try ONNXModel<Double>(bytes: GraphText(text).model())
    let (x, h) = (tensor([3, 2, 3]), tensor([1, 2, 2], 2))
    let zero = ONNXTensor<Double>(shape: [1, 2, 2], elements: [0, 0, 0, 0])
    #expect(try model.run(["x": x, "h": h]) == model.run(["x": x, "h": h, "c": zero]))
    #expect(try model.run(["x": x, "c": h]) == model.run(["x": x, "h": zero, "c": h]))
    #expect(try model.run(["x": x, "c": h]) != model.run(["x": x, "h": h]))
    #expect(
      message { try model.run(["x": x, "c": tensor([1, 3, 2])]) }
        == "c has the shape [1, 3, 2], expected [1, 2, 2]")
  }

  @Test("states whose number of sequences is fixed")
  func fixedStates() throws {
    let nodes = "y, s = \(Self.network), , , h)"
    let open = try GraphText.run(
      "x: float[T,B,3]\nh: float[1,B,2]\n" + nodes, [[3, 2, 3], [1, 2, 2]], outputs: ["y", "s"])
    let fixed = "x: float[3,2,3]\nh: float[1,2,2]\n" + nodes
    let roles: [String: [ONNXAxisRole?]] = ["x": [.steps, .sequences, .channels]]
    #expect(
      try GraphText.run(fixed, [[3, 2, 3], [1, 2, 2]], roles: roles, outputs: ["y", "s"]) == open)
    let model = try ONNXModel<Double>(
      bytes: GraphText(fixed).model(outputs: ["y", "s"]), roles: roles)
    #expect(model.states.map(\.shape) == [[1, 2, 2], [1, 2, 2]])
  }

  @Test("a final state exists after whole strides only")
  func strides() throws {
    let text =
      "x: float[B,3,T]\nc = Conv(x, float[3,3,2]:~5) strides=[2] pads=[1,0]\n"
      + "t = Transpose(c) perm=[2,0,1]\na, y = RNN(t, float[1,2,3]:~3, float[1,2,2]:~4)"
    let model = try ONNXModel<Double>(bytes: GraphText(text).model(outputs: ["a", "y"]))
    #expect(model.states.map(\.name) == ["y"])
    #expect(message { try model.run(["x": tensor([2, 3, 4])]) } == "no error")
    #expect(
      message { try model.run(["x": tensor([2, 3, 5])]) }
        == "steps is no multiple of the strides, so there is no final state \"y\"")
  }

  @Test("axes and errors are described")
  func descriptions() {
    #expect("\(ONNXAxis(roles: [.steps], size: nil))" == "steps")
    #expect("\(ONNXAxis(roles: [.steps, .channels], size: 4))" == "steps x channels 4")
    #expect("\(ONNXAxis(roles: [], size: 1))" == "1" && "\(ONNXAxis(roles: [], size: nil))" == "")
    #expect("\(ONNXError.file(reason: "a\nb"))".contains("\n") == false)
    #expect("\(ONNXError.unsupported(part: "p", reason: "r"))" == "p r")
    #expect("\(ONNXError.invalid(argument: "a", reason: "r"))" == "a r")
    #expect(
      "\(ONNXError.recur(.outOfMemory(reason: "r")))" == "\(RecurError.outOfMemory(reason: "r"))")
    #expect(
      "\(ONNXError.file(reason: String(repeating: "n", count: 3000)))".count <= 2010)
  }
}
