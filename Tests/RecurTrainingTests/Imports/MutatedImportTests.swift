// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

/// 10,000 changed files of each JSON format. Each is read, and its model runs; or an error is thrown.
@Suite struct MutatedImportTests {
  static let guitar = """
    {"model_data": {"model": "SimpleRNN", "input_size": 1, "skip": 1, "output_size": 1, "unit_type": "GRU",
    "num_layers": 1, "hidden_size": 2, "bias_fl": true}, "state_dict": {
    "rec.weight_ih_l0": [[0.1], [0.2], [0.3], [0.4], [0.5], [0.6]],
    "rec.weight_hh_l0": [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6], [0.1, 0.2], [0.3, 0.4], [0.5, 0.6]],
    "rec.bias_ih_l0": [1, 2, 3, 4, 5, 6], "rec.bias_hh_l0": [6, 5, 4, 3, 2, 1],
    "lin.weight": [[0.5, -0.5]], "lin.bias": [0.25]}}
    """
  static let nam = """
    {"version": "0.5.4", "architecture": "LSTM", "sample_rate": 48000,
    "config": {"input_size": 1, "hidden_size": 1, "num_layers": 1},
    "weights": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1, 2, 3, 4, 0.5, 0.25, 1.5, 0.125]}
    """
  static let rtNeural = """
    {"in_shape": [null, null, 2], "layers": [
    {"type": "conv1d", "activation": "relu", "shape": [null, null, 2], "kernel_size": [2], "dilation": [2],
    "groups": 2, "weights": [[[[0.5, 0.25]], [[1, 2]]], [0, 1]]},
    {"type": "batchnorm", "activation": "", "shape": [null, null, 2], "epsilon": 0.001,
    "weights": [[1, 2], [3, 4], [0.5, 0.25], [1, 0.5]]},
    {"type": "prelu", "activation": "", "shape": [null, null, 2], "weights": [[[0.5, 0.125]]]},
    {"type": "gru", "activation": "tanh", "shape": [null, null, 1],
    "weights": [[[1, 2, 3], [4, 5, 6]], [[0.1, 0.2, 0.3]], [[1, 2, 3], [3, 2, 1]]]},
    {"type": "dense", "activation": "softmax", "shape": [null, null, 2], "weights": [[[0.5, 1]], [1, 0]]}]}
    """

  @Test(arguments: [guitar, nam, rtNeural]) func modelsAreReadOrRefused(_ text: String) throws {
    var generator = SplitMix64(seed: 1)
    var (accepted, refused) = (0, 0)
    _ = try ImportedModel<Float>(Data(text.utf8), path: "test")
    for _ in 0..<10_000 {
      let file = Data(mutant(of: Array(text.utf8), &generator))
      guard let imported = read(file) else {
        refused += 1
        continue
      }
      accepted += 1
      guard case .features(let size) = imported.model.inputs[0].layer, size < 1000 else {
        continue
      }
      let x = try SequenceBatch<Float>(steps: 2, batchSize: 1, features: size)
      let output = try imported.model(x, initialState: imported.initialState).output
      #expect(output.steps == 2)
    }
    #expect(accepted > 100 && refused > 100, "\(accepted) read, \(refused) refused")
  }

  /// Returns nil if a file is refused.
  private func read(_ file: Data) -> ImportedModel<Float>? {
    do { return try ImportedModel<Float>(file, path: "test") } catch { return nil }
  }

  @Test func stateDictsAreReadOrRefused() throws {
    let text = #"{"a.weight": [[1, 2.5], [3, 4]], "a.bias": [0.5, -1e3], "n": 7, "empty": []}"#
    var generator = SplitMix64(seed: 2)
    var (read, refused) = (0, 0)
    for _ in 0..<10_000 {
      let file = Data(mutant(of: Array(text.utf8), &generator))
      guard let tensors = try? SafeTensors(json: file, path: "test").tensors else {
        refused += 1
        continue
      }
      read += 1
      for tensor in tensors {
        let elements = try tensor.elements(as: Float.self)
        #expect(elements.count == tensor.shape.reduce(1, *))
      }
    }
    #expect(read > 100 && refused > 100, "\(read) read, \(refused) refused")
  }

  @Test func graphsAreReadOrRefused() throws {
    let text = """
      {"nodes": [{"name": "x", "kind": "features", "size": 2}, {"name": "c", "kind": "convolution", "from": ["x"],
      "convolution": {"axis": "steps", "outputSize": 2, "kernelSize": 2, "before": 1}},
      {"name": "n", "kind": "network", "from": ["c"], "network": {"cell": "lstm", "inputSize": 2, "hiddenSize": 3}},
      {"name": "y", "kind": "dense", "from": ["n"], "size": 1, "bias": true, "output": true}]}
      """
    _ = try ModelGraph(json: text)
    var generator = SplitMix64(seed: 3)
    var (read, refused) = (0, 0)
    for _ in 0..<10_000 {
      let json = String(decoding: mutant(of: Array(text.utf8), &generator), as: UTF8.self)
      do throws(RecurError) {
        let graph = try ModelGraph(json: json)
        guard try graph.parameterCounts.elements < 100_000 else { continue }
        let model = try Model<Float>(graph)
        #expect(try ModelGraph(json: model.graph.json) == model.graph)
        read += 1
      } catch { refused += 1 }
    }
    #expect(read > 100 && refused > 100, "\(read) read, \(refused) refused")
  }
}
