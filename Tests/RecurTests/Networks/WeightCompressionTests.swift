// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

@Suite struct WeightCompressionTests {
  private static let configurations: [NetworkConfiguration] =
    NetworkConfiguration.Cell.allCases.map { cell in
      var configuration = NetworkConfiguration(cell, inputSize: 3, hiddenSize: 20)
      configuration.layers = 2
      configuration.bidirectional = true
      if cell == .lstm { configuration.projectionSize = 5 }
      return configuration
    }

  private static let input = try! SequenceBatch<Float>(
    steps: 4, batchSize: 2, features: 3,
    elements: (0..<24).map { Float($0 * 7 % 11) / 5 - 1 })

  /// Rounds the matrices, but not the biases, independently of the C library.
  private func rounded(_ parameters: ParameterVector<Float>) -> ParameterVector<Float> {
    var result = parameters
    let matrices = parameters.slices.filter { !$0.name.contains("bias") }
    result.withMutableSpan { span in
      for k in matrices.flatMap({ Array($0.range) }) { span[k] = Float(Float16(span[k])) }
    }
    return result
  }

  @Test(arguments: configurations)
  func halvesHaveTheResultsOfRoundedParameters(_ configuration: NetworkConfiguration) throws {
    try compare(configuration.network(of: Float.self, seed: 3))
  }

  private func compare<Network: RecurrentNetwork<Float>>(_ network: Network) throws {
    let half = try network.compressed(.half)
    var oracle = network
    oracle.parameters = rounded(network.parameters)
    #expect(half.configuration.weightStorage == .half)
    #expect(half.parameters.elements == oracle.parameters.elements)
    let (found, expected) = (try half(Self.input), try oracle(Self.input))
    #expect(found.outputs.elements == expected.outputs.elements)
    #expect(try network(Self.input).outputs.elements != expected.outputs.elements)
    #expect(half.description.contains("weightStorage: .half"))
    let full = try half.compressed(.full)
    #expect(try full(Self.input).outputs.elements == expected.outputs.elements)
    #expect(!full.description.contains("weightStorage"))
  }

  @Test func modelsCompressTheirNetworksOnly() throws {
    let x = ModelValue.features(size: 3)
    let y = x.dense(size: 4).named("first").lstm(hiddenSize: 5).gru(hiddenSize: 6).dense(size: 2)
    let model = try Model<Float>(outputs: y.named("head"), seed: 5)
    let half = try model.compressed(.half)
    var oracle = model
    let dense = model.parameters.slices.filter { !$0.name.contains("_l0") }
    oracle.parameters = rounded(model.parameters)
    oracle.parameters.withMutableSpan { span in
      model.parameters.withSpan { own in
        for k in dense.flatMap({ Array($0.range) }) { span[k] = own[k] }
      }
    }
    #expect(half.parameters.elements == oracle.parameters.elements)
    #expect(
      try half(Self.input).output.elements == oracle(Self.input).output.elements)
    let whole = try half(Self.input).output.elements
    var stream = try half.stream(batchSize: 2)
    var steps: [Float] = []
    for t in 0..<4 {
      var output = try Matrix<Float>(rows: 2, columns: 2)
      try stream.step(Self.input.step(t), into: &output)
      steps += output.elements
    }
    #expect(steps == whole)
  }

  @Test func refusals() throws {
    let single = try LSTM<Float>(inputSize: 2, hiddenSize: 3, seed: 1)
    let double = try LSTM<Double>(inputSize: 2, hiddenSize: 3, seed: 1)
    #expect(
      throws: RecurError.unsupported(
        argument: "storage",
        reason: "is half, expected full in double precision")
    ) { try double.compressed(.half) }
    var large = single
    large.parameters.withMutableSpan { $0[0] = 65520 }
    #expect(
      throws: RecurError.invalid(
        argument: "parameters",
        reason: "has an element of weight_ih_l0 that is not below 65520, the limit of halves")
    ) { try large.compressed(.half) }
    large.parameters.withMutableSpan { $0[0] = 65519 }
    #expect(try large.compressed(.half).parameters["weight_ih_l0"]?[0, 0] == 65504)
    let half = try single.compressed(.half)
    let input = try SequenceBatch<Float>(steps: 1, batchSize: 1, features: 2)
    #expect(
      throws: RecurError.unsupported(
        argument: "weightStorage", reason: "is half, expected full in training")
    ) { try half.trainingPass(input) }
  }
}
