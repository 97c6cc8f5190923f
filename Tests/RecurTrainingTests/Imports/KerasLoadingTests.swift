// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurTraining

/// Weights and results of Keras: Tests/golden/keras.npz.
@Suite struct KerasLoadingTests {
  private let golden: SafeTensors

  init() throws { golden = try SafeTensors(contentsOfNPZ: goldenFile("keras.npz")) }

  /// The weights of one of the models.
  private func weights(_ model: String) -> SafeTensors {
    var file = golden
    file.tensors = file.tensors.filter { $0.name.hasPrefix("\(model)/") }
    return file
  }

  private func features() throws -> Model<Float> {
    var convolution = Convolution.causal(outputSize: 4, kernelSize: 2, dilation: 2)
    convolution.groups = 1
    var lstm = NetworkConfiguration(.lstm, inputSize: 0, hiddenSize: 3)
    lstm.bidirectional = true
    var reset = NetworkConfiguration(.gru, inputSize: 0, hiddenSize: 4)
    reset.reset = .beforeProduct
    let x = ModelValue.features(size: 3).convolution(convolution).named("conv1d")
      .activation(.tanh).scale().named("batch_normalization").prelu().named("p_re_lu")
    let h = x.network(lstm).named("bidirectional").layerNormalization(epsilon: 1e-3)
      .gru(hiddenSize: 5).named("gru").network(reset).named("gru_1")
    return try Model(
      outputs: h.rnn(hiddenSize: 3).named("simple_rnn").dense(size: 2).named("dense"), seed: 1)
  }

  private func expectKeras(_ output: [Float], _ name: String) throws {
    let expected: [Float] = try #require(golden["y/\(name)"]).elements()
    let largest = zip(output, expected).map { abs($0 - $1) }.max() ?? .infinity
    #expect(output.count == expected.count && largest <= 1e-6, "\(largest)")
  }

  @Test func everyLayerComputesAsInKeras() throws {
    var model = try features()
    try model.loadKeras(weights("features"), names: ["features/": ""])
    let x: [Float] = try #require(golden["x/features"]).elements()
    let input = try SequenceBatch<Float>(steps: 7, batchSize: 1, features: 3, elements: x)
    try expectKeras(model(input).output.elements, "features")
  }

  @Test func severalKerasLayersMayBeOneNode() throws {
    let x = ModelValue.tokens(vocabularySize: 5).embedding(size: 3).named("words")
    let lstm = x.lstm(hiddenSize: 4, layers: 2).named("lstm").lastStep()
    var model = try Model<Float>(
      outputs: lstm.dense(size: 2, bias: false).named("out"), seed: 1)
    try model.loadKeras(
      weights("tokens"),
      names: [
        "tokens/": "", "tokens/first/": "lstm.l0.", "tokens/second/lstm_cell/": "lstm.l1.",
      ])
    let tokens = try #require(golden["x/tokens"]).integers()
    let batch = try TokenBatch(steps: 6, batchSize: 1, tokens: tokens)
    try expectKeras(model(batch).output.elements, "tokens")
  }

  @Test func aNameMayBeginAnother() throws {
    let x = ModelValue.features(size: 3).dense(size: 2).named("a")
    var model = try Model<Float>(outputs: x.dense(size: 1, bias: false).named("a.b"), seed: 1)
    let weights = try SafeTensors(tensors: [
      .init("a/kernel", shape: [3, 2], elements: [1, 2, 3, 4, 5, 6] as [Float]),
      .init("a/bias", shape: [2], elements: [7, 8] as [Float]),
      .init("a/b/kernel", shape: [2, 1], elements: [9, 10] as [Float]),
    ])
    try model.loadKeras(weights)
    #expect(model.parameters.elements == [1, 3, 5, 2, 4, 6, 7, 8, 9, 10])
  }

  @Test func networksOfOneType() throws {
    var file = weights("features")
    file.tensors = file.tensors.filter { $0.name.contains("lstm") }
    var lstm = try LSTM<Float>(inputSize: 4, hiddenSize: 3, bidirectional: true, seed: 1)
    try lstm.loadKeras(file, names: ["features/bidirectional/": ""])
    let kernel: [Float] = try #require(
      file["features/bidirectional/backward_lstm/lstm_cell/kernel"]
    ).elements()
    let weight = try #require(lstm.parameters["weight_ih_l0_reverse"])
    // Keras's gates are i f c o, as PyTorch's i f g o.
    for row in 0..<12 {
      for column in 0..<4 { #expect(weight[row, column] == kernel[column * 12 + row]) }
    }
    var gru = try GRU<Double>(inputSize: 6, hiddenSize: 5, seed: 1)
    try gru.loadKeras(
      weights("features"), names: ["features/gru/gru_cell/": ""], allowing: .leftOver)
    let bias: [Double] = try #require(golden["features/gru/gru_cell/bias"]).elements()
    // Keras's gates are z r h, PyTorch's r z n.
    #expect(gru.parameters["bias_ih_l0"]?.elements.prefix(5) == bias[5..<10])
    #expect(gru.parameters["bias_hh_l0"]?.elements.prefix(5) == bias[20..<25])
  }

  private func refusal(
    allowing differences: TensorDifferences = [], _ change: (inout SafeTensors) throws -> Void
  ) throws -> String {
    var (model, file) = (try features(), weights("features"))
    try change(&file)
    let before = model.parameters
    let found = message {
      try model.loadKeras(file, names: ["features/": ""], allowing: differences)
    }
    #expect((model.parameters == before) != found.hasPrefix("no error"))
    return found.replacing(golden.path, with: "test")
  }

  @Test func differencesAreRefusedByName() throws {
    func drop(_ name: String) -> (inout SafeTensors) -> Void {
      { $0.tensors.removeAll { $0.name.hasPrefix("features/\(name)") } }
    }
    #expect(try refusal(drop("dense/bias")) == "test: has no weight dense/bias")
    #expect(try refusal(drop("gru/")) == "test: has no weight gru/gru_cell/kernel")
    #expect(
      try refusal(drop("bidirectional/backward_lstm/lstm_cell/bias"))
        == "test: has no weight bidirectional/backward_lstm/lstm_cell/bias")
    #expect(
      try refusal(drop("layer_normalization"))
        == "test: has no weight layer_normalization/gamma")
    // Keras leaves out γ and β if the layer does not use them.
    #expect(try refusal(drop("batch_normalization/gamma")).hasPrefix("no error"))
    #expect(try refusal(allowing: .missing, drop("gru/")).hasPrefix("no error"))
    #expect(
      try refusal(allowing: .missing, drop("gru/gru_cell/bias"))
        == "test: has no weight gru/gru_cell/bias")
    let more: (inout SafeTensors) throws -> Void = {
      $0.tensors.append(try .init("features/dense_1/bias", shape: [1], elements: [1] as [Float]))
    }
    #expect(try refusal(more) == "test: has the unexpected tensor features/dense_1/bias")
    #expect(try refusal(allowing: .leftOver, more).hasPrefix("no error"))
    #expect(
      try refusal {
        $0.tensors.append(try .init("dense/bias", shape: [2], elements: [1, 2] as [Float]))
      }
        == "test: has the tensors features/dense/bias and dense/bias, "
        + "which both have the name dense.bias")
    #expect(
      try refusal { file in
        let index = file.tensors.firstIndex { $0.name == "features/dense/kernel" }!
        file.tensors[index] = try .init(
          "features/dense/kernel", shape: [2, 3], elements: [1, 2, 3, 4, 5, 6] as [Float])
      }
        == "test: tensor features/dense/kernel has shape [2, 3], expected [3, 2]")
    #expect(
      try refusal { file in
        let index = file.tensors.firstIndex { $0.name == "features/dense/bias" }!
        file.tensors[index] = try .init(
          "features/dense/bias", shape: [2], elements: [1, .nan] as [Float])
      }
        == "test: gives dense.bias nan at index 1, expected finite parameters")
  }

  /// Two tensors of the same shape that are exchanged change the output.
  @Test func exchangedTensorsChangeTheOutput() throws {
    let x: [Float] = try #require(golden["x/features"]).elements()
    let input = try SequenceBatch<Float>(steps: 7, batchSize: 1, features: 3, elements: x)
    var model = try features()
    try model.loadKeras(weights("features"), names: ["features/": ""])
    let right = try model(input).output
    let tensors = weights("features").tensors
    for (k, a) in tensors.enumerated() {
      for b in tensors.dropFirst(k + 1) where a.shape == b.shape {
        var file = weights("features")
        file.tensors = try tensors.map { tensor in
          guard tensor.name == a.name || tensor.name == b.name else { return tensor }
          let other: [Float] = try (tensor.name == a.name ? b : a).elements()
          return try .init(tensor.name, shape: a.shape, elements: other)
        }
        do {
          try model.loadKeras(file, names: ["features/": ""])
          #expect(try model(input).output != right, "\(a.name) \(b.name)")
        } catch { #expect(error is FileError) }
      }
    }
  }
}
