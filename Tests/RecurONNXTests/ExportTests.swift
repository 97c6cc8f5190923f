// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurONNX
import Testing

@Suite("Models written as ONNX")
struct ONNXExportTests {
  @Test(
    "are read again as models with the same outputs",
    arguments: GoldenModels.all.keys.sorted().filter { !ONNXGoldenModelTests.refused.contains($0) })
  func readAgain(_ name: String) throws {
    let model = try ONNXModel<Float>(contentsOf: GoldenModels.url(name)).model
    let again = try ONNXModel<Float>(bytes: ONNXModel.bytes(of: model))
    let (steps, sequences) = (9, 3)
    var batches: [String: ModelInput<Float>] = [:]
    var (features, tokens): ([String: ONNXTensor<Float>], [String: ONNXTensor<Int>]) = ([:], [:])
    for node in model.inputs {
      if case .features(let size) = node.layer {
        let elements = (0..<steps * sequences * size).map { Float(($0 * 37) % 101) / 50 - 1 }
        let matrix = try Matrix(rows: steps * sequences, columns: size, elements: elements)
        batches[node.name] = .features(
          try SequenceBatch(steps: steps, batchSize: sequences, matrix: matrix))
        features[node.name] = ONNXTensor(shape: [steps, sequences, size], elements: elements)
      } else {
        let elements = (0..<steps * sequences).map { $0 * 5 % 11 }
        batches[node.name] = .tokens(
          try TokenBatch(steps: steps, batchSize: sequences, tokens: elements))
        tokens[node.name] = ONNXTensor(shape: [steps, sequences], elements: elements)
      }
    }
    let expected = try model(batches)
    let results = try again.run(features, tokens: tokens)
    #expect(results.keys.sorted() == expected.names.sorted())
    for name in expected.names {
      let (value, result) = (expected[name]!, results[name]!)
      #expect(result.shape == [value.steps, sequences, value.features])
      let difference = zip(value.elements, result.elements).map { abs($0 - $1) }.max() ?? 0
      #expect(difference < 1e-5)
    }
  }

  @Test("layers without an equivalent are refused")
  func refused() throws {
    let x = ModelValue.features(size: 3)
    var clamped = NetworkConfiguration(.lstm, inputSize: 3, hiddenSize: 4)
    clamped.cellClamp = 1
    var projected = NetworkConfiguration(.lstm, inputSize: 3, hiddenSize: 4)
    projected.projectionSize = 2
    var smooth = NetworkConfiguration(.simple, inputSize: 3, hiddenSize: 4)
    smooth.activation = .silu
    let residual = NetworkConfiguration(.residual, inputSize: 3, hiddenSize: 4)
    for configuration in [clamped, projected, smooth, residual] {
      let model = try Model<Float>(outputs: x.network(configuration), seed: 1)
      #expect(throws: ONNXError.self) { try ONNXModel.bytes(of: model) }
    }
  }
}
