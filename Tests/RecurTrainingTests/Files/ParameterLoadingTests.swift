// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurTraining

/// Parameters from files of other programs.
@Suite struct ParameterLoadingTests {
  private let model: Model<Float>

  /// The names that a PyTorch module would have.
  private let names: TensorNames = ["emb.": "embedding.", "rnn.": "lstm.", "fc.": "head."]

  init() throws {
    let x = ModelValue.tokens(vocabularySize: 7).embedding(size: 3)
    var configuration = NetworkConfiguration(.lstm, inputSize: 0, hiddenSize: 4)
    (configuration.layers, configuration.bidirectional) = (2, true)
    model = try Model(
      outputs: x.network(configuration).dense(size: 5).named("head"), seed: 3)
  }

  private func saved() throws -> SafeTensors {
    try SafeTensors(bytes: SafeTensors(model.parameters, names: names).bytes)
  }

  @Test func aStateDictIsReadInOneCall() throws {
    let file = try saved()
    #expect(file.tensors[0].name == "emb.weight" && file.tensors[0].shape == [7, 3])
    #expect(file["rnn.weight_ih_l1_reverse"]?.shape == [16, 8])
    #expect(file["rnn.bias_hh_l0"]?.shape == [16] && file["fc.bias"]?.shape == [5])
    var read = try Model<Float>(model.graph)
    try read.parameters.load(file, names: names)
    #expect(read.parameters == model.parameters)
    var wide = try Model<Double>(model.graph)
    try wide.parameters.load(file, names: names)
    #expect(wide.parameters.elements == model.parameters.elements.map { Double($0) })
  }

  @Test func differencesAreRefusedByName() throws {
    func refusal(
      _ differences: TensorDifferences = [], _ change: (inout SafeTensors) throws -> Void
    ) throws -> String {
      var file = try saved()
      try change(&file)
      var read = try Model<Float>(model.graph)
      let found = message {
        try read.parameters.load(file, names: names, allowing: differences)
      }
      if !found.hasPrefix("no error") { #expect(read.parameters.elements.allSatisfy { $0 == 0 }) }
      return found
    }
    let last: (inout SafeTensors) throws -> Void = { $0.tensors.removeLast() }
    #expect(try refusal([], last) == "test: has no tensor fc.bias")
    #expect(try refusal(.leftOver, last) == "test: has no tensor fc.bias")
    #expect(try refusal(.missing, last).hasPrefix("no error"))
    let more: (inout SafeTensors) throws -> Void = {
      $0.tensors.append(try .init("fc2.bias", shape: [1], elements: [1] as [Float]))
    }
    #expect(try refusal([], more) == "test: has the unexpected tensor fc2.bias")
    #expect(try refusal(.missing, more) == "test: has the unexpected tensor fc2.bias")
    #expect(try refusal(.leftOver, more).hasPrefix("no error"))
    #expect(
      try refusal {
        $0.tensors.append(try .init("head.bias", shape: [5], elements: [0, 0, 0, 0, 0] as [Float]))
      }
        == "test: has the tensors fc.bias and head.bias, which both have the name head.bias")
    #expect(
      try refusal {
        $0.tensors[0] = try .init(
          "emb.weight", shape: [3, 7], elements: Array(repeating: Float(0), count: 21))
      }
        == "test: tensor emb.weight has shape [3, 7], expected [7, 3]")
    #expect(
      try refusal {
        $0.tensors[0] = try .init(
          "emb.weight", shape: [7, 3], elements: Array(repeating: 0.0, count: 21))
      }
      .contains("is of type F64, expected F32"))
    #expect(
      try refusal {
        $0.tensors[0] = try .init(
          "emb.weight", shape: [7, 3], elements: Array(repeating: Float.nan, count: 21))
      }
        == "test: tensor emb.weight has nan at index 0, expected finite parameters")
  }

  @Test func theLongestBeginningCounts() {
    let names: TensorNames = ["": "all.", "a.": "b.", "a.b.c": "x"]
    #expect(names.inRecur("z") == "all.z" && names.inRecur("a.q") == "b.q")
    #expect(names.inRecur("a.b.c") == "x")
    #expect(names.inFile("b.q") == "a.q" && names.inFile("x") == "a.b.c")
  }

  /// The values of PyTorch's definition, y = (x − mean) / √(variance + ε) γ + β.
  @Test(arguments: [true, false]) func batchNormalizationsBecomeScales(isAffine: Bool) throws {
    let x = ModelValue.features(size: 2)
    var model = try Model<Double>(outputs: x.scale().named("bn"), seed: 0)
    let (mean, variance, gamma, beta) = ([0.5, -1], [4.0, 0.25], [2, 0.5], [1.0, -3])
    var tensors = try [
      SafeTensors.Tensor("bn.running_mean", shape: [2], elements: mean),
      SafeTensors.Tensor("bn.running_var", shape: [2], elements: variance),
      SafeTensors.Tensor("bn.num_batches_tracked", shape: [], elements: [3.0]),
    ]
    if isAffine {
      try tensors.append(.init("bn.weight", shape: [2], elements: gamma))
      try tensors.append(.init("bn.bias", shape: [2], elements: beta))
    }
    try model.parameters.load(SafeTensors(tensors: tensors), batchNormalizationEpsilon: 0.5)
    let input = try SequenceBatch<Double>(
      steps: 1, batchSize: 1, features: 2, elements: [3, 7])
    let output = try model(input).output.elements
    for k in 0..<2 {
      let normal = (input.elements[k] - mean[k]) / (variance[k] + 0.5).squareRoot()
      let expected = isAffine ? normal * gamma[k] + beta[k] : normal
      #expect(abs(output[k] - expected) <= 16 * .ulpOfOne * abs(expected))
    }
    let incomplete = SafeTensors(tensors: [tensors[0]])
    #expect(
      message { try model.parameters.load(incomplete) }
        == "a file in memory: has no tensor bn.running_var")
  }
}
