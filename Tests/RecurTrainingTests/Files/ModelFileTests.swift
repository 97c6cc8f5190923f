// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

@Suite struct ModelFileTests {
  private static let activations: [Activation] = [
    .tanh, .sigmoid, .relu, .identity, .affine(alpha: 2, beta: -0.1), .leakyRelu(alpha: 0.2),
    .thresholdedRelu(alpha: 0.3), .scaledTanh(alpha: 0.4, beta: 1 / 3),
    .hardSigmoid(alpha: 0.6, beta: 0.7), .elu(alpha: 0.8), .softsign, .softplus,
    .hardTanh(min: -0.4, max: 0.3),
  ]

  /// For each cell, a network with default options and one with all options set.
  private static func networks<Scalar: RecurScalar>() throws -> [any RecurrentNetwork<Scalar>] {
    let plain: [any RecurrentNetwork<Scalar>] = [
      try RNN(inputSize: 2, hiddenSize: 3, seed: 0),
      try ResidualRNN(inputSize: 2, hiddenSize: 3, seed: 0),
      try GRU(inputSize: 2, hiddenSize: 3, seed: 0), try LSTM(inputSize: 2, hiddenSize: 3, seed: 0),
    ]
    let all: [any RecurrentNetwork<Scalar>] = [
      try RNN(
        inputSize: 1, hiddenSize: 3, layers: 2, bidirectional: true, activation: .relu, bias: false,
        gateClamp: 0.1, dropout: 0.11, recurrentDropout: 0.12, zoneout: 0.13, seed: 0),
      try ResidualRNN(
        inputSize: 1, hiddenSize: 3, layers: 2, bidirectional: true, activation: .relu, bias: false,
        gateClamp: 0.1, dropout: 0.11, recurrentDropout: 0.12, zoneout: 0.13, seed: 0),
      try GRU(
        inputSize: 1, hiddenSize: 3, layers: 2, bidirectional: true, reset: .beforeProduct,
        activation: .hardSigmoid(), candidateActivation: .softsign, bias: false,
        layerNormalization: true, gateClamp: 0.1, dropout: 0.11, recurrentDropout: 0.12,
        zoneout: 0.13, seed: 0),
      try LSTM(
        inputSize: 1, hiddenSize: 3, layers: 2, bidirectional: true, projectionSize: 2,
        peepholes: true, coupledGates: true, activation: .hardSigmoid(),
        candidateActivation: .softsign, outputActivation: .elu(alpha: 0.5), bias: false,
        layerNormalization: true, gateClamp: 0.1, cellClamp: 0.2, dropout: 0.11,
        recurrentDropout: 0.12,
        zoneout: 0.13, cellZoneout: 0.14, seed: 0),
    ]
    let activated: [any RecurrentNetwork<Scalar>] = try activations.map {
      try RNN(inputSize: 1, hiddenSize: 1, activation: $0, seed: 0)
    }
    return plain + all + activated
  }

  @Test func everyOptionOfEveryCellSurvives() throws {
    try survive(Float.self)
    try survive(Double.self)
  }

  private func survive<Scalar: RecurScalar>(_: Scalar.Type) throws {
    for network in try Self.networks() as [any RecurrentNetwork<Scalar>] {
      let text = try CanonicalJSON.text(of: network.configuration, "test")
      let back = try CanonicalJSON.value(
        NetworkConfiguration.self, of: text, named: "network", "test")
      let made = try back.network(of: Scalar.self)
      #expect(made.configuration == network.configuration && type(of: made) == type(of: network))
      #expect(made.parameters.slices == network.parameters.slices)
    }
  }

  /// Models with and without their optional components.
  private static func models<Scalar: RecurScalar>() throws -> [SequenceModel<Scalar>] {
    try (networks() as [any RecurrentNetwork<Scalar>]).flatMap { network in
      let O = network.outputSize
      let embedding = try Embedding<Scalar>(vocabularySize: 5, size: network.inputSize, seed: 3)
      return [
        try SequenceModel(
          network: network, head: Linear(inputSize: O, outputSize: 4, bias: false, seed: 0),
          reading: .everyStep),
        try SequenceModel(
          embedding: embedding, network: network,
          head: Linear(inputSize: O, outputSize: 4, seed: 0),
          reading: .lastStep),
      ]
    }
  }

  @Test func modelsComeBackToTheBit() throws {
    try comeBack(Float.self)
    try comeBack(Double.self)
  }

  private func comeBack<Scalar: RecurScalar>(_: Scalar.Type) throws {
    let folder = try TemporaryFolder()
    let info = ["vocabulary": "añ\0\n", "\u{301}": "", "": "x"]
    var generator = SplitMix64(seed: 11)
    for var model in try Self.models() as [SequenceModel<Scalar>] {
      try model.parameters.setElements(generator.vector(model.parameters.count) as [Scalar])
      try model.save(to: folder["m"], info: info)
      let back = try SequenceModel<Scalar>(contentsOf: folder["m"])
      #expect("\(back)" == "\(model)" && back.parameters == model.parameters)
      let file = try SafeTensors(contentsOf: folder["m"])
      #expect(try file.info == info)
      #expect(try SequenceModel<Scalar>(file).parameters == model.parameters)
    }
    #expect(folder.names == ["m"])
  }

  @Test func tensorsHavePyTorchsNamesAndShapes() throws {
    let model = try SequenceModel<Float>(
      embedding: Embedding(vocabularySize: 5, size: 1, seed: 0),
      network: LSTM(
        inputSize: 1, hiddenSize: 3, projectionSize: 2, peepholes: true,
        layerNormalization: true, seed: 0), head: Linear(inputSize: 2, outputSize: 1, seed: 0),
      reading: .everyStep)
    let file = try model.file(.model, [:], "test")
    let shapes = file.tensors.map { "\($0.name) \($0.shape)" }
    #expect(
      shapes == [
        "embedding.weight [5, 1]", "network.weight_ih_l0 [12, 1]", "network.weight_hh_l0 [12, 2]",
        "network.bias_ih_l0 [12]", "network.bias_hh_l0 [12]", "network.weight_hr_l0 [2, 3]",
        "network.weight_peephole_l0 [3, 3]", "network.weight_ln_ih_l0 [12]",
        "network.weight_ln_hh_l0 [12]", "head.weight [1, 2]", "head.bias [1]",
      ])
  }

  // Rejected files

  private func model() throws -> SequenceModel<Float> {
    try SequenceModel(
      network: LSTM(inputSize: 2, hiddenSize: 3, seed: 0),
      head: Linear(inputSize: 3, outputSize: 1, seed: 0),
      reading: .lastStep)
  }

  /// The message for the file of a changed model with a new checksum.
  private func refusal(_ change: (inout SafeTensors) throws -> Void) throws -> String {
    var file = try model().file(.model, [:], "test")
    try change(&file)
    let changed = try SafeTensors(bytes: file.bytes)
    return message { try SequenceModel<Float>(changed) }
  }

  private func refusal(replacing old: String, by new: String) throws -> String {
    try refusal { file in
      let text = try #require(file.metadata["recur.model"])
      try #require(text.contains(old))
      file.metadata["recur.model"] = text.replacingOccurrences(of: old, with: new)
    }
  }

  @Test func filesOfSomethingElseAreRefused() throws {
    #expect(try refusal { _ in }.hasPrefix("no error"))
    #expect(
      try refusal { $0.metadata["recur.kind"] = nil }
        == "test: contains tensors, but is not a Recur model")
    #expect(
      try refusal { $0.metadata["recur.version"] = "1" } == "test: has version 1, expected 2")
    #expect(
      try refusal { $0.metadata["recur.kind"] = "checkpoint" }
        == "test: is a checkpoint, expected a model")
    #expect(
      try refusal { $0.metadata["recur.model"] = nil } == "test: has no metadata recur.model")
    let file = try model().file(.model, [:], "test")
    #expect(
      message { try SequenceModel<Double>(SafeTensors(bytes: file.bytes)) }
        == "test: tensor network.weight_ih_l0 is of type F32, expected F64")
    // A file made in memory or by another program has no checksum to verify.
    #expect(
      message { try SequenceModel<Float>(file) }
        == "test: was altered: it has no checksum")
  }

  @Test func tensorsThatDoNotFitAreRefused() throws {
    #expect(
      try refusal { $0.tensors.removeLast() }
        == "test: describes an invalid model: the model has 88 parameters in 6 tensors, "
        + "more than the file contains")
    #expect(
      try refusal { try $0.tensors[5] = .init("x", shape: [1], elements: [1 as Float]) }
        == "test: has no tensor head.bias")
    #expect(
      try refusal { try $0.tensors.append(.init("x", shape: [1], elements: [1 as Float])) }
        == "test: has the unexpected tensor x")
    #expect(
      try refusal { file in
        file.tensors[0] = try .init(
          "network.weight_ih_l0", shape: [2, 12], elements: Array(repeating: 1 as Float, count: 24))
      } == "test: tensor network.weight_ih_l0 has shape [2, 12], expected [12, 2]")
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func parametersThatAreNotFiniteAreRefused(value: Float) throws {
    let bias = [0, 1, value] + Array(repeating: 2 as Float, count: 9)
    #expect(
      try refusal {
        $0.tensors[2] = try .init("network.bias_ih_l0", shape: [12], elements: bias)
      } == "test: tensor network.bias_ih_l0 has \(value) at index 2, expected finite parameters")
    var model = try model()
    try model.parameters.set(
      "network.bias_ih_l0", to: Matrix(rows: 12, columns: 1, elements: bias))
    let folder = try TemporaryFolder()
    let path = folder["m"].path
    #expect(
      message { try model.save(to: folder["m"]) }
        == "\(path): cannot store \(value) at index 2 of network.bias_ih_l0, "
        + "expected finite parameters")
    #expect(folder.names.isEmpty)
  }

  /// Without this check, a model of 10⁵ layers would be created before the first missing tensor was noticed.
  @Test func moreLayersThanTensorsAreRefused() throws {
    let layers = 100_000
    let found = try refusal { file in
      let text = try #require(file.metadata["recur.model"])
      file.metadata["recur.model"] = text.replacing(
        "\"hiddenSize\":3", with: "\"hiddenSize\":1,\"layers\":\(layers)")
      file.tensors = [
        try .init(
          "network.weight_ih_l0", shape: [20 * layers],
          elements: Array(repeating: 1 as Float, count: 20 * layers))
      ]
    }
    #expect(
      found.hasSuffix("parameters in 400002 tensors, more than the file contains"), "\(found)")
  }

  @Test func descriptionsThatDoNotFitAreRefused() throws {
    let size = "\"hiddenSize\":3"
    for (old, new, reason) in [
      (size, size + ",\"zoneout\":2", "zoneout is 2"),
      ("\"lstm\"", "\"mamba\"", "\"mamba\""),
      (size, size + ",\"attention\":1", "\"attention\""),
      (size, size + ",\"layers\":1,\"layers\":1", "duplicate object key near '\"layers\"'"),
      (size, size + ",\"reset\":\"beforeProduct\"", "reset"),
      (size, size + ",\"gateClamp\":-1", "gate_clamp is -1"),
      (size, size + ",\"dropout\":1e400", "real number overflow near '1e400'"),
      (size, "\"hiddenSize\":3.5", "hiddenSize"),
      (size, "\"hiddenSize\":-1", "hiddenSize"),
      (size, "\"hiddenSize\":9223372036854775807", "expected at most 2147483647"),
      ("\"inputSize\":2", "\"inputSize\":1000000000", "expected 2"),
      ("\"size\":2", "\"size\":0", "has size 0"),
      (size, size + ",\"dropout\":" + String(repeating: "[", count: 40), "nests 4"),
    ] {
      let found = try refusal(replacing: old, by: new)
      #expect(
        found.hasPrefix("test: describes an invalid model: ") && found.contains(reason),
        "\(new): \(found)")
    }
    #expect(
      try refusal(replacing: "\"lstm\"", by: "\"gru\"")
        == "test: tensor network.weight_ih_l0 has shape [12, 2], expected [9, 2]")
  }

  /// The graph of a model that only `Model` can be.
  @Test func otherGraphsAreRefused() throws {
    for (old, new) in [
      ("\"x\"", "\"z\""), ("\"lastStep\"", "\"mean\""), ("\"head\"", "\"output\""),
    ] {
      #expect(
        try refusal(replacing: old, by: new)
          == "test: describes an invalid model: graph is not a network with a head, "
          + "and perhaps an embedding: use Model instead")
    }
  }

  /// A sequence model and its graph are bit-identical, and read each other's files.
  @Test func aGraphComputesTheSame() throws {
    for model in try Self.models() as [SequenceModel<Float>] {
      let graph = try model.model
      #expect(graph.parameters.slices == model.parameters.slices)
      let folder = try TemporaryFolder()
      try model.save(to: folder["m"])
      #expect(try Model<Float>(contentsOf: folder["m"]).parameters == model.parameters)
      var generator = SplitMix64(seed: 12)
      let (T, B) = (4, 3)
      let input: ModelInput<Float> =
        if let I = model.inputSize {
          .features(
            try SequenceBatch(
              steps: T, batchSize: B,
              matrix: Matrix(rows: T * B, columns: I, elements: generator.vector(T * B * I))))
        } else {
          .tokens(try TokenBatch(steps: T, batchSize: B, tokens: (0..<T * B).map { $0 % 5 }))
        }
      // Outputs past the end of a sequence differ: a head computes its bias there, and a graph 0.
      let lengths = model.reading == .lastStep ? [4, 2, 3] : nil
      let expected = try model(input, lengths: lengths).output
      let found = try graph(["x": input], lengths: lengths).output.matrix
      #expect(found == expected, "\(model)")
    }
  }
}
