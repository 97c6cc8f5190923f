// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurONNX
import Testing

/// The forms that are known, with their values, and small changes, which are refused.
@Suite("Simple networks that ONNX models have as several nodes")
struct ONNXWrittenOutRNNTests {
  private static let network = """
    x: float[3,B,2]
    s = Shape(x) start=1 end=2
    d = Concat(int64[1]:1, s, int64[1]:2) axis=0
    zero = ConstantOfShape(d)
    v = MatMul(x, float[2,2]:~3)
    u = Add(v, float[2]:0.5,-1)
    u0 = Slice(u, int64[1]:0, int64[1]:1, int64[1]:0)
    p0 = MatMul(zero, float[2,2]:~4)
    q0 = Add(p0, float[2]:0.25,0.75)
    s0 = Add(u0, q0)
    h0 = Tanh(s0)
    u1 = Slice(u, int64[1]:1, int64[1]:2, int64[1]:0)
    p1 = MatMul(h0, float[2,2]:~4)
    q1 = Add(p1, float[2]:0.25,0.75)
    s1 = Add(q1, u1)
    h1 = Tanh(s1)
    u2 = Slice(u, int64[1]:2, int64[1]:3, int64[1]:0)
    p2 = MatMul(h1, float[2,2]:~4)
    q2 = Add(p2, float[2]:0.25,0.75)
    s2 = Add(u2, q2)
    h2 = Tanh(s2)
    y = Concat(h0, h1, h2) axis=0
    """

  private static let roles: [String: [ONNXAxisRole?]] = ["x": [.steps, .sequences, .channels]]

  /// The outputs of the network, given its biases.
  private func reference(_ inputBias: [Double], _ bias: [Double]) -> [Double] {
    let x = GraphText.distinct(12, 1)
    let (w, r) = (
      GraphText.distinct(4, 3).map { Double(Float($0)) },
      GraphText.distinct(4, 4).map { Double(Float($0)) }
    )
    var (h, outputs) = ([Double](repeating: 0, count: 4), [Double]())
    for t in 0..<3 {
      h = (0..<4).map { k in
        let (b, j) = (k / 2, k % 2)
        return tanh(
          inputBias[j] + bias[j]
            + (0..<2).reduce(0) {
              $0 + x[(t * 2 + b) * 2 + $1] * w[$1 * 2 + j] + h[b * 2 + $1] * r[$1 * 2 + j]
            })
      }
      outputs += h
    }
    return outputs
  }

  private func expectOutputs(_ text: String, _ expected: [Double]) throws {
    let y = try #require(try GraphText.run(text, [[3, 2, 2]], roles: Self.roles)["y"])
    #expect(y.shape == [3, 2, 2])
    for (a, b) in zip(y.elements, expected) { #expect(abs(a - b) < 1e-12) }
  }

  @Test("a simple network, with and without biases")
  func network() throws {
    try expectOutputs(Self.network, reference([0.5, -1], [0.25, 0.75]))
    let other = GraphText.changed(
      Self.network, "q1 = Add(p1, float[2]:0.25,0.75)",
      "q1 = Add(float[2]:0.25,0.75, p1)")
    try expectOutputs(other, reference([0.5, -1], [0.25, 0.75]))
    let inputs = GraphText.changed(Self.network, "u = Add(v, float[2]:0.5,-1)", "u = Identity(v)")
    try expectOutputs(inputs, reference([0, 0], [0.25, 0.75]))
    var states = Self.network
    for k in 0..<3 {
      states = GraphText.changed(
        states, "q\(k) = Add(p\(k), float[2]:0.25,0.75)", "q\(k) = Identity(p\(k))")
    }
    try expectOutputs(states, reference([0.5, -1], [0, 0]))
    try expectOutputs(
      GraphText.changed(states, "u = Add(v, float[2]:0.5,-1)", "u = Identity(v)"),
      reference([0, 0], [0, 0]))
  }

  @Test("a simple network whose steps have lost and gained an axis of size 1")
  func squeezedSteps() throws {
    var text = Self.network
    for k in 0..<3 {
      text = GraphText.changed(
        text, "u\(k) = Slice(u, int64[1]:\(k), int64[1]:\(k + 1), int64[1]:0)",
        "w\(k) = Slice(u, int64[1]:\(k), int64[1]:\(k + 1), int64[1]:0)\n"
          + "u\(k) = Squeeze(w\(k), int64[1]:0)")
    }
    try expectOutputs(text, reference([0.5, -1], [0.25, 0.75]))
    text = GraphText.changed(
      text, "d = Concat(int64[1]:1, s, int64[1]:2) axis=0",
      "d = Concat(s, int64[1]:2) axis=0")
    for k in 0..<3 {
      if k > 0 {
        text = GraphText.changed(
          text, "p\(k) = MatMul(h\(k - 1), float[2,2]:~4)",
          "p\(k) = MatMul(g\(k - 1), float[2,2]:~4)")
      }
      text = GraphText.changed(
        text, "h\(k) = Tanh(s\(k))",
        "g\(k) = Tanh(s\(k))\n"
          + "h\(k) = Unsqueeze(g\(k), int64[1]:0)")
    }
    try expectOutputs(text, reference([0.5, -1], [0.25, 0.75]))
  }

  @Test(
    "other forms of a simple network",
    arguments: [
      ("p1 = MatMul(h0, float[2,2]:~4)", "p1 = MatMul(h0, float[2,2]:~5)", "MatMul"),
      ("q1 = Add(p1, float[2]:0.25,0.75)", "q1 = Add(p1, float[2]:0.25,0.5)", "Add"),
      ("q1 = Add(p1, float[2]:0.25,0.75)", "q1 = Add(p1, float[1]:0.25)", "Add"),
      (
        "q0 = Add(p0, float[2]:0.25,0.75)",
        "r0 = Add(p0, float[2]:0.25,0.75)\nq0 = Add(r0, float[2]:0.25,0.75)", "Add"
      ),
      ("q1 = Add(p1, float[2]:0.25,0.75)", "q1 = Identity(p1)", "Add"),
      ("s1 = Add(q1, u1)", "s1 = Add(q1, u0)", "Add"),
      ("s1 = Add(q1, u1)", "s1 = Add(q1, q1)", "Add"),
      (
        "u1 = Slice(u, int64[1]:1, int64[1]:2, int64[1]:0)",
        "u1 = Slice(v, int64[1]:1, int64[1]:2, int64[1]:0)", "Add"
      ),
      ("h1 = Tanh(s1)", "h1 = Relu(s1)", "Relu"),
      ("y = Concat(h0, h1, h2) axis=0", "y = Concat(h0, h1) axis=0", "Concat"),
      ("y = Concat(h0, h1, h2) axis=0", "y = Concat(h0, h2, h1) axis=0", "Concat"),
      ("y = Concat(h0, h1, h2) axis=0", "y = Concat(h0, h1, h1) axis=0", "Concat"),
      ("y = Concat(h0, h1, h2) axis=0", "y = Concat(h0, h1, h2, h2) axis=0", "Concat"),
      ("v = MatMul(x, float[2,2]:~3)", "v = Tanh(x)", "Concat"),
      ("u = Add(v, float[2]:0.5,-1)", "u = Mul(v, float[2]:0.5,-1)", "Concat"),
      ("h0 = Tanh(s0)", "g0 = Tanh(s0)\nh0 = Squeeze(g0, int64[1]:0)", "Concat"),
    ])
  func otherNetworks(_ line: String, _ other: String, _ name: String) {
    #expect(
      GraphText.message(GraphText.changed(Self.network, line, other), roles: Self.roles)
        == "\(name) \"node-\(name)\": is a part of a network that is written out in an unknown form"
    )
  }
}
