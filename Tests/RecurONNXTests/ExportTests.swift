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

  @Test("have the states of networks as inputs and outputs, if they shall")
  func states() throws {
    let x = ModelValue.features(size: 3).named("x")
    let h = x.lstm(hiddenSize: 4, layers: 2).named("first").gru(hiddenSize: 5).named("second")
    let model = try Model<Float>(outputs: h.dense(size: 2).named("y"), seed: 1)
    let onnx = try ONNXModel<Float>(bytes: ONNXModel.bytes(of: model, states: true))
    #expect(
      onnx.states.map(\.name) == [
        "first.h", "first.c", "second.h", "first.h.final", "first.c.final", "second.h.final",
      ])
    let shapes: [[Int?]] = [[2, nil, 4], [2, nil, 4], [1, nil, 5]]
    #expect(onnx.states.map(\.shape) == shapes + shapes)
    let elements: [Float] = (0..<42).map { Float(($0 * 37) % 101) / 50 - 1 }
    let whole = try onnx.run(["x": ONNXTensor(shape: [7, 2, 3], elements: elements)])
    let first = try onnx.run(["x": ONNXTensor(shape: [3, 2, 3], elements: Array(elements[..<18]))])
    var rest = ["x": ONNXTensor<Float>(shape: [4, 2, 3], elements: Array(elements[18...]))]
    for state in ["first.h", "first.c", "second.h"] { rest[state] = first[state + ".final"] }
    let second = try onnx.run(rest)
    #expect(first["y"]!.elements + second["y"]!.elements == whole["y"]!.elements)
    for state in ["first.h", "first.c", "second.h"] {
      #expect(second[state + ".final"] == whole[state + ".final"])
    }
  }

  @Test("have no states if a layer has one that ONNX does not have")
  func statesOfOtherLayers() throws {
    let x = ModelValue.features(size: 3).named("x")
    let causal = x.convolution(.causal(outputSize: 2, kernelSize: 3)).named("c")
    let cases: [(ModelValue, String)] = [
      (
        x.gru(hiddenSize: 2, bidirectional: true),
        "model needs whole sequences, so that it has no final state"
      ),
      (
        causal.gru(hiddenSize: 2),
        "model has the convolution c, whose state an ONNX model cannot have"
      ),
    ]
    for (value, reason) in cases {
      let model = try Model<Float>(outputs: value, seed: 1)
      let error = #expect(throws: ONNXError.self) { try ONNXModel.bytes(of: model, states: true) }
      #expect(error.map { "\($0)" } == reason)
      _ = try ONNXModel.bytes(of: model)
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
