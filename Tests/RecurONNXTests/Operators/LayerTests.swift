// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurONNX
import Testing

extension ONNXTensor {
  /// An element of a tensor.
  fileprivate subscript(_ index: Int...) -> Element {
    elements[zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }]
  }
}

/// Operators whose results depend on several elements.
@Suite("ONNX operators of several elements compute the formula")
struct ONNXLayerTests {
  typealias Tensor = ONNXTensor<Double>

  /// A model with the input x, the shape of its output y, and the formula of an element of y.
  private struct Case: CustomTestStringConvertible, Sendable {
    let text: String
    let shape: [Int]
    let formula: @Sendable (Tensor, [Int]) -> Double
    var opset: UInt64
    var testDescription: String { text }

    init(
      _ text: String, _ shape: [Int], opset: UInt64 = 17,
      _ formula: @escaping @Sendable (Tensor, [Int]) -> Double
    ) {
      (self.text, self.shape, self.formula, self.opset) = (text, shape, formula, opset)
    }
  }

  private static func mean(_ count: Int, _ element: (Int) -> Double) -> Double {
    sum(count, element) / Double(count)
  }

  private static func sum(_ count: Int, _ element: (Int) -> Double) -> Double {
    (0..<count).reduce(0) { $0 + element($1) }
  }

  private static func largest(_ count: Int, _ element: (Int) -> Double) -> Double {
    (0..<count).map(element).max()!
  }

  /// Element [row, column] of a constant ~3 with some columns.
  private static func weight(_ row: Int, _ column: Int, _ columns: Int) -> Double {
    Double(Float(GraphText.distinct(200, 3)[row * columns + column]))
  }

  /// The normalized element of a channel.
  private static func normal(_ x: Tensor, _ i: [Int], _ epsilon: Double) -> Double {
    let m = mean(4) { x[i[0], i[1], $0] }
    let variance = mean(4) { (x[i[0], i[1], $0] - m) * (x[i[0], i[1], $0] - m) }
    return (x[i[0], i[1], i[2]] - m) / (variance + Double(Float(epsilon))).squareRoot()
  }

  private static let input = "x: float[T,B,4]\n"

  private static let reductions: [Case] = [
    Case(input + "y = ReduceMean(x) axes=[0]", [1, 2, 4]) { x, i in mean(3) { x[$0, i[1], i[2]] } },
    Case(input + "y = ReduceMean(x, int64[1]:-3) keepdims=0", [2, 4]) { x, i in
      mean(3) { x[$0, i[0], i[1]] }
    },
    Case(input + "y = ReduceMax(x) axes=[0] keepdims=1", [1, 2, 4]) { x, i in
      largest(3) { x[$0, i[1], i[2]] }
    },
    Case(input + "y = ReduceMax(x) axes=[0] keepdims=0", [2, 4]) { x, i in
      largest(3) { x[$0, i[0], i[1]] }
    },
    Case(input + "y = ReduceMean(x) noop_with_empty_axes=1", [3, 2, 4]) { x, i in
      x[i[0], i[1], i[2]]
    },
    Case(input + "y = ReduceMean(x, int64[0]:) noop_with_empty_axes=1", [3, 2, 4]) { x, i in
      x[i[0], i[1], i[2]]
    },
    Case("x: float[T]\ny = ReduceMean(x)", [1]) { x, _ in mean(3) { x[$0] } },
    Case("x: float[T]\ny = ReduceMax(x, int64[0]:) keepdims=0", []) { x, _ in largest(3) { x[$0] }
    },
    Case("x: float[B,4,T]\ny = GlobalAveragePool(x)", [2, 4, 1]) { x, i in
      mean(3) { x[i[0], i[1], $0] }
    },
    Case("x: float[B,4,T]\ny = GlobalMaxPool(x)", [2, 4, 1]) { x, i in
      largest(3) { x[i[0], i[1], $0] }
    },
    Case("x: float[B,4,T,1]\ny = GlobalMaxPool(x)", [2, 4, 1, 1]) { x, i in
      largest(3) { x[i[0], i[1], $0, 0] }
    },
    Case(
      "x: float[B,4,T]\na = GlobalAveragePool(x)\ny = Squeeze(a, int64[1]:2)", [2, 4]
    ) { x, i in mean(3) { x[i[0], i[1], $0] } },
    Case(input + "y = Softmax(x)", [3, 2, 4]) { x, i in
      exp(x[i[0], i[1], i[2]]) / sum(4) { exp(x[i[0], i[1], $0]) }
    },
    Case(input + "y = LogSoftmax(x)", [3, 2, 4]) { x, i in
      x[i[0], i[1], i[2]] - log(sum(4) { exp(x[i[0], i[1], $0]) })
    },
    Case("x: float[B,9]\ny = LogSoftmax(x) axis=1", [2, 9]) { x, i in
      x[i[0], i[1]] - log(sum(9) { exp(x[i[0], $0]) })
    },
    Case("x: float[B,4]\ny = Softmax(x)", [2, 4], opset: 11) { x, i in
      exp(x[i[0], i[1]]) / sum(4) { exp(x[i[0], $0]) }
    },
    Case("x: float[B,4,1]\ny = Softmax(x)", [2, 4, 1], opset: 12) { x, i in
      exp(x[i[0], i[1], 0]) / sum(4) { exp(x[i[0], $0, 0]) }
    },
    Case(
      "x: float[T,B,4]\na = Reshape(x, int64[4]:0,0,2,2)\nb = Flatten(a) axis=2\ny = Softmax(b)",
      [6, 4]
    ) { x, i in
      exp(x[i[0] / 2, i[0] % 2, i[1]]) / sum(4) { exp(x[i[0] / 2, i[0] % 2, $0]) }
    },
  ]

  private static let normalizations: [Case] = [
    Case(input + "y = LayerNormalization(x, float[4]:1,-2,3,0.5)", [3, 2, 4]) { x, i in
      normal(x, i, 1e-5) * [1, -2, 3, 0.5][i[2]]
    },
    Case(
      input + "y = LayerNormalization(x, float[4]:1,-2,3,0.5, float[1,4]:4,3,2,1) epsilon=0.25 "
        + "axis=2 stash_type=1", [3, 2, 4]
    ) { x, i in normal(x, i, 0.25) * [1, -2, 3, 0.5][i[2]] + [4, 3, 2, 1][i[2]] },
    Case(input + "y = LayerNormalization(x, float[1]:2)", [3, 2, 4]) { x, i in
      normal(x, i, 1e-5) * 2
    },
    Case(
      "x: float[B,4]\ny = BatchNormalization(x, float[4]:1,2,3,4, float[4]:5,6,7,8, "
        + "float[4]:1,0,1,2, float[4]:0.25,1,4,9)", [2, 4]
    ) { x, i in
      let c = i[1]
      return [1, 2, 3, 4][c] * (x[i[0], c] - [1, 0, 1, 2][c])
        / ([0.25, 1, 4, 9][c] + 1e-5).squareRoot() + [5, 6, 7, 8][c]
    },
    Case(
      "x: float[B,4,3]\ny = BatchNormalization(x, float[4]:1,2,3,4, float[4]:5,6,7,8, "
        + "float[4]:1,0,1,2, float[4]:0.25,1,4,9) epsilon=0.5 spatial=1 training_mode=0", [2, 4, 3]
    ) { x, i in
      let c = i[1]
      return [1, 2, 3, 4][c] * (x[i[0], c, i[2]] - [1, 0, 1, 2][c])
        / ([0.25, 1, 4, 9][c] + 0.5).squareRoot() + [5, 6, 7, 8][c]
    },
  ]

  private static let products: [Case] = [
    Case(input + "y = MatMul(x, float[4,3]:~3)", [3, 2, 3]) { x, i in
      sum(4) { x[i[0], i[1], $0] * weight($0, i[2], 3) }
    },
    Case(input + "y = MatMul(x, float[1,4,3]:~3)", [3, 2, 3]) { x, i in
      sum(4) { x[i[0], i[1], $0] * weight($0, i[2], 3) }
    },
    Case(input + "y = MatMul(x, float[1,1,4,3]:~3)", [1, 3, 2, 3]) { x, i in
      sum(4) { x[i[1], i[2], $0] * weight($0, i[3], 3) }
    },
    Case("x: float[B,4]\ny = Gemm(x, float[4,3]:~3)", [2, 3]) { x, i in
      sum(4) { x[i[0], $0] * weight($0, i[1], 3) }
    },
    Case("x: float[B,4]\ny = Gemm(x, float[3,4]:~3) transB=1 transA=0", [2, 3]) { x, i in
      sum(4) { x[i[0], $0] * weight(i[1], $0, 4) }
    },
    Case("x: float[B,4]\ny = Gemm(x, float[4,3]:~3, float[3]:4,5,6) alpha=0.5 beta=-2.0", [2, 3]) {
      x, i in
      0.5 * sum(4) { x[i[0], $0] * weight($0, i[1], 3) } - 2 * [4, 5, 6][i[1]]
    },
    Case("x: float[B,4]\ny = Gemm(x, float[4,3]:~3, float[]:4) beta=0.5", [2, 3]) { x, i in
      sum(4) { x[i[0], $0] * weight($0, i[1], 3) } + 2
    },
    Case("x: float[B,4]\ny = Gemm(x, float[4,3]:~3, float[3]:4,5,6) beta=0.0", [2, 3]) { x, i in
      sum(4) { x[i[0], $0] * weight($0, i[1], 3) }
    },
    // Columns in another order than Recur's: channels before positions.
    Case(
      "x: float[T,B,12]\na = Reshape(x, int64[4]:0,0,3,4)\nb = Transpose(a) perm=[0,1,3,2]\n"
        + "c = Reshape(b, int64[3]:0,0,12)\ny = MatMul(c, float[12,2]:~3)", [3, 2, 2]
    ) { x, i in
      sum(12) { x[i[0], i[1], $0 % 3 * 4 + $0 / 3] * weight($0, i[2], 2) }
    },
    Case(
      "x: float[T,B,12]\na = Reshape(x, int64[4]:0,0,3,4)\nb = MatMul(a, float[4,2]:~3)\n"
        + "y = Add(b, float[3,2]:1,2,3,4,5,6)", [3, 2, 3, 2]
    ) { x, i in
      sum(4) { x[i[0], i[1], i[2] * 4 + $0] * weight($0, i[3], 2) } + Double(i[2] * 2 + i[3] + 1)
    },
    Case(
      "x: float[T,B,12]\na = Reshape(x, int64[4]:0,0,3,4)\nb = Transpose(a) perm=[0,1,3,2]\n"
        + "y = Mul(b, float[4,3]:~3)", [3, 2, 4, 3]
    ) { x, i in x[i[0], i[1], i[3] * 4 + i[2]] * weight(i[2], i[3], 3) },
  ]

  private static let convolutions: [Case] = [
    Case("x: float[B,4,T]\ny = Conv(x, float[3,4,1]:~3, float[3]:4,5,6)", [2, 3, 3]) { x, i in
      sum(4) { x[i[0], $0, i[2]] * weight(i[1], $0, 4) } + [4, 5, 6][i[1]]
    },
    Case("x: float[B,4,T]\ny = Conv(x, float[3,4,2]:~3)", [2, 3, 2]) { x, i in
      sum(4) { c in sum(2) { x[i[0], c, i[2] + $0] * weight(i[1], c * 2 + $0, 8) } }
    },
    Case("x: float[B,4,T]\ny = Conv(x, float[3,4,2]:~3) strides=[2] pads=[0,1]", [2, 3, 2]) {
      x, i in
      sum(4) { c in
        sum(2) {
          let t = 2 * i[2] + $0
          return t > 2 ? 0 : x[i[0], c, t] * weight(i[1], c * 2 + $0, 8)
        }
      }
    },
    Case("x: float[B,4,T]\ny = Conv(x, float[4,2,2]:~3) dilations=[2] group=2", [2, 4, 1]) { x, i in
      sum(2) { c in
        sum(2) { x[i[0], i[1] / 2 * 2 + c, i[2] + 2 * $0] * weight(i[1], c * 2 + $0, 4) }
      }
    },
    Case(
      "x: float[B,4,T]\np = Pad(x, int64[6]:0,0,2,0,0,1)\ny = Conv(p, float[3,4,4]:~3)", [2, 3, 3]
    ) { x, i in
      sum(4) { c in
        sum(4) {
          let t = i[2] + $0 - 2
          return t < 0 || t > 2 ? 0 : x[i[0], c, t] * weight(i[1], c * 4 + $0, 16)
        }
      }
    },
    Case(
      "x: float[B,4,T]\np = Pad(x, int64[2]:1,2, float[]:0, int64[1]:-1) mode=edge\n"
        + "y = Conv(p, float[3,4,4]:~3)", [2, 3, 3]
    ) { x, i in
      sum(4) { c in
        sum(4) { x[i[0], c, min(2, max(0, i[2] + $0 - 1))] * weight(i[1], c * 4 + $0, 16) }
      }
    },
    Case(
      "x: float[B,4,T]\np = Pad(x) pads=[0,0,2,0,0,1] mode=reflect\n"
        + "y = Conv(p, float[3,4,4]:~3)", [2, 3, 3]
    ) { x, i in
      sum(4) { c in
        sum(4) {
          let t = abs(i[2] + $0 - 2)
          return x[i[0], c, t > 2 ? 4 - t : t] * weight(i[1], c * 4 + $0, 16)
        }
      }
    },
    Case(
      "x: float[B,4,T]\np = Pad(x, int64[6]:0,0,2,0,0,0)\ny = Conv(p, float[3,4,4]:~3) pads=[0,1]",
      [2, 3, 3]
    ) { x, i in
      sum(4) { c in
        sum(4) {
          let t = i[2] + $0 - 2
          return t < 0 || t > 2 ? 0 : x[i[0], c, t] * weight(i[1], c * 4 + $0, 16)
        }
      }
    },
    // Half of the padding, and the odd rest before or after.
    Case("x: float[B,4,T]\ny = Conv(x, float[3,4,4]:~3) auto_pad=SAME_UPPER", [2, 3, 3]) { x, i in
      sum(4) { c in
        sum(4) {
          let t = i[2] + $0 - 1
          return t < 0 || t > 2 ? 0 : x[i[0], c, t] * weight(i[1], c * 4 + $0, 16)
        }
      }
    },
    Case("x: float[B,4,T]\ny = Conv(x, float[3,4,4]:~3) auto_pad=SAME_LOWER", [2, 3, 3]) { x, i in
      sum(4) { c in
        sum(4) {
          let t = i[2] + $0 - 2
          return t < 0 || t > 2 ? 0 : x[i[0], c, t] * weight(i[1], c * 4 + $0, 16)
        }
      }
    },
    Case("x: float[B,4,T]\ny = Conv(x, float[3,4,2]:~3) auto_pad=VALID", [2, 3, 2]) { x, i in
      sum(4) { c in sum(2) { x[i[0], c, i[2] + $0] * weight(i[1], c * 2 + $0, 8) } }
    },
    Case(
      "x: float[2,4,7]\ny = Conv(x, float[3,4,3]:~3) auto_pad=SAME_UPPER strides=[3] dilations=[2]",
      [2, 3, 3]
    ) { x, i in
      // Three outputs: (3 - 1) * 3 + 5 - 7 = 4 elements of padding.
      sum(4) { c in
        sum(3) {
          let t = 3 * i[2] + 2 * $0 - 2
          return t < 0 || t > 6 ? 0 : x[i[0], c, t] * weight(i[1], c * 3 + $0, 12)
        }
      }
    },
    Case(
      "x: float[B,4,1,T]\ny = Conv(x, float[3,4,1,2]:~3) pads=[0,0,0,1] strides=[1,2]",
      [2, 3, 1, 2]
    ) { x, i in
      sum(4) { c in
        sum(2) {
          let t = 2 * i[3] + $0
          return t > 2 ? 0 : x[i[0], c, 0, t] * weight(i[1], c * 2 + $0, 8)
        }
      }
    },
    Case("x: float[B,4,T,1]\ny = Conv(x, float[3,4,2,1]:~3) pads=[1,0,0,0]", [2, 3, 3, 1]) { x, i in
      sum(4) { c in
        sum(2) {
          let t = i[2] + $0 - 1
          return t < 0 ? 0 : x[i[0], c, t, 0] * weight(i[1], c * 2 + $0, 8)
        }
      }
    },
    Case("x: float[B,4,1,1]\ny = Conv(x, float[3,4,1,1]:~3)", [2, 3, 1, 1]) { x, i in
      sum(4) { x[i[0], $0, 0, 0] * weight(i[1], $0, 4) }
    },
    // Frames of samples: the columns are positions of one channel.
    Case(
      "x: float[T,8]\nu = Unsqueeze(x, int64[1]:1)\ny = Conv(u, float[2,1,3]:~3) strides=[2]",
      [3, 2, 3]
    ) { x, i in sum(3) { x[i[0], 2 * i[2] + $0] * weight(i[1], $0, 3) } },
  ]

  private static let rearrangements: [Case] = [
    Case(input + "y = Transpose(x) perm=[1,0,2]", [2, 3, 4]) { x, i in x[i[1], i[0], i[2]] },
    Case(input + "y = Transpose(x)", [4, 2, 3]) { x, i in x[i[2], i[1], i[0]] },
    Case(input + "y = Slice(x, int64[1]:1, int64[1]:3, int64[1]:2)", [3, 2, 2]) { x, i in
      x[i[0], i[1], i[2] + 1]
    },
    Case(input + "y = Slice(x, int64[1]:-1, int64[1]:-9, int64[1]:2, int64[1]:-9)", [3, 2, 1]) {
      x, i in x[i[0], i[1], 3]
    },
    Case(input + "y = Slice(x, int64[1]:0, int64[1]:1)", [1, 2, 4]) { x, i in x[0, i[1], i[2]] },
    Case(input + "y = Slice(x, int64[1]:-1, int64[1]:2147483647)", [1, 2, 4]) { x, i in
      x[2, i[1], i[2]]
    },
    Case(input + "y = Gather(x, int64[]:0)", [2, 4]) { x, i in x[0, i[0], i[1]] },
    Case(input + "y = Gather(x, int64[1]:0)", [1, 2, 4]) { x, i in x[0, i[1], i[2]] },
    Case(input + "y = Gather(x, int64[]:-1)", [2, 4]) { x, i in x[2, i[0], i[1]] },
    Case(input + "y = Gather(x, int64[2]:1,2) axis=2", [3, 2, 2]) { x, i in
      x[i[0], i[1], i[2] + 1]
    },
    Case(input + "y = Gather(x, int64[2]:-2,-1) axis=-1", [3, 2, 2]) { x, i in
      x[i[0], i[1], i[2] + 2]
    },
    Case(input + "y = Gather(x, int64[2,1]:2,3) axis=2", [3, 2, 2, 1]) { x, i in
      x[i[0], i[1], i[2] + 2]
    },
    Case(input + "y = Gather(x, int64[]:-4) axis=2", [3, 2]) { x, i in x[i[0], i[1], 0] },
    Case(input + "a, y = Split(x, int64[2]:1,3) axis=-1", [3, 2, 3]) { x, i in
      x[i[0], i[1], i[2] + 1]
    },
    Case(input + "a = Tanh(x)\ny = Concat(x, a) axis=2", [3, 2, 8]) { x, i in
      i[2] < 4 ? x[i[0], i[1], i[2]] : tanh(x[i[0], i[1], i[2] - 4])
    },
    Case(
      input + "a = Unsqueeze(x, int64[1]:2)\nb = Tanh(a)\ny = Concat(b, a) axis=2", [3, 2, 2, 4]
    ) { x, i in
      i[2] == 0 ? tanh(x[i[0], i[1], i[3]]) : x[i[0], i[1], i[3]]
    },
    Case(
      input + "y = Concat(x, x, x, x, x, x, x, x, x) axis=2", [3, 2, 36]
    ) { x, i in x[i[0], i[1], i[2] % 4] },
    Case(
      input + "t = Tanh(x)\ny = Concat(\(String(repeating: "x, ", count: 17))t) axis=2", [3, 2, 72]
    ) { x, i in i[2] < 68 ? x[i[0], i[1], i[2] % 4] : tanh(x[i[0], i[1], i[2] % 4]) },
    Case(input + "a = Reshape(x, int64[4]:0,0,2,2)\ny = Concat(a, a) axis=3", [3, 2, 2, 4]) {
      x, i in x[i[0], i[1], i[2] * 2 + i[3] % 2]
    },
    Case(input + "a = Reshape(x, int64[4]:0,0,2,2)\ny = Concat(a, a) axis=2", [3, 2, 4, 2]) {
      x, i in x[i[0], i[1], i[2] % 2 * 2 + i[3]]
    },
    Case(
      input + "a = Reshape(x, int64[4]:0,0,2,2)\nb = Transpose(a) perm=[0,1,3,2]\n"
        + "y = Reshape(b, int64[3]:0,0,-1)", [3, 2, 4]
    ) { x, i in x[i[0], i[1], i[2] % 2 * 2 + i[2] / 2] },
    Case(
      "x: float[T,B,12]\na = Reshape(x, int64[4]:0,0,3,4)\n"
        + "y = Slice(a, int64[1]:1, int64[1]:3, int64[1]:2)", [3, 2, 2, 4]
    ) { x, i in x[i[0], i[1], (i[2] + 1) * 4 + i[3]] },
    Case(
      "x: float[T,B,12]\na = Reshape(x, int64[4]:0,0,3,4)\nb = Tanh(a)\n"
        + "c = Reshape(b, int64[3]:0,0,12)\ny = Slice(c, int64[1]:3, int64[1]:9, int64[1]:2)",
      [3, 2, 6]
    ) { x, i in tanh(x[i[0], i[1], i[2] + 3]) },
    Case(
      "x: float[T,B,12]\na = Reshape(x, int64[4]:0,0,3,4)\nb = Tanh(a)\n"
        + "y = Reshape(b, int64[4]:0,0,2,6)", [3, 2, 2, 6]
    ) { x, i in tanh(x[i[0], i[1], i[2] * 6 + i[3]]) },
    Case(input + "a = Transpose(x) perm=[1,0,2]\ny = Flatten(a) axis=2", [6, 4]) { x, i in
      x[i[0] % 3, i[0] / 3, i[1]]
    },
    Case(input + "y = Reshape(x, int64[3]:0,-1,2)", [3, 4, 2]) { x, i in
      x[i[0], i[1] / 2, i[1] % 2 * 2 + i[2]]
    },
    Case(input + "y = Reshape(x, int64[2]:-1,4)", [6, 4]) { x, i in x[i[0] / 2, i[0] % 2, i[1]] },
    Case("x: float[T,1,B,4]\ny = Squeeze(x, int64[1]:1)", [3, 2, 4]) { x, i in
      x[i[0], 0, i[1], i[2]]
    },
    Case("x: float[5,1,2,4]\ny = Squeeze(x)", [5, 2, 4]) { x, i in x[i[0], 0, i[1], i[2]] },
    Case(input + "y = Unsqueeze(x, int64[2]:1,-1)", [3, 1, 2, 4, 1]) { x, i in
      x[i[0], i[2], i[3]]
    },
  ]

  @Test(
    "for each element",
    arguments: reductions + normalizations + products + convolutions + rearrangements)
  private func elements(_ one: Case) throws {

    let sizes = ["T": 3, "B": 2]
    let dims = one.text.prefix { $0 != "]" }.drop { $0 != "[" }.dropFirst().split(separator: ",")
    let shape = dims.map { sizes[String($0)] ?? Int($0)! }
    let y = try #require(try GraphText.run(one.text, [shape], opset: one.opset)["y"])
    #expect(y.shape == one.shape)
    let x = Tensor(shape: shape, elements: GraphText.distinct(shape.reduce(1, *), 1))
    for (k, element) in y.elements.enumerated() {
      let index = one.shape.indices.map { axis in
        k / one.shape[(axis + 1)...].reduce(1, *) % one.shape[axis]
      }
      let expected = one.formula(x, index)
      #expect(abs(element - expected) < 1e-11, "\(index): \(element), expected \(expected)")
    }
  }
}
