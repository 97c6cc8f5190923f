// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// Numbers as nested arrays of a shape, row by row.
struct NestedNumbers {
  var shape: [Int]
  var numbers: [Double]
}

/// The layers of a file of RTNeural.
struct RTNeuralText {
  private let inputSize: Int
  private var layers: [Layer] = []

  /// The number of channels of the last layer.
  private(set) var channels: Int

  private struct Layer {
    var type: String
    var channels: Int
    var weights: [NestedNumbers] = []
    var options: [(key: String, value: String)] = []
    var activation = ""

    /// Whether the next activation belongs to the layer.
    var takesActivation = false
  }

  init(inputSize: Int) {
    self.inputSize = inputSize
    channels = inputSize
  }

  /// Adds the layers of a node.
  ///
  /// - Parameters:
  ///   - layer: the layer of the node.
  ///   - parts: its parameters.
  /// - Returns: nil, or the reason why the file cannot have it.
  mutating func append(
    _ layer: ModelLayer, _ parts: [String: NestedNumbers]
  ) throws(RecurError) -> String? {
    if let name = Self.activation(layer) {
      append(activation: name)
      return nil
    }
    switch layer {
    case .dense(let size, _):
      append(dense: size, parts)
      return nil
    case .convolution(let convolution): return append(convolution, parts)
    case .network(let network): return try append(network, parts)
    case .scale:
      guard let weight = parts["weight"], let bias = parts["bias"] else { return nil }
      // γ / √(variance + ε) is the weight for variance 1 and ε 0.
      let (zeros, ones) = (weight.constant(0), weight.constant(1))
      layers.append(
        Layer(
          type: "batchnorm", channels: channels, weights: [weight, bias, zeros, ones],
          options: [("epsilon", "0.0")]))
      return nil
    case .prelu:
      guard var slopes = parts["weight"] else { return nil }
      slopes.shape.insert(1, at: 0)
      layers.append(Layer(type: "prelu", channels: channels, weights: [slopes]))
      return nil
    default: return "RTNeural does not have such a layer"
    }
  }

  /// The name of an activation; nil for another layer.
  private static func activation(_ layer: ModelLayer) -> String? {
    switch layer {
    case .activation(.tanh): "tanh"
    case .activation(.relu): "relu"
    case .activation(.sigmoid): "sigmoid"
    case .activation(.elu(alpha: 1)): "elu"
    case .activation(.identity): "linear"
    case .softmax: "softmax"
    default: nil
    }
  }

  private mutating func append(activation name: String) {
    if let last = layers.indices.last, layers[last].takesActivation {
      layers[last].activation = name
      layers[last].takesActivation = false
    } else {
      layers.append(Layer(type: "activation", channels: channels, activation: name))
    }
  }

  private mutating func append(dense size: Int, _ parts: [String: NestedNumbers]) {
    guard let weight = parts["weight"] else { return }
    channels = size
    layers.append(
      Layer(
        type: "dense", channels: size,
        weights: [weight.permuted] + (parts["bias"].map { [$0] } ?? []), takesActivation: true))
  }

  private mutating func append(
    _ convolution: Convolution, _ parts: [String: NestedNumbers]
  ) -> String? {
    var causal = Convolution.causal(
      outputSize: convolution.outputSize, kernelSize: convolution.kernelSize,
      dilation: convolution.dilation)
    causal.groups = convolution.groups
    guard convolution == causal, let weight = parts["weight"], let bias = parts["bias"] else {
      return "RTNeural's convolutions are causal, over steps, without a stride and with a bias"
    }
    channels = convolution.outputSize
    layers.append(
      Layer(
        type: "conv1d", channels: channels, weights: [weight.permuted, bias],
        options: [
          ("kernel_size", "[\(convolution.kernelSize)]"),
          ("dilation", "[\(convolution.dilation)]"), ("groups", "\(convolution.groups)"),
        ], takesActivation: true))
    return nil
  }

  private mutating func append(
    _ network: NetworkConfiguration, _ parts: [String: NestedNumbers]
  ) throws(RecurError) -> String? {
    var plain = NetworkConfiguration(
      network.cell, inputSize: network.inputSize, hiddenSize: network.hiddenSize)
    // Dropout has no effect in inference.
    (plain.layers, plain.dropout) = (network.layers, network.dropout)
    plain.recurrentDropout = network.recurrentDropout
    guard network == plain, network.cell == .lstm || network.cell == .gru else {
      return "RTNeural has LSTMs and GRUs with the default options"
    }
    let keras = try network.parameters(toKeras: parts.mapValues(\.numbers))
    channels = network.hiddenSize
    for layer in 0..<network.layers {
      let weights = keras.filter { $0.slice.name.hasSuffix("_l\(layer)") }.map {
        let isVector = $0.slice.name.hasPrefix("bias") && $0.slice.rows == 1
        return NestedNumbers(
          shape: isVector ? [$0.slice.columns] : [$0.slice.rows, $0.slice.columns],
          numbers: $0.numbers)
      }
      layers.append(
        Layer(
          type: network.cell == .lstm ? "lstm" : "gru", channels: channels, weights: weights,
          activation: "tanh"))
    }
    return nil
  }

  /// Returns the text. Each number has a line of its own, as in the files of RTNeural's exporters.
  func file(hasSkip: Bool, sampleRate: Double?) -> Data {
    var text = "{\n\"in_shape\": [null, null, \(inputSize)],\n"
    if hasSkip { text += "\"in_skip\": 1,\n" }
    if let sampleRate { text += "\"samplerate\": \(sampleRate),\n" }
    text += "\"layers\": [\n"
    for (index, layer) in layers.enumerated() {
      text += "\(index > 0 ? ",\n" : ""){\"type\": \"\(layer.type)\", "
      text += "\"activation\": \"\(layer.activation)\", \"shape\": [null, null, \(layer.channels)]"
      for (key, value) in layer.options { text += ", \"\(key)\": \(value)" }
      text += ",\n\"weights\": ["
      for (k, weight) in layer.weights.enumerated() {
        text += k > 0 ? "," : ""
        weight.append(to: &text)
      }
      text += "]}"
    }
    return Data((text + "\n]\n}\n").utf8)
  }
}

extension NestedNumbers {
  /// The numbers with the dimensions in Keras's order.
  fileprivate var permuted: NestedNumbers {
    NestedNumbers(
      shape: shape.reversed(), numbers: KerasLayout.permuted(numbers, shape))
  }

  fileprivate func constant(_ value: Double) -> NestedNumbers {
    NestedNumbers(shape: shape, numbers: numbers.map { _ in value })
  }

  fileprivate func append(to text: inout String) {
    append(to: &text, shape[...], 0)
  }

  private func append(to text: inout String, _ shape: ArraySlice<Int>, _ first: Int) {
    guard let count = shape.first else {
      text += "\n        \(numbers[first])"
      return
    }
    let size = shape.dropFirst().reduce(1, *)
    text += "["
    for k in 0..<count {
      text += k > 0 ? "," : ""
      append(to: &text, shape.dropFirst(), first + k * size)
    }
    text += "]"
  }
}
