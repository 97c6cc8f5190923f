// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurONNX
import Testing

/// Layers that exporters write as several nodes: the forms that are known, with their values, and small changes,
/// which are refused.
@Suite("Layers that ONNX models have as several nodes")
struct ONNXWrittenOutTests {
  /// A change of a line of a graph; an empty one removes it.
  private func changed(_ text: String, _ line: String, _ other: String) -> String {
    guard !line.isEmpty else { return text }
    #expect(text.contains(line + "\n") || text.hasSuffix(line))
    return text.split(separator: "\n").compactMap {
      $0 == line ? (other.isEmpty ? nil : other) : String($0)
    }.joined(separator: "\n")
  }

  // Layer normalization

  private static let divided = """
    x: float[T,B,4]
    m = ReduceMean(x) axes=[-1]
    d = Sub(x, m)
    q = Pow(d, float[]:2)
    v = ReduceMean(q) axes=[2]
    e = Add(v, float[]:0.25)
    s = Sqrt(e)
    y = Div(d, s)
    """

  private static let scaled = """
    x: float[T,B,4]
    m = ReduceMean(x) axes=[2]
    d = Sub(x, m)
    q = Mul(d, d)
    v = ReduceMean(q) axes=[-1]
    e = Add(float[]:0.25, v)
    s = Sqrt(e)
    r = Reciprocal(s)
    w = Mul(r, float[4]:1,-2,3,0.5)
    n = Neg(m)
    a = Mul(x, w)
    b = Mul(n, w)
    c = Add(b, float[4]:4,3,2,1)
    y = Add(a, c)
    """

  /// The normalized element.
  private func normal(_ x: [Double], _ k: Int) -> Double {
    let row = x[k / 4 * 4..<k / 4 * 4 + 4]
    let mean = row.reduce(0, +) / 4
    let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
    return (x[k] - mean) / (variance + 0.25).squareRoot()
  }

  @Test(
    "layer normalization without weights",
    arguments: [
      ("", ""), ("q = Pow(d, float[]:2)", "q = Mul(d, d)"),
      ("e = Add(v, float[]:0.25)", "e = Add(float[1]:0.25, v)"),
      ("y = Div(d, s)", "r = Reciprocal(s)\ny = Mul(d, r)"),
      ("y = Div(d, s)", "r = Reciprocal(s)\ny = Mul(r, d)"),
      ("y = Div(d, s)", "r = Div(float[]:1, s)\ny = Mul(r, d)"),
      ("e = Add(v, float[]:0.25)", "f = Add(v, float[]:0.125)\ne = Add(f, float[]:0.125)"),
    ])
  func normalization(_ line: String, _ other: String) throws {
    let y = try #require(
      try GraphText.run(changed(Self.divided, line, other), [[3, 2, 4]])["y"])
    let x = GraphText.distinct(24, 1)
    for k in 0..<24 { #expect(abs(y.elements[k] - normal(x, k)) < 1e-12) }
  }

  @Test(
    "layer normalization with weights",
    arguments: [
      ("", ""), ("w = Mul(r, float[4]:1,-2,3,0.5)", "w = Mul(float[4]:1,-2,3,0.5, r)"),
      ("a = Mul(x, w)", "a = Mul(w, x)"), ("b = Mul(n, w)", "b = Mul(w, n)"),
      ("c = Add(b, float[4]:4,3,2,1)", "c = Add(float[4]:4,3,2,1, b)"),
      ("y = Add(a, c)", "y = Add(c, a)"),
      ("a = Mul(x, w)", "g = Mul(d, w)\na = Mul(x, w)"),
    ])
  func scaledNormalization(_ line: String, _ other: String) throws {
    let y = try #require(try GraphText.run(changed(Self.scaled, line, other), [[3, 2, 4]])["y"])
    let x = GraphText.distinct(24, 1)
    for k in 0..<24 {
      let expected = normal(x, k) * [1, -2, 3, 0.5][k % 4] + [4, 3, 2, 1][k % 4]
      #expect(abs(y.elements[k] - expected) < 1e-11)
    }
  }

  @Test("layer normalization with a weight and no bias")
  func weightedNormalization() throws {
    let text = changed(Self.scaled, "c = Add(b, float[4]:4,3,2,1)", "")
    let y = try #require(
      try GraphText.run(changed(text, "y = Add(a, c)", "y = Add(a, b)"), [[3, 2, 4]])["y"])
    let product = try #require(
      try GraphText.run(
        changed(Self.scaled, "y = Add(a, c)", "y = Mul(d, w)"), [[3, 2, 4]])["y"])
    let x = GraphText.distinct(24, 1)
    for k in 0..<24 {
      #expect(abs(y.elements[k] - normal(x, k) * [1, -2, 3, 0.5][k % 4]) < 1e-11)
      #expect(abs(product.elements[k] - normal(x, k) * [1, -2, 3, 0.5][k % 4]) < 1e-11)
    }
  }

  @Test(
    "other forms of layer normalization",
    arguments: [
      (divided, "y = Div(d, s)", "y = Div(m, s)", "Div"),
      (divided, "y = Div(d, s)", "y = Div(d, e)", "Div"),
      (
        divided, "y = Div(d, s)",
        "o = Tanh(x)\nt = ReduceMean(o) axes=[2]\nu = Sub(o, t)\ny = Div(u, s)",
        "Div"
      ),
      (divided, "q = Pow(d, float[]:2)", "q = Pow(m, float[]:2)", "Pow"),
      (divided, "q = Pow(d, float[]:2)", "q = Mul(d, m)", "Mul"),
      (
        divided, "q = Pow(d, float[]:2)",
        "o = Tanh(x)\nt = ReduceMean(o) axes=[2]\nu = Sub(o, t)\nq = Mul(u, d)", "Mul"
      ),
      (divided, "e = Add(v, float[]:0.25)", "e = Add(v, float[]:0)", "Sqrt"),
      (divided, "e = Add(v, float[]:0.25)", "e = Add(v, float[]:-0.25)", "Sqrt"),
      (divided, "e = Add(v, float[]:0.25)", "e = Add(q, float[]:0.25)", "Add"),
      (divided, "s = Sqrt(e)", "s = Sqrt(q)", "Sqrt"),
      (divided, "y = Div(d, s)", "r = Reciprocal(e)\ny = Mul(d, r)", "Reciprocal"),
      (divided, "y = Div(d, s)", "r = Div(float[]:1, e)\ny = Mul(d, r)", "Div"),
      (divided, "y = Div(d, s)", "y = Mul(d, float[]:2)", "Mul"),
      (divided, "y = Div(d, s)", "y = Mul(x, s)", "Mul"),
      (scaled, "n = Neg(m)", "n = Neg(d)", "Neg"),
      (scaled, "b = Mul(n, w)", "b = Mul(m, w)", "Mul"),
      (scaled, "a = Mul(x, w)", "o = Tanh(x)\na = Mul(o, w)", "Mul"),
      (scaled, "a = Mul(x, w)", "u = Mul(r, float[4]:1,2,3,0.5)\na = Mul(x, u)", "Add"),
      (
        scaled, "w = Mul(r, float[4]:1,-2,3,0.5)",
        "i = Mul(r, float[4]:1,-2,3,0.5)\nw = Mul(i, float[]:2)", "Mul"
      ),
      (
        scaled, "c = Add(b, float[4]:4,3,2,1)",
        "i = Add(b, float[4]:4,3,2,1)\nc = Add(i, float[]:2)", "Add"
      ),
      (scaled, "y = Add(a, c)", "y = Add(a, x)", "Add"),
      (scaled, "y = Add(a, c)", "y = Add(c, c)", "Add"),
      (scaled, "y = Add(a, c)", "y = Add(a, a)", "Add"),
      (
        scaled, "a = Mul(x, w)",
        "f = Add(v, float[]:0.5)\ng = Sqrt(f)\nh = Reciprocal(g)\n"
          + "u = Mul(h, float[4]:1,-2,3,0.5)\na = Mul(x, u)", "Add"
      ),
    ])
  func otherNormalizations(_ text: String, _ line: String, _ other: String, _ name: String) {
    #expect(
      GraphText.message(changed(text, line, other))
        == "\(name) \"node-\(name)\": is a part of a layer normalization in an unknown form")
  }

  @Test(
    "means of other axes are not those of a layer normalization",
    arguments: [
      (
        divided, "v = ReduceMean(q) axes=[2]", "v = ReduceMean(m) axes=[2]",
        "ReduceMean \"node-ReduceMean\": reads a part of a layer normalization, which Recur computes "
          + "only as a part of a layer"
      ),
      (
        divided, "v = ReduceMean(q) axes=[2]", "v = ReduceMean(q) axes=[1]",
        "ReduceMean \"node-ReduceMean\": reads a part of a layer normalization, which Recur computes "
          + "only as a part of a layer"
      ),
      (
        divided, "v = ReduceMean(q) axes=[2]", "v = ReduceMean(q) axes=[1,2]",
        "ReduceMean \"node-ReduceMean\": reads a part of a layer normalization, which Recur computes "
          + "only as a part of a layer"
      ),
      (
        divided, "v = ReduceMean(q) axes=[2]", "v = ReduceMax(q) axes=[2]",
        "ReduceMax \"node-ReduceMax\": reads a part of a layer normalization, which Recur computes "
          + "only as a part of a layer"
      ),
      (
        divided, "d = Sub(x, m)", "o = Tanh(x)\nd = Sub(o, m)",
        "Sub \"node-Sub\": reads a part of a layer normalization, which Recur computes only as a part "
          + "of a layer"
      ),
      (
        divided, "y = Div(d, s)", "y = Div(x, s)",
        "Div \"node-Div\": divides by a value, which is supported only for constants and "
          + "normalizations"
      ),
      (
        divided, "y = Div(d, s)", "y = Div(float[]:2, s)",
        "Div \"node-Div\": divides by a value, which is supported only for constants and "
          + "normalizations"
      ),
    ])
  func otherMeans(_ text: String, _ line: String, _ other: String, _ message: String) {
    #expect(GraphText.message(changed(text, line, other)) == message)
  }

  @Test("a mean by global pooling is that of the channels if they are last")
  func pooledMeans() throws {
    let text = changed(
      changed(Self.divided, "m = ReduceMean(x) axes=[-1]", "m = GlobalAveragePool(x)"),
      "v = ReduceMean(q) axes=[2]", "v = GlobalAveragePool(q)")
    let y = try #require(
      try GraphText.run(
        text, [[3, 2, 4]], roles: ["x": [.steps, .sequences, .channels]])["y"])
    let x = GraphText.distinct(24, 1)
    for k in 0..<24 { #expect(abs(y.elements[k] - normal(x, k)) < 1e-12) }
    #expect(
      GraphText.message(
        changed(text, "v = GlobalAveragePool(q)", "v = GlobalMaxPool(q)"),
        roles: ["x": [.steps, .sequences, .channels]])
        == "GlobalMaxPool \"node-GlobalMaxPool\": reads a part of a layer normalization, which Recur "
        + "computes only as a part of a layer")
  }

  // LSTM

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
    let text = changed(Self.lstm, line, other)
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
      changed(Self.lstm, "g = Add(a, float[8]:~5)", "g = Add(a, float[8]:*0)"), shapes)
    let none = try GraphText.run(
      changed(
        changed(Self.lstm, "g = Add(a, float[8]:~5)", ""),
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
      try GraphText.value(changed(Self.lstm, line, other), states: ["h", "c"])
    }
    #expect(
      error?.description
        == "\(name) \"node-\(name)\": is a part of a recurrent network that is written out in an "
        + "unknown form")
  }

  @Test("the new cell state alone is no output")
  func cellState() {
    #expect(
      GraphText.message(changed(Self.lstm, "y = Mul(o, t)", "y = Identity(c1)"))
        == "output \"y\" is a part of a network that is written out in an unknown form")
  }

  // A simple network

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
    let other = changed(
      Self.network, "q1 = Add(p1, float[2]:0.25,0.75)",
      "q1 = Add(float[2]:0.25,0.75, p1)")
    try expectOutputs(other, reference([0.5, -1], [0.25, 0.75]))
    let inputs = changed(Self.network, "u = Add(v, float[2]:0.5,-1)", "u = Identity(v)")
    try expectOutputs(inputs, reference([0, 0], [0.25, 0.75]))
    var states = Self.network
    for k in 0..<3 {
      states = changed(states, "q\(k) = Add(p\(k), float[2]:0.25,0.75)", "q\(k) = Identity(p\(k))")
    }
    try expectOutputs(states, reference([0.5, -1], [0, 0]))
    try expectOutputs(
      changed(states, "u = Add(v, float[2]:0.5,-1)", "u = Identity(v)"), reference([0, 0], [0, 0]))
  }

  @Test("a simple network whose steps have lost and gained an axis of size 1")
  func squeezedSteps() throws {
    var text = Self.network
    for k in 0..<3 {
      text = changed(
        text, "u\(k) = Slice(u, int64[1]:\(k), int64[1]:\(k + 1), int64[1]:0)",
        "w\(k) = Slice(u, int64[1]:\(k), int64[1]:\(k + 1), int64[1]:0)\n"
          + "u\(k) = Squeeze(w\(k), int64[1]:0)")
    }
    try expectOutputs(text, reference([0.5, -1], [0.25, 0.75]))
    text = changed(
      text, "d = Concat(int64[1]:1, s, int64[1]:2) axis=0",
      "d = Concat(s, int64[1]:2) axis=0")
    for k in 0..<3 {
      if k > 0 {
        text = changed(
          text, "p\(k) = MatMul(h\(k - 1), float[2,2]:~4)",
          "p\(k) = MatMul(g\(k - 1), float[2,2]:~4)")
      }
      text = changed(
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
      GraphText.message(changed(Self.network, line, other), roles: Self.roles)
        == "\(name) \"node-\(name)\": is a part of a network that is written out in an unknown form"
    )
  }

  // Indices from the end

  private static let index = """
    k: int64[B,T]
    s = Add(k, int64[]:3)
    f = Cast(k) to=1
    n = Less(f, float[]:0)
    p = Not(n)
    q = Cast(p) to=7
    m = Cast(n) to=7
    a = Mul(k, q)
    b = Mul(m, s)
    i = Add(b, a)
    y = Gather(float[3,2]:1,2,3,4,5,6, i)
    """

  @Test(
    "indices from the end",
    arguments: [
      ("", ""), ("a = Mul(k, q)", "a = Mul(q, k)"), ("b = Mul(m, s)", "b = Mul(s, m)"),
      ("i = Add(b, a)", "i = Add(a, b)"), ("s = Add(k, int64[]:3)", "s = Add(int64[1]:3, k)"),
    ])
  func indices(_ line: String, _ other: String) throws {
    let y = try #require(try GraphText.run(changed(Self.index, line, other), [[2, 3]])["y"])
    #expect(y.shape == [2, 3, 2])
    #expect(y.elements == [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6])
  }

  @Test(
    "other computations of indices",
    arguments: [
      ("n = Less(f, float[]:0)", "n = Less(f, float[]:1)", "Less"),
      ("n = Less(f, float[]:0)", "n = Less(s, float[]:0)", "Less"),
      ("p = Not(n)", "p = Not(f)", "Not"), ("p = Not(n)", "p = Not(s)", "Not"),
      ("a = Mul(k, q)", "a = Mul(k, m)", "Mul"), ("a = Mul(k, q)", "a = Mul(s, q)", "Mul"),
      ("b = Mul(m, s)", "b = Mul(m, m)", "Mul"), ("b = Mul(m, s)", "b = Mul(m, q)", "Mul"),
      ("i = Add(b, a)", "i = Add(b, b)", "Add"), ("i = Add(b, a)", "i = Add(a, a)", "Add"),
      ("i = Add(b, a)", "i = Add(b, k)", "Add"),
    ])
  func otherIndices(_ line: String, _ other: String, _ name: String) {
    #expect(
      GraphText.message(changed(Self.index, line, other))
        == "\(name) \"node-\(name)\": computes tokens, which is supported only for indices from the end"
    )
  }

  @Test("indices of two inputs are no index from the end")
  func mixedIndices() {
    for (line, other, name) in [
      ("a = Mul(k, q)", "a = Mul(l, q)", "Mul"),
      ("s = Add(k, int64[]:3)", "s = Add(l, int64[]:3)", "Mul"),
    ] {
      #expect(
        GraphText.message("l: int64[B,T]\n" + changed(Self.index, line, other))
          == "\(name) \"node-\(name)\": computes tokens, which is supported only for indices from the "
          + "end")
    }
  }
}
