// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurONNX
import Testing

/// Operators whose results depend on one element of each input.
@Suite("ONNX operators of elements compute the formula")
struct ONNXElementTests {
  /// Nodes that compute y, and the formula of an element of x and z and of the number of the channel.
  private struct Case: CustomTestStringConvertible, Sendable {
    let text: String
    let formula: @Sendable (Double, Double, Int) -> Double
    var testDescription: String { text }

    init(_ text: String, _ formula: @escaping @Sendable (Double, Double, Int) -> Double) {
      (self.text, self.formula) = (text, formula)
    }
  }

  private static let cases: [Case] = [
    Case("y = Add(x, z)") { x, z, _ in x + z },
    Case("y = Add(x, float[]:0.5)") { x, _, _ in x + 0.5 },
    Case("y = Add(float[4]:1,-2,3,0.5, x)") { x, _, c in x + [1, -2, 3, 0.5][c] },
    Case("y = Sub(x, z)") { x, z, _ in x - z },
    Case("y = Sub(x, float[]:0.5)") { x, _, _ in x - 0.5 },
    Case("y = Sub(float[]:0.5, x)") { x, _, _ in 0.5 - x },
    Case("y = Sub(x, float[1,4]:1,-2,3,0.5)") { x, _, c in x - [1, -2, 3, 0.5][c] },
    Case("y = Sub(float[4]:1,-2,3,0.5, x)") { x, _, c in [1, -2, 3, 0.5][c] - x },
    Case("y = Mul(x, z)") { x, z, _ in x * z },
    Case("y = Mul(x, x)") { x, _, _ in x * x },
    Case("y = Mul(float[]:-3, x)") { x, _, _ in -3 * x },
    Case("y = Mul(x, float[4]:1,-2,3,0.5)") { x, _, c in x * [1, -2, 3, 0.5][c] },
    Case("y = Div(x, float[]:4)") { x, _, _ in x / 4 },
    Case("y = Div(x, float[4]:1,-2,4,0.5)") { x, _, c in x / [1, -2, 4, 0.5][c] },
    Case("y = Pow(x, float[]:2)") { x, _, _ in x * x },
    Case("y = Pow(x, float[]:3)") { x, _, _ in x * x * x },
    Case("y = Neg(x)") { x, _, _ in -x },
    Case("a = Mul(x, x)\nb = Mul(z, z)\nc = Add(a, b)\ny = Sqrt(c)") { x, z, _ in
      (x * x + z * z).squareRoot()
    },
    Case("a = Pow(x, float[]:2)\nb = Mul(z, z)\nc = Add(b, a)\ny = Sqrt(c)") { x, z, _ in
      (x * x + z * z).squareRoot()
    },
    Case("a = Abs(x)\nb = Add(a, float[]:1)\ny = Div(x, b)") { x, _, _ in x / (1 + abs(x)) },
    Case("a = Abs(x)\nb = Add(float[1]:1, a)\ny = Div(x, b)") { x, _, _ in x / (1 + abs(x)) },
    Case("a = Sigmoid(x)\ny = Mul(x, a)") { x, _, _ in x / (1 + exp(-x)) },
    Case("a = Sigmoid(x)\ny = Mul(a, x)") { x, _, _ in x / (1 + exp(-x)) },
    Case("a = Sigmoid(z)\ny = Mul(x, a)") { x, z, _ in x / (1 + exp(-z)) },
    Case("a = Tanh(x)\ny = Mul(x, a)") { x, _, _ in x * tanh(x) },
    Case("a = Greater(x, float[]:18)\nb = Softplus(x)\ny = Where(a, x, b)") { x, _, _ in
      log(1 + exp(x))
    },
    Case("y = Tanh(x)") { x, _, _ in tanh(x) },
    Case("y = Sigmoid(x)") { x, _, _ in 1 / (1 + exp(-x)) },
    Case("y = Relu(x)") { x, _, _ in max(x, 0) },
    Case("y = Softplus(x)") { x, _, _ in log(1 + exp(x)) },
    Case("y = Softsign(x)") { x, _, _ in x / (1 + abs(x)) },
    Case("y = LeakyRelu(x)") { x, _, _ in x < 0 ? 0.01 * x : x },
    Case("y = LeakyRelu(x) alpha=0.3") { x, _, _ in x < 0 ? 0.3 * x : x },
    Case("y = Elu(x)") { x, _, _ in x < 0 ? exp(x) - 1 : x },
    Case("y = Elu(x) alpha=0.5") { x, _, _ in x < 0 ? 0.5 * (exp(x) - 1) : x },
    Case("a = Mul(x, float[]:2)\ny = ThresholdedRelu(a)") { x, _, _ in 2 * x > 1 ? 2 * x : 0 },
    Case("y = ThresholdedRelu(x) alpha=0.25") { x, _, _ in x > 0.25 ? x : 0 },
    Case("y = HardSigmoid(x)") { x, _, _ in min(1, max(0, 0.2 * x + 0.5)) },
    Case("y = HardSigmoid(x) alpha=0.75 beta=0.25") { x, _, _ in min(1, max(0, 0.75 * x + 0.25)) },
    Case("a = Mul(x, float[]:4)\ny = HardSwish(a)") { x, _, _ in
      4 * x * min(1, max(0, 4 * x / 6 + 0.5))
    },
    Case("y = Clip(x, float[]:-0.5, float[]:0.25)") { x, _, _ in min(0.25, max(-0.5, x)) },
    Case("y = Clip(x) min=-0.5 max=0.25") { x, _, _ in min(0.25, max(-0.5, x)) },
    Case("y = Clip(x, float[]:0)") { x, _, _ in max(x, 0) },
    Case("y = Clip(x)") { x, _, _ in x },
    Case("y = PRelu(x, float[1]:0.25)") { x, _, _ in x < 0 ? 0.25 * x : x },
    Case("y = PRelu(x, float[4]:1,-2,3,0.5)") { x, _, c in x < 0 ? [1, -2, 3, 0.5][c] * x : x },
    Case("a = Mul(x, float[]:4)\ny = Gelu(a) approximate=tanh") { x, _, _ in
      let x = 4 * x
      return x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    },
    Case("y = Identity(x)") { x, _, _ in x },
    Case("y = Dropout(x)") { x, _, _ in x },
    Case("y = Dropout(x, float[]:0.5, bool[]:0) seed=1") { x, _, _ in x },
    Case("y = Cast(x) to=1") { x, _, _ in x },
    Case("y = Cast(x) to=11 saturate=1 round_mode=up") { x, _, _ in x },
    Case("y = Expand(x, int64[1]:4)") { x, _, _ in x },
    Case("y = Expand(x, int64[3]:1,1,4)") { x, _, _ in x },
    Case("y = Expand(x, int64[1]:1)") { x, _, _ in x },
    Case("s = Shape(x)\ny = Expand(x, s)") { x, _, _ in x },
    Case("y = Add(x, float[1,1,1]:0)") { x, _, _ in x },
    Case("y = Mul(x, float[]:1)") { x, _, _ in x },
    Case("a = Mul(x, float[]:1)\ny = Add(a, float[]:1)") { x, _, _ in x + 1 },
    // A scale that merges into another, and one that does not.
    Case("a = Mul(x, float[4]:1,-2,3,0.5)\ny = Add(a, float[4]:3,1,-1,2)") { x, _, c in
      x * [1, -2, 3, 0.5][c] + [3, 1, -1, 2][c]
    },
    Case("a = Add(x, float[4]:3,1,-1,2)\ny = Mul(a, float[4]:1,-2,3,0.5)") { x, _, c in
      (x + [3, 1, -1, 2][c]) * [1, -2, 3, 0.5][c]
    },
    Case("a = Add(x, float[4]:3,1,-1,2)\ny = Add(a, float[4]:1,-2,3,0.5)") { x, _, c in
      x + [3, 1, -1, 2][c] + [1, -2, 3, 0.5][c]
    },
    Case("a = Mul(x, float[4]:3,1,-1,2)\ny = Mul(a, float[4]:1,-2,3,0.5)") { x, _, c in
      x * [3, 1, -1, 2][c] * [1, -2, 3, 0.5][c]
    },
    Case("a = Mul(x, float[4]:3,1,-1,2)\nb = Add(a, float[4]:1,-2,3,0.5)\ny = Mul(a, b)") {
      x, _, c in
      x * [3, 1, -1, 2][c] * (x * [3, 1, -1, 2][c] + [1, -2, 3, 0.5][c])
    },
    Case(
      "b = BatchNormalization(x2, float[4]:1,2,3,4, float[4]:5,6,7,8, float[4]:1,0,1,2, "
        + "float[4]:0.25,1,4,9) epsilon=0.5\ny = Transpose(b) perm=[2,0,1]"
    ) { x, _, c in
      [1, 2, 3, 4][c] * (x - [1, 0, 1, 2][c]) / ([0.25, 1, 4, 9][c] + 0.5).squareRoot()
        + [5, 6, 7, 8][c]
    },
    Case(
      "b = BatchNormalization(x2, float[4]:1,2,3,4, float[4]:5,6,7,8, float[4]:1,0,1,2, "
        + "float[4]:0.25,1,4,9) momentum=0.5\ny = Transpose(b) perm=[2,0,1]"
    ) { x, _, c in
      [1, 2, 3, 4][c] * (x - [1, 0, 1, 2][c]) / ([0.25, 1, 4, 9][c] + 1e-5).squareRoot()
        + [5, 6, 7, 8][c]
    },
  ]

  @Test("for each element", arguments: cases)
  private func elements(_ one: Case) throws {
    // Batch normalization has the channels second.
    let second = one.text.contains("x2") ? "x2 = Transpose(x) perm=[1,2,0]\n" : ""
    let text = "x: float[T,B,4]\nz: float[T,B,4]\n\(second)\(one.text)\nw = Add(z, float[]:0)"
    let results = try GraphText.run(text, [[3, 2, 4], [3, 2, 4]], outputs: ["y", "w"])
    let y = try #require(results["y"])
    #expect(y.shape == [3, 2, 4])
    let (x, z) = (GraphText.distinct(24, 1), GraphText.distinct(24, 2))
    for k in 0..<24 {
      let expected = one.formula(x[k], z[k], k % 4)
      #expect(abs(y.elements[k] - expected) < 1e-12 * max(1, abs(expected)), "element \(k)")
    }
  }

  /// The bound is that of the polynomial.
  @Test("the error function has an error below 1e-8, and further out below 4e-8")
  func errorFunction() throws {
    let graph = "x: float[T,B,4]\na = Mul(x, float[]:5)\n"
    let x = GraphText.distinct(96, 1).map { 5 * $0 }
    let y = try #require(try GraphText.run(graph + "y = Erf(a)", [[3, 8, 4]])["y"])
    for (value, x) in zip(y.elements, x) {
      #expect(abs(value - erf(x)) < (abs(x) < 3.9 ? 1e-8 : 4e-8))
    }
    let gelu = try #require(try GraphText.run(graph + "y = Gelu(a)", [[3, 8, 4]])["y"])
    for (value, x) in zip(gelu.elements, x) {
      #expect(abs(value - x * (1 + erf(x / 2.0.squareRoot())) / 2) < 5e-8)
    }
  }

  /// The number of nodes shows which layers a formula becomes.
  @Test(
    "with few layers",
    arguments: [
      ("y = Mul(x, float[]:1)", ["x"]),
      ("y = Clip(x)", ["x"]),
      ("y = Clip(x, float[]:0)", ["x", "relu"]),
      ("y = Clip(x, float[]:0, float[]:1)", ["x", "hardTanh"]),
      ("a = Sigmoid(x)\ny = Mul(x, a)", ["x", "silu"]),
      ("a = Sigmoid(x)\ny = Mul(a, x)", ["x", "silu"]),
      ("a = Abs(x)\nb = Add(a, float[]:1)\ny = Div(x, b)", ["x", "softsign"]),
      ("a = Mul(x, x)\nb = Add(a, a)\ny = Sqrt(b)", ["x", "concatenate", "magnitude"]),
      ("a = Greater(x, float[]:18)\nb = Softplus(x)\ny = Where(a, x, b)", ["x", "softplus"]),
      ("a = Mul(x, float[4]:1,2,3,4)\ny = Add(a, float[4]:3,1,-1,2)", ["x", "scale"]),
      ("a = Mul(x, float[4]:1,2,3,4)\ny = Mul(a, float[4]:3,1,-1,2)", ["x", "scale", "scale_2"]),
      ("a = Add(x, float[4]:1,2,3,4)\ny = Add(a, float[4]:3,1,-1,2)", ["x", "scale", "scale_2"]),
      ("a = MatMul(x, float[4,2]:~3)\ny = Add(a, float[2]:3,1)", ["x", "dense"]),
      ("a = MatMul(x, float[4,2]:~3)\ny = Mul(a, float[2]:3,1)", ["x", "dense", "scale"]),
      (
        "a = MatMul(x, float[4,2]:~3)\nb = Add(a, float[2]:3,1)\ny = Add(b, float[2]:4,1)",
        ["x", "dense", "scale"]
      ),
      ("y = Mul(x, float[4]:2,2,2,3)", ["x", "scale"]),
      ("y = Mul(x, float[]:2)", ["x", "affine"]),
      ("y = LayerNormalization(x, float[4]:2,2,2,3)", ["x", "layer_normalization"]),
      (
        "a = LayerNormalization(x, float[4]:2,2,2,3)\ny = Add(a, float[4]:1,2,3,4)",
        ["x", "layer_normalization"]
      ),
      (
        "a = LayerNormalization(x, float[4]:2,2,2,3)\ny = Mul(a, float[4]:1,2,3,4)",
        ["x", "layer_normalization", "scale"]
      ),
      ("y = RNN(x, float[1,4,4]:~1, float[1,4,4]:~2)", ["x", "rnn"]),
      ("y = ReduceMean(x) axes=[0]", ["x", "mean"]),
      (
        "a = MatMul(x, float[4,9]:~3)\ny = LogSoftmax(a)",
        [
          "x", "dense", "slice", "slice_2", "affine", "add", "softplus", "add_2", "slice_3",
          "concatenate", "slice_4", "slice_5", "affine_2", "add_3", "softplus_2", "add_4",
          "slice_6",
          "concatenate_2", "slice_7", "slice_8", "affine_3", "add_5", "softplus_3", "add_6",
          "slice_9", "concatenate_3", "slice_10", "slice_11", "affine_4", "add_7", "softplus_4",
          "add_8", "concatenate_4", "concatenate_5", "slice_12", "affine_5", "add_9",
        ]
      ),
    ])
  func layers(_ text: String, _ names: [String]) throws {
    let model = try ONNXModel<Double>(
      bytes: GraphText("x: float[T,B,4]\n" + text).model(), roles: [:])
    #expect(model.model.graph.nodes.map(\.name) == names)
  }
}
