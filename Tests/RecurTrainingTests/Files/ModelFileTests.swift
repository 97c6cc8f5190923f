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
      try refusal { $0.metadata["recur.version"] = "2" } == "test: has version 2, expected 1")
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
      try refusal { $0.tensors.removeLast() } == "test: has no tensor head.bias")
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

  /// A file needs two tensors for every layer. Without this check, a model of 10⁵ layers would be
  /// created before the first missing tensor was noticed.
  @Test func moreLayersThanTensorsAreRefused() throws {
    let layers = 100_000
    let found = try refusal { file in
      let text = try #require(file.metadata["recur.model"])
      file.metadata["recur.model"] =
        text
        .replacing("\"layers\":1", with: "\"layers\":\(layers)")
        .replacing("\"hiddenSize\":3", with: "\"hiddenSize\":1")
      file.tensors = [
        try .init(
          "network.weight_ih_l0", shape: [10 * layers],
          elements: Array(repeating: 1 as Float, count: 10 * layers))
      ]
    }
    #expect(found == "test: describes a model with more tensors than the file contains")
  }

  @Test func descriptionsThatDoNotFitAreRefused() throws {
    #expect(
      try refusal(replacing: "\"zoneout\":0", by: "\"zoneout\":2").hasPrefix(
        "test: describes an invalid model: zoneout is 2"))
    #expect(
      try refusal(replacing: "\"lstm\"", by: "\"gru\"")
        == "test: tensor network.weight_ih_l0 has shape [12, 2], expected [9, 2]")
    #expect(
      try refusal(replacing: "\"afterProduct\"", by: "\"beforeProduct\"")
        == "test: describes an invalid model: reset is set, but an LSTM does not support it")
    #expect(
      try refusal(replacing: "\"hiddenSize\":3", by: "\"gateClamp\":0,\"hiddenSize\":3")
        == "test: describes an invalid model: gateClamp is 0.0, expected a finite number above 0")
    #expect(
      try refusal(replacing: "\"lstm\"", by: "\"mamba\"").hasPrefix(
        "test: describes something that this version cannot read: network: cell: "))
    #expect(
      try refusal(replacing: "\"cellZoneout\":0,", by: "")
        == "test: describes something that this version cannot read: no cellZoneout")
    #expect(
      try refusal(replacing: "\"bias\":true,", by: "")
        == "test: describes something that this version cannot read: no bias")
    for change in [
      ("\"zoneout\":0", "\"zoneout\":0,\"attention\":1"), ("\"zoneout\":0", "\"zoneout\":0.0"),
      ("\"zoneout\":0", "\"zoneout\":0,\"zoneout\":0"), ("\"zoneout\":0", "\"zoneout\":0 "),
    ] {
      #expect(
        try refusal(replacing: change.0, by: change.1)
          .hasPrefix("test: recur.model is not in canonical form: has \""))
    }
    #expect(
      try refusal(
        replacing: "\"dropout\":0",
        by: "\"dropout\":" + String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
      )
        == "test: recur.model nests more objects and arrays than this version can read")
    #expect(
      try refusal(replacing: "\"hiddenSize\":3", by: "\"hiddenSize\":3.0")
        .contains("form: has \".0,\"inputSize\""))
    for (value, reason) in [
      ("1e400", "real number overflow near '1e400'"), ("[", "unexpected token near ','"),
      (String(repeating: "[", count: 8500), "maximum parsing depth reached near '['"),
    ] {
      #expect(
        try refusal(replacing: "\"dropout\":0", by: "\"dropout\":\(value)")
          == "test: recur.model is not valid JSON: \(reason)")
    }
    for name in ["hiddenSize\":3", "inputSize\":2", "layers\":1", "outputSize\":1"] {
      let option = name.prefix { $0 != "\"" }
      #expect(
        try refusal(replacing: name, by: name.dropLast(1) + "-1")
          == "test: describes an invalid model: \(option) is -1, expected at least 1")
    }
    for size in ["1000000000", "9223372036854775807", "-3"] {
      for name in ["hiddenSize\":3", "inputSize\":2", "layers\":1", "outputSize\":1"] {
        let found = try refusal(replacing: name, by: name.dropLast(1) + size)
        #expect(found.hasPrefix("test: describes "), "\(found)")
      }
    }
  }
}
