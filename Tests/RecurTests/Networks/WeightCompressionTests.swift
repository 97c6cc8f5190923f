// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

@Suite struct WeightCompressionTests {
  private static let configurations: [NetworkConfiguration] =
    NetworkConfiguration.Cell.allCases.map { cell in
      var configuration = NetworkConfiguration(cell, inputSize: 3, hiddenSize: 256)
      configuration.bidirectional = true
      if cell == .lstm { configuration.projectionSize = 64 }
      return configuration
    }

  private static let input = try! SequenceBatch<Float>(
    steps: 4, batchSize: 2, features: 3,
    elements: (0..<24).map { Float($0 * 7 % 11) / 5 - 1 })

  private static func half(_ row: [Float]) -> [Float] { row.map { Float(Float16($0)) } }

  /// Multiples of the unit of 8 significant bits.
  private static func bfloat16(_ row: [Float]) -> [Float] {
    row.map { x in
      let unit = x.ulp * 0x1p16
      return (x / unit).rounded(.toNearestOrEven) * unit
    }
  }

  /// Multiples of the maximum / 127, which is rounded to 16 significant bits.
  private static func int8(_ row: [Float]) -> [Float] {
    let exact = (row.map(\.magnitude).max() ?? 0) / 127
    let unit = exact.ulp * 256
    let scale = (exact / unit).rounded(.toNearestOrAwayFromZero) * unit
    return row.map { scale * min(max(($0 / scale).rounded(.toNearestOrEven), -127), 127) + 0 }
  }

  /// Rounds the rows of some slices, independently of the C library.
  private static func rounded(
    _ parameters: ParameterVector<Float>, _ round: ([Float]) -> [Float], _ names: [String]
  ) -> ParameterVector<Float> {
    var (elements, result) = (parameters.elements, parameters)
    for slice in parameters.slices where names.contains(where: { slice.name.contains($0) }) {
      for row in 0..<slice.rows {
        let range = slice.offset + row * slice.columns..<slice.offset + (row + 1) * slice.columns
        elements.replaceSubrange(range, with: round(Array(elements[range])))
      }
    }
    result.withMutableSpan { span in for k in span.indices { span[k] = elements[k] } }
    return result
  }

  @Test(arguments: configurations)
  func parametersAreRounded(_ configuration: NetworkConfiguration) throws {
    try compareRounding(configuration.network(of: Float.self, seed: 3))
  }

  private func compareRounding<Network: RecurrentNetwork<Float>>(_ network: Network) throws {
    let int8 = try network.compressed(.int8)
    let integers = Self.rounded(network.parameters, Self.int8, ["weight_ih", "weight_hh"])
    #expect(int8.parameters.elements == integers.elements)
    #expect(try int8.compressed(.int8).parameters.elements == integers.elements)
    #expect(int8.configuration.weightStorage == .int8)
    try compareRounding(network, to: .half, Self.half)
    try compareRounding(network, to: .bfloat16, Self.bfloat16)
  }

  /// The outputs are those of a full network with the rounded parameters.
  private func compareRounding<Network: RecurrentNetwork<Float>>(
    _ network: Network, to storage: NetworkConfiguration.WeightStorage,
    _ round: ([Float]) -> [Float]
  ) throws {
    let narrow = try network.compressed(storage)
    let rounded = Self.rounded(network.parameters, round, ["weight_ih", "weight_hh", "weight_hr"])
    #expect(narrow.parameters.elements == rounded.elements)
    #expect(narrow.description.contains("weightStorage: .\(storage)"))
    let full = try narrow.compressed(.full)
    #expect(full.parameters.elements == rounded.elements)
    #expect(!full.description.contains("weightStorage"))
    let outputs = try narrow(Self.input).outputs.elements
    #expect(try outputs == full(Self.input).outputs.elements)
    #expect(try outputs != network(Self.input).outputs.elements)
  }

  /// One sequence of a batch has the bits of the sequence alone.
  @Test(arguments: configurations)
  func integersDoNotDependOnTheBatch(_ configuration: NetworkConfiguration) throws {
    try compareBatches(configuration.network(of: Float.self, seed: 4))
  }

  private func compareBatches<Network: RecurrentNetwork<Float>>(_ network: Network) throws {
    let int8 = try network.compressed(.int8)
    let both = try int8(Self.input).outputs
    #expect(try both.elements != int8.compressed(.full)(Self.input).outputs.elements)
    for b in 0..<2 {
      let x = try SequenceBatch<Float>(
        steps: 4, batchSize: 1, features: 3,
        elements: (0..<4).flatMap { t in (0..<3).map { Self.input[t, b, $0] } })
      let alone = try int8(x).outputs
      for t in 0..<4 {
        #expect((0..<alone.features).allSatisfy { alone[t, 0, $0] == both[t, b, $0] })
      }
    }
  }

  private static func model() throws -> Model<Float> {
    let x = ModelValue.features(size: 3)
    let first = x.dense(size: 4).lstm(hiddenSize: 128).named("large")
    return try Model(
      outputs: first.gru(hiddenSize: 6).named("small").dense(size: 2).named("head"), seed: 5)
  }

  @Test(arguments: [NetworkConfiguration.WeightStorage.half, .bfloat16, .int8])
  func modelsCompressTheirLargeNetworks(storage: NetworkConfiguration.WeightStorage) throws {
    let round =
      switch storage {
      case .half: Self.half
      case .bfloat16: Self.bfloat16
      default: Self.int8
      }
    let model = try Self.model()
    let compressed = try model.compressed(storage)
    let expected = Self.rounded(
      model.parameters, round, ["large.weight_ih", "large.weight_hh"])
    #expect(compressed.parameters.elements == expected.elements)
    let storages = compressed.graph.nodes.compactMap { node in
      if case .network(let configuration) = node.layer { configuration.weightStorage } else { nil }
    }
    #expect(storages == [storage, .full])
    let whole = try compressed(Self.input).output.elements
    var stream = try compressed.stream(batchSize: 2)
    var steps: [Float] = []
    for t in 0..<4 {
      var output = try Matrix<Float>(rows: 2, columns: 2)
      try stream.step(Self.input.step(t), into: &output)
      steps += output.elements
    }
    #expect(steps == whole)
  }

  private func expect(_ message: String, _ body: () throws -> Void) {
    #expect(performing: body, throws: { "\($0)" == message })
  }

  @Test func refusals() throws {
    let single = try LSTM<Float>(inputSize: 2, hiddenSize: 128, seed: 1)
    let double = try LSTM<Double>(inputSize: 2, hiddenSize: 128, seed: 1)
    expect("storage is half, expected full in double precision") {
      _ = try double.compressed(.half)
    }
    expect("storage is int8, expected full for a W_hh of 1024 elements, fewer than 16384") {
      _ = try LSTM<Float>(inputSize: 2, hiddenSize: 16, seed: 1).compressed(.int8)
    }
    expect("storage is half, expected full for a W_hh of 108 elements, fewer than 65536") {
      let x = ModelValue.features(size: 3)
      _ = try Model<Float>(outputs: x.gru(hiddenSize: 6), seed: 1).compressed(.half)
    }
    expect("model has no recurrent network") {
      _ = try Model<Float>(outputs: .features(size: 3).dense(size: 1), seed: 1).compressed(.half)
    }
    var large = single
    large.parameters.withMutableSpan { $0[0] = 65520 }
    expect("parameters has an element of weight_ih_l0 that is not below 65520, the limit of halves")
    {
      _ = try large.compressed(.half)
    }
    large.parameters.withMutableSpan { $0[0] = 65519 }
    #expect(try large.compressed(.half).parameters["weight_ih_l0"]?[0, 0] == 65504)
    let input = try SequenceBatch<Float>(steps: 1, batchSize: 1, features: 2)
    expect("weightStorage is int8, expected full in training") {
      _ = try single.compressed(.int8).trainingPass(input)
    }
  }
}
