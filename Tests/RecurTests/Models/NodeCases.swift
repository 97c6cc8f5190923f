// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import TestSupport
import Testing

/// Seeded sizes and options.
struct RandomSizes {
  private var random: SplitMix64
  private let limit: Int

  /// Sizes are at most `limit`.
  init(seed: UInt64, limit: Int) {
    random = SplitMix64(seed: seed)
    self.limit = limit
  }

  /// 0 ..< count
  mutating func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

  mutating func coin() -> Bool { below(2) == 1 }
  mutating func size() -> Int { 1 + below(limit) }

  /// An input of features, as C channels at each of Q positions.
  mutating func value(_ name: String = "x", Q: Int = 1, C: Int) -> ModelValue {
    let x = ModelValue.features(size: Q * C).named(name)
    return Q == 1 ? x : x.reshape(positions: Q)
  }

  mutating func value() -> ModelValue { value(Q: 1 + below(4), C: size()) }
}

/// A kind of node with random sizes and options.
struct NodeCase: Sendable, CustomTestStringConvertible {
  let name: String

  /// The minimum number of steps of a sequence that has any.
  private(set) var least = 0
  private let value: @Sendable (inout RandomSizes) -> ModelValue

  var testDescription: String { name }

  init(_ name: String, _ value: @escaping @Sendable (inout RandomSizes) -> ModelValue) {
    (self.name, self.value) = (name, value)
  }

  /// The graph of the node. Some of its values are outputs, too.
  func graph(_ sizes: inout RandomSizes) -> ModelGraph {
    var graph = ModelGraph(outputs: value(&sizes))
    for k in graph.nodes.indices {
      if case .tokens = graph.nodes[k].layer { continue }
      if sizes.coin() { graph.nodes[k].isOutput = true }
    }
    return graph
  }

  static let all = layers + networks + convolutions + [everyNode]

  private static let layers: [NodeCase] = [
    NodeCase("embedding") {
      .tokens(vocabularySize: $0.size()).embedding(size: $0.size())
    },
    NodeCase("dense") { $0.value().dense(size: $0.size(), bias: $0.coin()) },
    NodeCase("activation") { sizes in
      (TestedCells.activations + [.silu]).reduce(sizes.value()) { x, phi in
        sizes.coin() ? x.activation(phi) : x
      }.activation(.tanh)
    },
    NodeCase("PReLU") { $0.value().prelu(shared: $0.coin()) },
    NodeCase("layer normalization") {
      $0.value(Q: $0.size(), C: 2 + $0.size()).layerNormalization(epsilon: 1e-3)
    },
    NodeCase("scale") { $0.value().scale() },
    NodeCase("add") { combination(.add, &$0) },
    NodeCase("multiply") { combination(.multiply, &$0) },
    NodeCase("concatenate") { sizes in
      let Q = sizes.size()
      let x = sizes.value(Q: Q, C: sizes.size())
      return .concatenation(of: x, sizes.value("y", Q: Q, C: sizes.size()), x)
    },
    NodeCase("slice") { sizes in
      let (first, count) = (sizes.below(3), sizes.size())
      return sizes.value(Q: sizes.size(), C: first + count + sizes.below(3))
        .slice(channels: first..<first + count)
    },
    NodeCase("reshape") { sizes in
      let (P, Q) = (sizes.size(), sizes.size())
      return sizes.value(Q: Q, C: P * sizes.size()).reshape(positions: P)
    },
    NodeCase("softmax") { $0.value().softmax() },
    NodeCase("magnitude") { $0.value(Q: $0.size(), C: 2 * $0.size()).magnitude() },
    NodeCase("first step") { $0.value().firstStep() },
    NodeCase("last step") { $0.value().lastStep() },
    NodeCase("mean") { $0.value().mean() },
    NodeCase("maximum") { $0.value().maximum() },
  ]

  /// 2 to 8 values: two inputs, which are read several times.
  private static func combination(_ layer: ModelLayer, _ sizes: inout RandomSizes) -> ModelValue {
    let (Q, C) = (sizes.size(), sizes.size())
    let inputs = [sizes.value("x", Q: Q, C: C), sizes.value("y", Q: Q, C: C)]
    return ModelValue(
      layer, of: inputs + (0..<sizes.below(7)).map { _ in inputs[sizes.below(2)] })
  }

  private static let networks = NetworkConfiguration.Cell.allCases.map { cell in
    NodeCase("\(cell)") { sizes in
      var network = NetworkConfiguration(cell, inputSize: 0, hiddenSize: 1 + sizes.size())
      network.layers = 1 + sizes.below(2)
      network.bidirectional = sizes.coin()
      if cell == .lstm, sizes.coin() { network.projectionSize = network.hiddenSize - 1 }
      // The gradient of the source is the sum of the network's and another one.
      let x = sizes.value().dense(size: network.outputSize)
      return x.network(network) + x
    }
  }
}

// Convolutions

extension NodeCase {
  private static let convolutions: [NodeCase] = [
    NodeCase("causal convolution") { sizes in
      let (groups, size) = (1 + sizes.below(3), sizes.size())
      var convolution = Convolution.causal(
        outputSize: groups * sizes.size(), kernelSize: 1 + sizes.below(4),
        dilation: 1 + sizes.below(3))
      convolution.stride = 1 + sizes.below(3)
      (convolution.groups, convolution.bias) = (groups, sizes.coin())
      return sizes.value(C: groups * size).convolution(convolution)
    },
    convolution("zeros", over: .steps, .zeros), convolution("reflection", over: .steps, .reflect),
    convolution("replication", over: .steps, .replicate),
    convolution("zeros", over: .positions, .zeros),
    convolution("reflection", over: .positions, .reflect),
    convolution("replication", over: .positions, .replicate),
  ]

  /// Padding of at most 2 on each side.
  private static func convolution(
    _ name: String, over axis: Convolution.Axis, _ padding: Convolution.Padding
  ) -> NodeCase {
    var node = NodeCase("\(name) over \(axis)") { sizes in
      let (groups, C) = (1 + sizes.below(3), sizes.size())
      var convolution = Convolution(
        over: axis, outputSize: groups * sizes.size(), kernelSize: 1 + sizes.below(3))
      (convolution.stride, convolution.dilation) = (1 + sizes.below(3), 1 + sizes.below(2))
      (convolution.groups, convolution.bias) = (groups, sizes.coin())
      (convolution.before, convolution.after) = (sizes.below(3), sizes.below(3))
      convolution.padding = padding
      let reach = convolution.dilation * (convolution.kernelSize - 1)
      return sizes.value(Q: axis == .steps ? 1 : reach + 3, C: groups * C)
        .convolution(convolution)
    }
    if axis == .steps, padding == .reflect { node.least = 3 }
    return node
  }
}

// All kinds in one graph

extension NodeCase {
  private static let everyNode = NodeCase("every node") { sizes in
    let x = sizes.value(C: 8)
    let tokens = ModelValue.tokens(vocabularySize: 1 + sizes.size()).named("tokens")
    let product = ModelValue(.multiply, of: [x, x + tokens.embedding(size: 8)])
    var spectrum = Convolution(over: .positions, outputSize: 6, kernelSize: 2)
    (spectrum.padding, spectrum.before) = (.reflect, 1)
    let magnitude = product.reshape(positions: 4).convolution(spectrum).magnitude()
    let normal = magnitude.layerNormalization(epsilon: 1e-3).scale().prelu().activation(.tanh)
    let lstm = normal.lstm(hiddenSize: sizes.size())
    let causal = lstm.convolution(.causal(outputSize: 3, kernelSize: 3, dilation: 2))
    let both = ModelValue.concatenation(of: causal, lstm, x)
    let steps = both.slice(channels: 1..<4).softmax().gru(hiddenSize: sizes.size())
    let rows = ModelValue.concatenation(
      of: x.firstStep(), steps.lastStep(), steps.mean(), both.maximum())
    return rows.dense(size: sizes.size())
  }
}
