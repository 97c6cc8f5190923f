// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

/// Models from JSON files of other programs, with random weights.
@Suite struct ImportedModelTests {
  private var generator = SplitMix64(seed: 5)

  /// Nested arrays of a shape for JSON.
  private func nested(_ numbers: [Float], _ shape: [Int]) -> Any {
    guard let count = shape.first else { return Double(numbers[0]) }
    let size = shape.dropFirst().reduce(1, *)
    return (0..<count).map {
      nested(Array(numbers[$0 * size..<($0 + 1) * size]), Array(shape.dropFirst()))
    }
  }

  private func stateDict(_ vector: ParameterVector<Float>, _ prefix: String) -> [String: Any] {
    Dictionary(
      uniqueKeysWithValues: vector.slices.map { slice in
        (prefix + slice.name, nested(vector[slice.name]!.elements, slice.shape))
      })
  }

  private func imported(_ json: [String: Any]) throws -> ImportedModel<Float> {
    try ImportedModel(JSONSerialization.data(withJSONObject: json), path: "test")
  }

  private mutating func input(_ features: Int, steps: Int = 9) throws -> SequenceBatch<Float> {
    try SequenceBatch(
      steps: steps, batchSize: 1, features: features, elements: generator.vector(steps * features))
  }

  private func guitar(
    _ network: some RecurrentNetwork<Float>, _ head: Linear<Float>, _ type: String, skip: Int
  ) -> [String: Any] {
    [
      "model_data": [
        "model": "SimpleRNN", "input_size": network.inputSize, "skip": skip,
        "output_size": head.outputSize, "unit_type": type,
        "num_layers": network.configuration.layers, "hidden_size": network.hiddenSize,
        "bias_fl": true,
      ] as [String: Any],
      "state_dict": stateDict(network.parameters, "rec.")
        .merging(stateDict(head.parameters, "lin.")) { a, _ in a },
    ]
  }

  @Test(arguments: [0, 1]) mutating func guitarMLAddsTheDrySignal(skip: Int) throws {
    let network = try GRU<Float>(inputSize: 3, hiddenSize: 4, layers: 2, seed: 1)
    let head = try Linear<Float>(inputSize: 4, outputSize: 1, seed: 2)
    let found = try imported(guitar(network, head, "GRU", skip: skip))
    #expect(found.format == .guitarML && found.initialState == nil && found.sampleRate == nil)
    let x = try input(3)
    var y = try head(network(x).outputs)
    for t in 0..<9 where skip == 1 { y[t, 0, 0] += x[t, 0, 0] }
    #expect(try found.model(x).output == y)
  }

  @Test mutating func namHasInitialStates() throws {
    let network = try LSTM<Float>(inputSize: 1, hiddenSize: 3, layers: 2, seed: 1)
    var weights: [Float] = []
    var state = try network.zeroState(batchSize: 1)
    for l in 0..<2 {
      let (ih, hh) = (
        network.parameters["weight_ih_l\(l)"]!, network.parameters["weight_hh_l\(l)"]!
      )
      for row in 0..<12 {
        weights += (0..<ih.columns).map { ih[row, $0] } + (0..<3).map { hh[row, $0] }
      }
      weights += network.parameters["bias_ih_l\(l)"]!.elements
      let (h, c) = (generator.vector(3), generator.vector(3)) as ([Float], [Float])
      weights += h + c
      for k in 0..<3 { (state.hidden[l, k], state.cell[l, k]) = (h[k], c[k]) }
    }
    let head = try Linear<Float>(inputSize: 3, outputSize: 1, seed: 2)
    weights += head.parameters.elements
    let json: [String: Any] = [
      "version": "0.5.4", "architecture": "LSTM", "sample_rate": 48000,
      "config": ["input_size": 1, "hidden_size": 3, "num_layers": 2],
      "weights": nested(weights, [weights.count]),
    ]
    let found = try imported(json)
    #expect(found.format == .nam && found.sampleRate == 48000)
    var single = network
    for l in 0..<2 {
      try single.parameters.set("bias_hh_l\(l)", to: Matrix(rows: 12, columns: 1))
    }
    let x = try input(1)
    #expect(
      try found.model(x, initialState: found.initialState).output
        == head(single(x, initialState: state).outputs))
    for change in [-1, 1] {
      var other = json
      let numbers = change < 0 ? Array(weights.dropLast()) : weights + [0]
      other["weights"] = nested(numbers, [numbers.count])
      #expect(message { try imported(other) }.hasPrefix("test: weights: has"))
    }
  }

  private func layer(
    _ type: String, _ activation: String, _ channels: Int, _ weights: [Any],
    _ more: [String: Any] = [:]
  ) -> [String: Any] {
    ["type": type, "activation": activation, "shape": [NSNull(), channels], "weights": weights]
      .merging(more) { a, _ in a }
  }

  @Test mutating func rtNeuralHasLayersOfKeras() throws {
    let gru = try GRU<Float>(inputSize: 2, hiddenSize: 3, seed: 1)
    let lstm = try LSTM<Float>(inputSize: 3, hiddenSize: 2, seed: 2)
    let (g, l) = try (gru.parameters(in: .keras), lstm.parameters(in: .keras))
    func keras(_ vector: ParameterVector<Float>, _ k: Int, _ shape: [Int]) -> Any {
      nested(vector[vector.slices[k].name]!.elements, shape)
    }
    let found = try imported([
      "in_shape": [NSNull(), 2],
      "layers": [
        layer(
          "gru", "tanh", 3,
          [keras(g, 0, [2, 9]), keras(g, 1, [3, 9]), keras(g, 2, [2, 9])]),
        layer(
          "lstm", "tanh", 2, [keras(l, 0, [3, 8]), keras(l, 1, [2, 8]), keras(l, 2, [8])]),
        layer("dense", "sigmoid", 1, [[[1.0], [-2.0]], [0.5]]),
      ],
    ])
    var single = lstm  // Keras has one bias
    try single.setParameters(l, in: .keras)
    let x = try input(2)
    let h = try single(gru(x).outputs).outputs
    let expected = try Activation.sigmoid(Linear<Float>(weight: Matrix([[1, -2]]), bias: [0.5])(h))
    #expect(found.format == .rtNeural)
    #expect(try found.model(x).output == expected)
  }

  /// Small integers, so that every product and sum is exact.
  @Test func rtNeuralConvolutionsAreCausal() throws {
    let found = try imported([
      "in_shape": [NSNull(), 2],
      "layers": [
        layer(
          "conv1d", "relu", 2,
          [[[[1.0, 2.0]], [[3.0, -4.0]]] as Any, [1.0, 0.0]],  // K = 2, C/g = 1, O = 2
          ["kernel_size": [2], "dilation": [2], "groups": 2]),
        layer(
          "batchnorm", "", 2, [[2.0, 1.0], [1.0, 0.0], [4.0, 0.0], [3.0, 0.0]], ["epsilon": 1.0]),
        layer("prelu", "", 2, [[[0.5, 2.0]]]),
      ],
    ])
    let x = try SequenceBatch<Float>(
      steps: 3, batchSize: 1, features: 2, elements: [1, 2, 3, -1, 5, 4])
    // conv: y_t = W_0 x_(t-2) + W_1 x_t + b, then relu: [4, 0], [10, 4], [17, 0]
    // batch norm: 2 (y - 4) / 2 + 1 and y; prelu leaves values of at least 0.
    #expect(try found.model(x).output.elements == [1, 0, 7, 4, 14, 0])
  }

  @Test func filesThatWouldLoseSomethingAreRefused() throws {
    let network = try LSTM<Float>(inputSize: 1, hiddenSize: 2, seed: 1)
    let head = try Linear<Float>(inputSize: 2, outputSize: 1, seed: 2)
    let good = guitar(network, head, "LSTM", skip: 1)
    func refusal(
      _ part: String, _ key: String, _ value: Any?
    ) -> String {
      var (changed, inner) = (good, good[part] as! [String: Any])
      inner[key] = value
      changed[part] = inner
      return message { try imported(changed) }
    }
    #expect(refusal("model_data", "skip", 1).hasPrefix("no error"))
    #expect(refusal("model_data", "bias_fl", 1).hasPrefix("no error"))
    #expect(refusal("model_data", "bias_fl", 0.5).contains("bias_fl: is not true or false"))
    #expect(refusal("model_data", "gain", 2).contains("model_data: has the key gain"))
    #expect(refusal("model_data", "skip", 2).contains("skip is 2"))
    #expect(refusal("model_data", "unit_type", "QRNN").contains("unit_type is QRNN"))
    #expect(refusal("model_data", "hidden_size", 3).contains("has shape [8, 1], expected [12, 1]"))
    #expect(refusal("model_data", "hidden_size", 1 << 40).contains("is not an integer from 1"))
    #expect(refusal("model_data", "num_layers", 2).contains("has no rec.weight_ih_l1"))
    #expect(refusal("state_dict", "lin.bias", nil) == "test: state_dict: has no lin.bias")
    #expect(refusal("state_dict", "lin.bias", [[1.0]]).contains("has shape [1, 1], expected [1]"))
    #expect(refusal("state_dict", "lin.bias", [1e300]).contains("is not an array of finite"))
    #expect(refusal("state_dict", "rec.x", [1.0]).contains("state_dict: has the key rec.x"))
    let archive = try Data(contentsOf: goldenFile("keras.npz"))
    #expect(
      message { try ImportedModel<Float>(archive, path: "test") }
        == "test: is a NumPy archive (.npz), expected a JSON file or an RNNoise model")
    #expect(message { try imported(["a": 1]) }.hasPrefix("test: has none of the keys"))
    #expect(
      message { try imported(["architecture": "WaveNet"]) }
        == "test: architecture is WaveNet, expected LSTM")
    #expect(
      message { try imported(["in_shape": [1], "layers": [["type": "maxpool"]]]) }
        .contains("layers[0]: type is maxpool"))
    #expect(
      message { try imported(["in_shape": [1], "layers": [] as [Any]]) } == "test: layers is empty")
    #expect(
      message { try ImportedModel<Float>(Data("[".utf8), path: "test") }
        .hasPrefix("test: is not valid JSON"))
  }

  @Test func stateDictsInJSONAreTensors() throws {
    let network = try GRU<Float>(inputSize: 2, hiddenSize: 3, layers: 2, seed: 9)
    let folder = try TemporaryFolder()
    try JSONSerialization.data(withJSONObject: stateDict(network.parameters, "gru."))
      .write(to: folder["m.json"])
    var read = try GRU<Float>(network.configuration)
    try read.parameters.load(
      SafeTensors(contentsOfJSON: folder["m.json"]), names: ["gru.": ""])
    #expect(read.parameters == network.parameters)
  }
}
