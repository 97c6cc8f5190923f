// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurONNX
import Testing

/// The forms that are known, with their values, and small changes, which are refused.
@Suite("Steps of an LSTM that ONNX models have as several nodes")
struct ONNXWrittenOutLSTMTests {
  private static let lstm = """
    x: float[B,3]
    h: float[B,2]
    c: float[B,2]
    p = MatMul(h, float[2,8]:~4)
    u = MatMul(x, float[3,8]:~3)
    a = Add(u, p)
    g = Add(a, float[8]:~5)
    gi, gf, gn, go = Split(g) axis=1
    o = Sigmoid(go)
    f = Sigmoid(gf)
    i = Sigmoid(gi)
    n = Tanh(gn)
    k = Mul(f, c)
    w = Mul(i, n)
    c1 = Add(k, w)
    t = Tanh(c1)
    y = Mul(o, t)
    """

  @Test(
    "a step of an LSTM",
    arguments: [
      ("", ""), ("a = Add(u, p)", "a = Add(p, u)"), ("k = Mul(f, c)", "k = Mul(c, f)"),
      ("w = Mul(i, n)", "w = Mul(n, i)"), ("c1 = Add(k, w)", "c1 = Add(w, k)"),
      ("y = Mul(o, t)", "y = Mul(t, o)"), ("g = Add(a, float[8]:~5)", "g = Add(float[8]:~5, a)"),
      ("g = Add(a, float[8]:~5)", "g = Add(a, float[1,8]:~5)"),
      ("gi, gf, gn, go = Split(g) axis=1", "gi, gf, gn, go = Split(g, int64[4]:2,2,2,2) axis=-1"),
      ("gi, gf, gn, go = Split(g) axis=1", "gf, gn, go, gi = Split(g) axis=1"),
      ("t = Tanh(c1)", "t = Relu(c1)"), ("n = Tanh(gn)", "n = Softsign(gn)"),
    ])
  func lstm(_ line: String, _ other: String) throws {
    let text = GraphText.changed(Self.lstm, line, other)
    let results = try GraphText.run(text, [[3, 3], [3, 2], [3, 2]], outputs: ["y", "c1"])
    let order = text.contains("gf, gn, go, gi") ? [3, 0, 1, 2] : [0, 1, 2, 3]
    let (x, h, c) = (
      GraphText.distinct(9, 1), GraphText.distinct(6, 2), GraphText.distinct(6, 3)
    )
    func constant(_ seed: Int, _ k: Int) -> Double {
      Double(Float(GraphText.distinct(24, seed)[k]))
    }
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    for b in 0..<3 {
      for j in 0..<2 {
        let sums = order.map { gate in
          let column = gate * 2 + j
          return constant(5, column)
            + (0..<3).reduce(0) { $0 + x[b * 3 + $1] * constant(3, $1 * 8 + column) }
            + (0..<2).reduce(0) { $0 + h[b * 2 + $1] * constant(4, $1 * 8 + column) }
        }
        let candidate = text.contains("Softsign") ? sums[2] / (1 + abs(sums[2])) : tanh(sums[2])
        let cell = sigmoid(sums[1]) * c[b * 2 + j] + sigmoid(sums[0]) * candidate
        let output = text.contains("Relu") ? max(cell, 0) : tanh(cell)
        #expect(abs(results["c1"]!.elements[b * 2 + j] - cell) < 1e-12)
        #expect(abs(results["y"]!.elements[b * 2 + j] - sigmoid(sums[3]) * output) < 1e-12)
      }
    }
  }

  @Test("a step of an LSTM without a bias")
  func lstmWithoutBias() throws {
    let shapes = [[3, 3], [3, 2], [3, 2]]
    let zero = try GraphText.run(
      GraphText.changed(Self.lstm, "g = Add(a, float[8]:~5)", "g = Add(a, float[8]:*0)"), shapes)
    let none = try GraphText.run(
      GraphText.changed(
        GraphText.changed(Self.lstm, "g = Add(a, float[8]:~5)", ""),
        "gi, gf, gn, go = Split(g) axis=1", "gi, gf, gn, go = Split(a) axis=1"), shapes)
    #expect(none == zero)
  }

  @Test(
    "other forms of an LSTM",
    arguments: [
      ("p = MatMul(h, float[2,8]:~4)", "p = MatMul(h, float[3,8]:~4)", "MatMul"),
      ("p = MatMul(h, float[2,8]:~4)", "p = MatMul(h, float[2,9]:~4)", "MatMul"),
      ("p = MatMul(h, float[2,8]:~4)", "q = Transpose(h)\np = MatMul(q, float[2,8]:~4)", "MatMul"),
      ("u = MatMul(x, float[3,8]:~3)", "u = MatMul(x, float[3,9]:~3)", "Add"),
      ("u = MatMul(x, float[3,8]:~3)", "u = Concat(x, x, x) axis=1", "Add"),
      ("a = Add(u, p)", "b = Add(p, p)\na = Add(u, b)", "Add"),
      ("g = Add(a, float[8]:~5)", "g = Add(p, float[8]:~5)", "Add"),
      ("g = Add(a, float[8]:~5)", "b = Add(a, float[8]:~5)\ng = Add(b, float[8]:~5)", "Add"),
      ("g = Add(a, float[8]:~5)", "g = Add(a, float[1]:3)", "Add"),
      ("g = Add(a, float[8]:~5)", "g = Add(a, float[8,1]:~5)", "Add"),
      ("gi, gf, gn, go = Split(g) axis=1", "gi, gf, gn, go = Split(p) axis=1", "Split"),
      ("gi, gf, gn, go = Split(g) axis=1", "gi, gf, gn, go = Split(g) axis=0", "Split"),
      (
        "gi, gf, gn, go = Split(g) axis=1", "gi, gf, gn, go = Split(g, int64[4]:1,3,2,2) axis=1",
        "Split"
      ),
      ("o = Sigmoid(go)", "v = Tanh(go)\no = Sigmoid(v)", "Sigmoid"),
      ("o = Sigmoid(go)", "o = Relu(go)", "Mul"),
      ("f = Sigmoid(gf)", "f = Relu(gf)", "Mul"),
      ("i = Sigmoid(gi)", "i = Tanh(gi)", "Mul"),
      ("n = Tanh(gn)", "n = Sigmoid(gn)", "Mul"),
      ("k = Mul(f, c)", "k = Mul(gf, c)", "Mul"),
      ("k = Mul(f, c)", "k = Mul(f, x)", "Mul"),
      ("w = Mul(i, n)", "w = Mul(gi, n)", "Mul"),
      ("w = Mul(i, n)", "w = Mul(i, k)", "Mul"),
      ("c1 = Add(k, w)", "c1 = Add(k, k)", "Add"),
      ("c1 = Add(k, w)", "c1 = Add(w, w)", "Add"),
      ("c1 = Add(k, w)", "c1 = Add(k, x)", "Add"),
      ("t = Tanh(c1)", "t = Tanh(k)", "Tanh"),
      ("y = Mul(o, t)", "y = Mul(i, t)", "Mul"),
      ("y = Mul(o, t)", "y = Mul(t, t)", "Mul"),
      ("y = Mul(o, t)", "y = Mul(go, t)", "Mul"),
      ("y = Mul(o, t)", "z = Mul(o, t)\nv = Mul(o, t)\ny = Add(z, v)", "Mul"),
      (
        "f = Sigmoid(gf)",
        "b = Add(u, p)\nbi, bf, bn, bo = Split(b) axis=1\nf = Sigmoid(bf)", "Add"
      ),
      (
        "o = Sigmoid(go)",
        "b = Add(u, p)\nbi, bf, bn, bo = Split(b) axis=1\no = Sigmoid(bo)", "Mul"
      ),
      (
        "n = Tanh(gn)",
        "b = Add(u, p)\nbi, bf, bn, bo = Split(b) axis=1\nn = Tanh(bn)", "Mul"
      ),
    ])
  func otherLSTMs(_ line: String, _ other: String, _ name: String) {
    let error = #expect(throws: ONNXError.self) {
      try GraphText.value(GraphText.changed(Self.lstm, line, other), states: ["h", "c"])
    }
    #expect(
      error?.description
        == "\(name) \"node-\(name)\": is a part of a recurrent network that is written out in an "
        + "unknown form")
  }

  @Test("the new cell state alone is no output")
  func cellState() {
    #expect(
      GraphText.message(GraphText.changed(Self.lstm, "y = Mul(o, t)", "y = Identity(c1)"))
        == "output \"y\" is a part of a network that is written out in an unknown form")
  }
}
