// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurONNX

@Suite("ONNX operators by name")
struct ONNXOperationTests {
  /// The number of inputs and the attributes of each operator, in the versions 7 to 25.
  private static let expected: [String: (Int, [String])] = [
    "Abs": (1, []), "Add": (2, []), "And": (2, []),
    "BatchNormalization": (5, ["epsilon", "momentum", "spatial", "training_mode"]),
    "Cast": (1, ["round_mode", "saturate", "to"]), "Ceil": (1, []), "Clip": (3, ["max", "min"]),
    "Concat": (.max, ["axis"]),
    "Constant": (0, ["value", "value_float", "value_floats", "value_int", "value_ints"]),
    "ConstantOfShape": (1, ["value"]),
    "Conv": (3, ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"]),
    "Div": (2, []), "Dropout": (3, ["ratio", "seed"]), "Elu": (1, ["alpha"]), "Equal": (2, []),
    "Erf": (1, []), "Expand": (2, []), "Flatten": (1, ["axis"]), "Floor": (1, []),
    "GRU": (
      6,
      [
        "activation_alpha", "activation_beta", "activations", "clip", "direction", "hidden_size",
        "layout", "linear_before_reset",
      ]
    ),
    "Gather": (2, ["axis"]), "Gelu": (1, ["approximate"]),
    "Gemm": (3, ["alpha", "beta", "transA", "transB"]), "GlobalAveragePool": (1, []),
    "GlobalMaxPool": (1, []), "Greater": (2, []), "GreaterOrEqual": (2, []),
    "HardSigmoid": (1, ["alpha", "beta"]), "HardSwish": (1, []), "Identity": (1, []),
    "LSTM": (
      8,
      [
        "activation_alpha", "activation_beta", "activations", "clip", "direction", "hidden_size",
        "input_forget", "layout",
      ]
    ),
    "LayerNormalization": (3, ["axis", "epsilon", "stash_type"]), "LeakyRelu": (1, ["alpha"]),
    "Less": (2, []), "LessOrEqual": (2, []), "LogSoftmax": (1, ["axis"]), "MatMul": (2, []),
    "Max": (2, []), "Min": (2, []), "Mul": (2, []), "Neg": (1, []), "Not": (1, []), "Or": (2, []),
    "PRelu": (2, []), "Pad": (4, ["mode", "pads", "value"]), "Pow": (2, []),
    "RNN": (
      6,
      [
        "activation_alpha", "activation_beta", "activations", "clip", "direction", "hidden_size",
        "layout",
      ]
    ),
    "Range": (3, []), "Reciprocal": (1, []),
    "ReduceMax": (2, ["axes", "keepdims", "noop_with_empty_axes"]),
    "ReduceMean": (2, ["axes", "keepdims", "noop_with_empty_axes"]),
    "ReduceProd": (2, ["axes", "keepdims", "noop_with_empty_axes"]),
    "ReduceSum": (2, ["axes", "keepdims", "noop_with_empty_axes"]), "Relu": (1, []),
    "Reshape": (2, ["allowzero"]), "Shape": (1, ["end", "start"]), "Sigmoid": (1, []),
    "Size": (1, []), "Slice": (5, ["axes", "ends", "starts"]), "Softmax": (1, ["axis"]),
    "Softplus": (1, []), "Softsign": (1, []), "Split": (2, ["axis", "num_outputs", "split"]),
    "Sqrt": (1, []), "Squeeze": (2, ["axes"]), "Sub": (2, []), "Tanh": (1, []),
    "ThresholdedRelu": (1, ["alpha"]), "Transpose": (1, ["perm"]), "Unsqueeze": (2, ["axes"]),
    "Where": (3, []),
  ]

  @Test("have as many inputs, and the attributes, of ONNX", arguments: expected.keys.sorted())
  func operation(_ name: String) throws {
    let operation = try #require(operations[name])
    let (inputs, attributes) = Self.expected[name]!
    #expect(operation.inputs == inputs)
    #expect(operation.attributes.sorted() == attributes)
    #expect(operation.fold != nil || operation.lower != nil)
  }

  @Test("are all listed")
  func names() { #expect(operations.keys.sorted() == Self.expected.keys.sorted()) }
}
