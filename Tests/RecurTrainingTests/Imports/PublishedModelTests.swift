// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurTraining

/// Published models with expected outputs, which do not belong to the project: in the folder
/// `RECUR_MODELS`, or `../shared/models`. Without it, these tests are skipped.
enum PublishedModels {
  static let folder = URL(
    filePath: ProcessInfo.processInfo.environment["RECUR_MODELS"] ?? "../shared/models")

  static var exist: Bool { FileManager.default.fileExists(atPath: folder.path()) }

  static let absence: Comment = "There is no folder of published models."
}

@Suite(.enabled(if: PublishedModels.exist, PublishedModels.absence))
struct PublishedModelTests {
  private let folder = PublishedModels.folder

  private func expectNear(
    _ found: [Float], _ expected: [Float], _ tolerance: Float, _ name: String
  ) {
    #expect(found.count == expected.count, "\(name)")
    let largest = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(largest <= tolerance, "\(name): the largest difference is \(largest)")
  }

  private func column(_ path: String) throws -> [Float] {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
      .split(whereSeparator: \.isNewline).map { try #require(Float($0)) }
  }

  @Test(arguments: ["conditioned-ds1", "ht11", "ht12", "lstm-lpb1"])
  func guitars(name: String) throws {
    let imported = try ImportedModel<Float>(
      contentsOf: folder.appending(path: "guitar/\(name).json"))
    let expected = try SafeTensors(
      contentsOf: folder.appending(path: "guitar/expected.safetensors"))
    let x: Matrix<Float> = try #require(expected["\(name).x"]).matrix()
    let y: [Float] = try #require(expected["\(name).y"]).elements()
    let input = try SequenceBatch(steps: x.rows, batchSize: 1, matrix: x)
    let whole = try imported.model(input).output
    expectNear(whole.elements, y, 1e-5, name)
    var stream = try imported.model.stream(batchSize: 1, steps: 64)
    for first in stride(from: 0, to: x.rows - 63, by: 64) {
      let block = try stream.step([.features(input[steps: first..<first + 64])])[0]
      #expect(try block.elements == whole[steps: first..<first + 64].elements)
    }
  }

  /// TensorFlow computed the outputs in single precision.
  private func expectRTNeural<Scalar: RecurScalar>(
    _ name: String, _ scalar: Scalar.Type, _ tolerance: Float
  ) throws {
    let imported = try ImportedModel<Scalar>(
      contentsOf: folder.appending(path: "rtneural/\(name).json"))
    let (x, y) = try (
      column("rtneural/\(name)_x_python.csv"), column("rtneural/\(name)_y_python.csv")
    )
    let input = try SequenceBatch<Scalar>(
      steps: x.count, batchSize: 1, features: 1, elements: x.map { Scalar($0) })
    let output = try imported.model(input).output.elements.map { Float($0) }
    expectNear(output, y, tolerance, name)
    // Written and read again, the parameters are the same.
    let again = try ImportedModel<Scalar>(imported.model.rtNeural("test"), path: "test")
    #expect(again.model.parameters.elements == imported.model.parameters.elements)
  }

  @Test(arguments: ["conv", "dense", "gru", "lstm"]) func rtNeural(name: String) throws {
    try expectRTNeural(name, Double.self, 1e-6)
    try expectRTNeural(name, Float.self, 1e-6)
  }

  @Test func everyLayerOfRTNeuralTogether() throws {
    let imported = try ImportedModel<Float>(
      contentsOf: folder.appending(path: "rtneural/full_model.json"))
    #expect(
      imported.model.graph.nodes.map(\.name) == [
        "x", "dense_0", "dense_0_activation", "conv1d_1", "conv1d_1_activation", "gru_2", "dense_3",
      ])
  }

  @Test(arguments: ["gru", "lstm"]) func rtNeuralFromPyTorch(cell: String) throws {
    let x = ModelValue.features(size: 1)
    func network(_ value: ModelValue, _ layers: Int) -> ModelValue {
      cell == "gru"
        ? value.gru(hiddenSize: 8, layers: layers) : value.lstm(hiddenSize: 8, layers: layers)
    }
    let h = network(network(x, 1).named(cell), 3).named("\(cell)2")
    let graph = ModelGraph(outputs: h.dense(size: 1).named("dense"))
    func expect<Scalar: RecurScalar>(_ scalar: Scalar.Type, _ tolerance: Float) throws {
      var model = try Model<Scalar>(graph)
      try model.parameters.load(
        SafeTensors(contentsOfJSON: folder.appending(path: "rtneural/\(cell)_torch.json")))
      let (input, y) = try (
        column("rtneural/\(cell)_torch_x_python.csv"),
        column("rtneural/\(cell)_torch_y_python.csv")
      )
      let batch = try SequenceBatch<Scalar>(
        steps: input.count, batchSize: 1, features: 1, elements: input.map { Scalar($0) })
      expectNear(try model(batch).output.elements.map { Float($0) }, y, tolerance, cell)
    }
    try expect(Double.self, 1e-6)
    try expect(Float.self, 1e-6)
  }

  /// Rows of the outputs are channels, and columns steps.
  @Test(arguments: [1, 3]) func rtNeuralConvolutionFromPyTorch(stride: Int) throws {
    let suffix = stride == 1 ? "" : "_stride_\(stride)"
    var convolution = Convolution(over: .steps, outputSize: 12, kernelSize: 5)
    convolution.stride = stride
    let x = ModelValue.features(size: 1)
    let graph = ModelGraph(outputs: x.convolution(convolution).named("c"))
    let file = try SafeTensors(
      contentsOfJSON: folder.appending(path: "rtneural/conv1d_torch\(suffix).json"))
    let input = try column("rtneural/conv1d_torch_x_python\(suffix).csv")
    let y = try String(
      contentsOf: folder.appending(path: "rtneural/conv1d_torch_y_python\(suffix).csv"),
      encoding: .utf8
    ).split(whereSeparator: \.isNewline).map { row in
      try row.split(separator: ",").map { try #require(Float($0)) }
    }
    func expect<Scalar: RecurScalar>(_ scalar: Scalar.Type, _ tolerance: Float) throws {
      var model = try Model<Scalar>(graph)
      try model.parameters.load(file, names: ["": "c."])
      let batch = try SequenceBatch<Scalar>(
        steps: input.count, batchSize: 1, features: 1, elements: input.map { Scalar($0) })
      let output = try model(batch).output
      let columns = output.elements.map { Float($0) }
      for (channel, expected) in y.enumerated() {
        let found = Swift.stride(from: channel, to: columns.count, by: 12).map { columns[$0] }
        expectNear(found, expected, tolerance, "channel \(channel)")
      }
    }
    try expect(Double.self, 1e-6)
    try expect(Float.self, 1e-6)
  }

  @Test func amplifierWithInitialStates() throws {
    let imported = try ImportedModel<Float>(contentsOf: folder.appending(path: "nam/lstm.nam"))
    #expect(imported.format == .nam && imported.sampleRate == 48000)
    let silence = try SequenceBatch<Float>(steps: 24000, batchSize: 1, features: 1)
    let output = try imported.model(silence, initialState: imported.initialState).output.elements
    // The state has settled after half a second of silence.
    #expect(output.allSatisfy { $0.isFinite })
    #expect(abs(output[23999] - output[23000]) < 1e-6)
  }
}
