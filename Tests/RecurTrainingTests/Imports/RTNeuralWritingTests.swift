// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

/// Models written as RTNeural's JSON, and AIDA-X's additions to it.
@Suite struct RTNeuralWritingTests {
  private func read<Scalar: RecurScalar>(_ file: Data, _ scalar: Scalar.Type) throws
    -> ImportedModel<
      Scalar
    >
  {
    try ImportedModel(file, path: "test")
  }

  private func input<Scalar: RecurScalar>(_ features: Int) throws -> SequenceBatch<Scalar> {
    var generator = SplitMix64(seed: 3)
    return try SequenceBatch(
      steps: 9, batchSize: 1, features: features, elements: generator.vector(9 * features))
  }

  private func everyLayer() -> ModelValue {
    var convolution = Convolution.causal(outputSize: 4, kernelSize: 3, dilation: 2)
    convolution.groups = 2
    let x = ModelValue.features(size: 2).dense(size: 6).activation(.tanh)
      .convolution(convolution).activation(.relu).scale().prelu().prelu(shared: true)
    return x.gru(hiddenSize: 3, layers: 2).activation(.elu(alpha: 1)).lstm(hiddenSize: 5)
      .dense(size: 3, bias: false).softmax().dense(size: 2).activation(.sigmoid).activation(
        .identity)
  }

  private func expectRoundTrip<Scalar: RecurScalar>(_ scalar: Scalar.Type) throws {
    var model = try Model<Scalar>(outputs: everyLayer(), seed: 7)
    // A file has one bias of an LSTM.
    let bias = try #require(model.parameters["lstm.bias_hh_l0"])
    try model.parameters.set(
      "lstm.bias_hh_l0", to: Matrix(rows: bias.rows, columns: bias.columns))
    let folder = try TemporaryFolder()
    try model.writeRTNeural(to: folder["m.json"], sampleRate: 44100)
    let found = try ImportedModel<Scalar>(contentsOf: folder["m.json"])
    #expect(found.format == .aidaX && found.sampleRate == 44100)
    #expect(found.model.parameters.elements == model.parameters.elements)
    #expect(try found.model(input(2)).output == model(input(2)).output)
    let again = try found.model.rtNeural("test", sampleRate: 44100)
    #expect(try again == Data(contentsOf: folder["m.json"]))
  }

  @Test func everyLayerComesBackExactly() throws {
    try expectRoundTrip(Float.self)
    try expectRoundTrip(Double.self)
  }

  @Test func aNameMayBeginAnother() throws {
    let x = ModelValue.features(size: 2).gru(hiddenSize: 3).named("a")
    let model = try Model<Float>(outputs: x.dense(size: 2).named("a.b"), seed: 1)
    let found = try read(model.rtNeural("test"), Float.self)
    #expect(found.model.parameters.elements == model.parameters.elements)
  }

  @Test func twoBiasesBecomeTheirSum() throws {
    let x = ModelValue.features(size: 1)
    let model = try Model<Double>(outputs: x.lstm(hiddenSize: 2, layers: 2), seed: 1)
    let found = try read(model.rtNeural("test"), Double.self)
    #expect(found.format == .rtNeural)
    let (a, b) = (try model(input(1)).output.elements, try found.model(input(1)).output.elements)
    #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-15 })
  }

  @Test(arguments: [1, 3]) func aSumWithTheInputIsASkip(features: Int) throws {
    let x = ModelValue.features(size: features)
    let lstm = x.lstm(hiddenSize: 4).dense(size: 1)
    let dry = features == 1 ? x : x.slice(channels: 0..<1)
    var model = try Model<Float>(outputs: lstm + dry, seed: 2)
    try model.parameters.set("lstm.bias_hh_l0", to: Matrix(rows: 16, columns: 1))
    let file = try model.rtNeural("test")
    #expect(String(decoding: file, as: UTF8.self).contains("\"in_skip\": 1"))
    let found = try read(file, Float.self)
    #expect(found.format == .aidaX)
    #expect(try found.model(input(features)).output == model(input(features)).output)
    #expect(try found.model.rtNeural("test") == file)
  }

  @Test func otherNodesAreRefusedByName() throws {
    func refusal(_ value: ModelValue) throws -> String {
      let model = try Model<Float>(outputs: value, seed: 1)
      return message { try model.rtNeural("test") }
    }
    let x = ModelValue.features(size: 2)
    let lists: [(ModelValue, String)] = [
      (x.rnn(hiddenSize: 2).named("a"), "a: RTNeural has LSTMs and GRUs with the default options"),
      (x.layerNormalization().named("a"), "a: RTNeural does not have such a layer"),
      (x.activation(.softsign).named("a"), "a: RTNeural does not have such a layer"),
      (x.activation(.elu(alpha: 2)).named("a"), "a: RTNeural does not have such a layer"),
      (x.dense(size: 1).lastStep().named("a"), "a: RTNeural does not have such a layer"),
      (
        ModelValue.tokens(vocabularySize: 3).embedding(size: 2),
        "tokens: RTNeural's models begin with features"
      ),
      (
        (x.dense(size: 2) + x.dense(size: 2)).dense(size: 1),
        "dense_2: RTNeural's layers form a chain with one output"
      ),
      (x.named("a"), "a: RTNeural's models have a layer"),
      ((x.dense(size: 2) + x).named("a"), "a: RTNeural"),
      ((x.dense(size: 2) + x.slice(channels: 0..<1).dense(size: 2)).named("a"), ""),
    ]
    for (value, reason) in lists {
      let found = try refusal(value)
      #expect(found.hasPrefix("test: cannot store node \(reason)"), "\(found)")
    }
    for change: (inout NetworkConfiguration) -> Void in [
      { $0.bidirectional = true }, { $0.bias = false }, { $0.zoneout = 0.1 },
      { $0.reset = .beforeProduct }, { $0.candidateActivation = .relu },
      { $0.layerNormalization = true }, { $0.gateClamp = 3 },
    ] {
      var gru = NetworkConfiguration(.gru, inputSize: 2, hiddenSize: 3)
      change(&gru)
      #expect(
        try refusal(x.network(gru).named("g"))
          == "test: cannot store node g: RTNeural has LSTMs and GRUs with the default options")
    }
    for change: (inout Convolution) -> Void in [
      { $0.stride = 2 }, { $0.before = 0 }, { $0.after = 1 }, { $0.bias = false },
      { $0.axis = .positions },
    ] {
      var convolution = Convolution.causal(outputSize: 2, kernelSize: 2)
      change(&convolution)
      #expect(
        try refusal(x.convolution(convolution).named("c"))
          .hasPrefix("test: cannot store node c: RTNeural's convolutions are causal"))
    }
    var model = try Model<Float>(outputs: x.dense(size: 1), seed: 1)
    try model.parameters.set("dense.bias", to: Matrix([[.infinity]]))
    #expect(
      message { try model.rtNeural("test") }
        == "test: cannot store inf at index 0 of dense.bias, expected finite parameters")
    try model.parameters.set("dense.bias", to: Matrix([[0]]))
    #expect(
      message { try model.rtNeural("test", sampleRate: 0) }
        == "test: cannot store the sampling rate 0.0, expected a positive number")
  }

  /// A linear model y = 2 x₀ − x₁ + 0.25, with gains of 20 and −20 decibels.
  private func aidaX(_ more: String, outputs: Int = 1) -> Data {
    let weights = outputs == 1 ? "[[2.0], [-1.0]], [0.25]" : "[[2.0, 1.0], [-1.0, 1.0]], [0.25, 0]"
    return Data(
      """
      {"in_shape": [null, null, 2], \(more) "layers": [{"type": "dense", "activation": "",
       "shape": [null, null, \(outputs)], "weights": [\(weights)]}]}
      """.utf8)
  }

  @Test func aidaXHasGainsAndASkip() throws {
    let x = try SequenceBatch<Double>(
      steps: 2, batchSize: 1, features: 2, elements: [1, 0.5, -1, 0.125])
    func output(_ more: String) throws -> [Double] {
      let found = try read(aidaX(more), Double.self)
      #expect(found.format == .aidaX)
      return try found.model(x).output.elements
    }
    #expect(try output("\"in_skip\": 0,") == [1.75, -1.875])
    #expect(try output("\"in_skip\": 1,") == [2.75, -2.875])
    #expect(try output("\"in_gain\": 20,") == [19.75, -19.875])
    #expect(try output("\"in_gain\": 20.0, \"in_skip\": 1,") == [29.75, -29.875])
    let quiet = try output("\"out_gain\": -20, \"in_gain\": 20, \"in_skip\": 1,")
    #expect(zip(quiet, [2.975, -2.9875]).allSatisfy { abs($0 - $1) <= 1e-15 })
    #expect(try output("\"in_gain\": 0, \"out_gain\": 0.0,") == [1.75, -1.875])
  }

  @Test func aidaXHasMetadata() throws {
    func rate(_ more: String) throws -> Double? { try read(aidaX(more), Float.self).sampleRate }
    #expect(try rate("\"samplerate\": 44100,") == 44100)
    #expect(try rate("\"metadata\": {\"name\": \"a\", \"samplerate\": \"48000\"},") == 48000)
    #expect(try rate("\"metadata\": {}, \"input_batch\": [1], \"output_batch\": [2],") == nil)
    #expect(try read(aidaX(""), Float.self).format == .rtNeural)
    func refusal(_ more: String, outputs: Int = 1) -> String {
      message { try read(aidaX(more, outputs: outputs), Float.self) }
    }
    #expect(refusal("\"in_skip\": 2,") == "test: in_skip: is not true or false")
    #expect(refusal("\"in_gain\": 201,").hasPrefix("test: in_gain: is not a number from"))
    #expect(refusal("\"out_gain\": \"1\",") == "test: out_gain: is not a number")
    #expect(refusal("\"samplerate\": 0,") == "test: samplerate: is not a positive number")
    #expect(refusal("\"samplerate\": \"x\",") == "test: samplerate: is not a positive number")
    #expect(
      refusal("\"samplerate\": 1, \"metadata\": {\"samplerate\": 2},")
        == "test: samplerate differs from metadata.samplerate")
    #expect(refusal("\"gain\": 1,").hasPrefix("test: has the key gain, expected only"))
    #expect(
      refusal("\"in_skip\": 1,", outputs: 2)
        == "test: in_skip is 1, but the last layer has 2 outputs, expected 1")
  }

  @Test func damagedFilesAreRefusedOrRead() throws {
    let model = try Model<Float>(
      outputs: ModelValue.features(size: 1).gru(hiddenSize: 1).dense(size: 1), seed: 1)
    let whole = try model.rtNeural("test", sampleRate: 48000)
    for count in whole.indices.dropLast(1) {
      #expect(throws: FileError.self) { try read(whole.prefix(count), Float.self) }
    }
    for mutant in Mutants(of: whole, count: 1000, seed: 2) {
      do { _ = try read(mutant, Float.self) } catch { #expect(error is FileError) }
    }
  }
}
