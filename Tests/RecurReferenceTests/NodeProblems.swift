// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurReference

/// Problems of all layers, with any type of number. Their parameters are zero until a test sets them.
struct NodeProblems<R: ReferenceNumber> {
  private static func zeros(_ count: Int) -> [R] { Array(repeating: 0, count: count) }

  private static func zeros(_ rows: Int, _ columns: Int) -> [[R]] {
    Array(repeating: zeros(columns), count: rows)
  }

  private static func scale(_ C: Int) -> ReferenceScale<R> {
    ReferenceScale(weight: zeros(C), bias: zeros(C))
  }

  /// Layers without options that change their structure.
  static var layers: [NodeProblem<R>] {
    let x = ValueShape(3, 2, 4)
    return [
      NodeProblem("embedding", ReferenceEmbedding(weight: zeros(4, 3)), input: ValueShape(3, 1, 4)),
      NodeProblem("dense", ReferenceLinear(weight: zeros(3, 8), bias: zeros(3)), input: x),
      NodeProblem("no bias", ReferenceLinear(weight: zeros(3, 8), bias: []), input: x),
      NodeProblem("activation", ReferenceActivationLayer(.silu), input: x),
      NodeProblem("PReLU", ReferencePReLU(slopes: zeros(4)), input: x),
      NodeProblem("shared PReLU", ReferencePReLU(slopes: zeros(1)), input: x),
      NodeProblem(
        "normalization", ReferenceNormalizationLayer(scale: scale(4), epsilon: 0.1), input: x),
      NodeProblem("scale", scale(4), input: x),
      NodeProblem("add", ReferenceSum(), sources: 3, input: x),
      NodeProblem("multiply", ReferenceProduct(), sources: 3, input: x),
      NodeProblem("concatenate", ReferenceConcatenation(), sources: 2, input: x),
      NodeProblem("slice", ReferenceSlice(1..<3), input: x),
      NodeProblem("reshape", ReferenceReshape(positions: 4), input: x),
      NodeProblem("softmax", ReferenceSoftmaxLayer(), input: x),
      NodeProblem("magnitude", ReferenceMagnitude(), input: x),
      NodeProblem("RNN", network(inputSize: 8), input: x),
    ]
      + ReferenceReduction<R>.Kind.allCases.map {
        NodeProblem("\($0)", ReferenceReduction($0, positions: 2, channels: 4), input: x)
      }
  }

  /// An LSTM with a projection has states h and c of different sizes.
  private static func network(inputSize: Int) -> ReferenceNetworkLayer<ReferenceLSTM<R>> {
    let options = ReferenceLSTMOptions(projectionSize: 1)
    let count = [inputSize, 1].reduce(0) {
      $0 + options.shape(inputSize: $1, hiddenSize: 2).parameterCount
    }
    return ReferenceNetworkLayer(
      ReferenceNetwork(
        options, inputSize: inputSize, hiddenSize: 2, layers: 2, parameters: zeros(count)))
  }

  /// Convolutions over both axes, with every kind of padding, with and without a state.
  static var convolutions: [NodeProblem<R>] {
    ReferenceConvolutionOptions.Axis.allCases.flatMap { axis in
      ReferenceConvolutionOptions.Padding.allCases.flatMap { padding in
        [(0, 0, 1, 1), (2, 0, 1, 2), (2, 1, 2, 1), (1, 2, 2, 2), (4, 0, 2, 2)].map {
          before, after, stride, dilation in
          var options = ReferenceConvolutionOptions(over: axis)
          (options.padding, options.before, options.after) = (padding, before, after)
          (options.stride, options.dilation) = (stride, dilation)
          return convolution(options, groups: stride, K: 3)
        }
      }
    }
  }

  private static func convolution(
    _ options: ReferenceConvolutionOptions, groups: Int, K: Int
  ) -> NodeProblem<R> {
    var options = options
    options.groups = groups
    return NodeProblem(
      "\(options)",
      ReferenceConvolution(
        options, weight: Array(repeating: zeros(4 / groups, K), count: 2),
        bias: groups == 1 ? zeros(2) : []),
      input: options.axis == .steps ? ValueShape(6, 1, 4) : ValueShape(2, 6, 4))
  }

  /// A graph with every layer, skip connections and a value that several nodes read.
  static var graph: NodeProblem<R> {
    var spectrum = ReferenceConvolutionOptions(over: .positions)
    (spectrum.padding, spectrum.before) = (.reflect, 1)
    var causal = ReferenceConvolutionOptions(over: .steps)
    (causal.before, causal.dilation) = (2, 2)
    return NodeProblem(
      "graph",
      [
        .init("embedding", ReferenceEmbedding(weight: zeros(4, 4)), of: ["x"]),
        .init("sum", ReferenceSum(), of: ["x", "embedding"]),
        .init("product", ReferenceProduct(), of: ["x", "sum"]),
        .init("positions", ReferenceReshape(positions: 2), of: ["product"]),
        .init(
          "spectrum",
          ReferenceConvolution(spectrum, weight: Array(repeating: zeros(2, 2), count: 4)),
          of: ["positions"]),
        .init("magnitude", ReferenceMagnitude(), of: ["spectrum"]),
        .init(
          "normal", ReferenceNormalizationLayer(scale: scale(2), epsilon: 0.1), of: ["magnitude"]),
        .init("scale", scale(2), of: ["normal"]),
        .init("prelu", ReferencePReLU(slopes: zeros(2)), of: ["scale"]),
        .init("tanh", ReferenceActivationLayer(.tanh), of: ["prelu"]),
        .init("network", network(inputSize: 4), of: ["tanh"]),
        .init(
          "causal",
          ReferenceConvolution(
            causal, weight: Array(repeating: zeros(1, 2), count: 2), bias: zeros(2)),
          of: ["network"]),
        .init("both", ReferenceConcatenation(), of: ["causal", "network"]),
        .init("slice", ReferenceSlice(1..<3), of: ["both"]),
        .init("softmax", ReferenceSoftmaxLayer(), of: ["slice"]),
        .init("first", ReferenceReduction(.firstStep, positions: 1, channels: 2), of: ["slice"]),
        .init(
          "last", ReferenceReduction(.lastStep, positions: 1, channels: 2), of: ["softmax"]),
        .init("mean", ReferenceReduction(.mean, positions: 1, channels: 2), of: ["slice"]),
        .init("maximum", ReferenceReduction(.maximum, positions: 1, channels: 2), of: ["slice"]),
        .init("all", ReferenceConcatenation(), of: ["first", "last", "mean", "maximum"]),
        .init("y", ReferenceLinear(weight: zeros(3, 8), bias: zeros(3)), of: ["all"]),
      ], input: ValueShape(4, 1, 4))
  }
}
