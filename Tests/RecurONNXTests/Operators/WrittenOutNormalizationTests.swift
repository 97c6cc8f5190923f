// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurONNX
import Testing

/// The forms that are known, with their values, and small changes, which are refused.
@Suite("Layer normalizations that ONNX models have as several nodes")
struct ONNXWrittenOutNormalizationTests {
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
      try GraphText.run(GraphText.changed(Self.divided, line, other), [[3, 2, 4]])["y"])
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
    let y = try #require(
      try GraphText.run(GraphText.changed(Self.scaled, line, other), [[3, 2, 4]])["y"])
    let x = GraphText.distinct(24, 1)
    for k in 0..<24 {
      let expected = normal(x, k) * [1, -2, 3, 0.5][k % 4] + [4, 3, 2, 1][k % 4]
      #expect(abs(y.elements[k] - expected) < 1e-11)
    }
  }

  @Test("layer normalization with a weight and no bias")
  func weightedNormalization() throws {
    let text = GraphText.changed(Self.scaled, "c = Add(b, float[4]:4,3,2,1)", "")
    let y = try #require(
      try GraphText.run(GraphText.changed(text, "y = Add(a, c)", "y = Add(a, b)"), [[3, 2, 4]])["y"]
    )
    let product = try #require(
      try GraphText.run(
        GraphText.changed(Self.scaled, "y = Add(a, c)", "y = Mul(d, w)"), [[3, 2, 4]])["y"])
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
      GraphText.message(GraphText.changed(text, line, other))
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
    #expect(GraphText.message(GraphText.changed(text, line, other)) == message)
  }

  @Test("a mean by global pooling is that of the channels if they are last")
  func pooledMeans() throws {
    let text = GraphText.changed(
      GraphText.changed(Self.divided, "m = ReduceMean(x) axes=[-1]", "m = GlobalAveragePool(x)"),
      "v = ReduceMean(q) axes=[2]", "v = GlobalAveragePool(q)")
    let y = try #require(
      try GraphText.run(
        text, [[3, 2, 4]], roles: ["x": [.steps, .sequences, .channels]])["y"])
    let x = GraphText.distinct(24, 1)
    for k in 0..<24 { #expect(abs(y.elements[k] - normal(x, k)) < 1e-12) }
    #expect(
      GraphText.message(
        GraphText.changed(text, "v = GlobalAveragePool(q)", "v = GlobalMaxPool(q)"),
        roles: ["x": [.steps, .sequences, .channels]])
        == "GlobalMaxPool \"node-GlobalMaxPool\": reads a part of a layer normalization, which Recur "
        + "computes only as a part of a layer")
  }
}
