// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurONNX
import TestSupport
import Testing

@Suite("ONNX models that are damaged")
struct ONNXDamagedModelTests {
  /// Each weight matters, and each at its place, except for the bias that a model multiplies by 0.
  @Test("a tensor with its elements reversed changes the outputs or is refused")
  func reversedTensors() throws {
    try forEachTensor { name, golden, graph, k in
      var tensor = WireMessage(graph[5][k])
      let raw = tensor[9].first ?? []
      let elements = stride(from: 0, to: raw.count, by: 4).map {
        Array(raw[$0..<min($0 + 4, raw.count)])
      }
      guard isFloat(tensor), elements != elements.reversed() else { return }
      if name == "bias_times_zero", tensor[8] == [Array("bias".utf8)] { return }
      tensor[9] = [Array(elements.reversed().joined())]
      graph[5][k] = tensor.bytes
      let isChanged = try golden.isChangedOrRefused(model(name, graph))
      #expect(isChanged, "\(name): tensor \(k)")
    }
  }

  @Test("a tensor that is dropped, or has twice its elements, is refused")
  func droppedTensors() throws {
    try forEachTensor { name, _, graph, k in
      let tensor = WireMessage(graph[5][k])
      var dropped = graph
      dropped[5].remove(at: k)
      #expect(throws: ONNXError.self, "\(name): tensor \(k)") {
        try ONNXModel<Float>(bytes: model(name, dropped))
      }
      var twice = graph
      twice[5].append(twice[5][k])
      #expect(throws: ONNXError.self, "\(name): tensor \(k)") {
        try ONNXModel<Float>(bytes: model(name, twice))
      }
      guard let raw = tensor[9].first, !raw.isEmpty else { return }
      var doubled = tensor
      doubled[9] = [raw + raw]
      graph[5][k] = doubled.bytes
      #expect(throws: ONNXError.self, "\(name): tensor \(k)") {
        try ONNXModel<Float>(bytes: model(name, graph))
      }
    }
  }

  @Test("files that end early are refused")
  func truncatedFiles() throws {
    for name in ["lstm_states_legacy", "positions"] {
      let bytes = try GoldenModels.bytes(name)
      for count in stride(from: 0, to: bytes.count, by: 7) {
        #expect(throws: ONNXError.self, "\(name), \(count) bytes") {
          try ONNXModel<Float>(bytes: Array(bytes[..<count]))
        }
      }
    }
  }

  @Test("truncated files, and those of another format, are named")
  func otherFiles() throws {
    let bytes = try GoldenModels.bytes("lstm_legacy")
    let safetensors = [UInt8](repeating: 0, count: 8) + Array("{\"a\": 1}".utf8)
    for (file, reason) in [
      (Array(bytes[..<(bytes.count / 2)]), "the message is truncated or damaged: a field has "),
      (safetensors, "the file is a safetensors file, expected an ONNX model"),
    ] {
      let error = #expect(throws: ONNXError.self) { try ONNXModel<Float>(bytes: file) }
      #expect(error.map { "\($0)" }?.hasPrefix(reason) == true, "\(error.map { "\($0)" } ?? "")")
    }
  }

  /// Some of these models are valid; none may end the process.
  @Test("10,000 models with changed bytes are read or refused")
  func changedBytes() throws {
    var generator = SplitMix64(seed: 20_261_129)
    let names = GoldenModels.all.keys.sorted()
    let files = try names.map { try GoldenModels.bytes($0) }
    var (read, refused) = (0, 0)
    for k in 0..<10_000 {
      let bytes = mutant(of: files[k % files.count], &generator)
      do {
        let model = try ONNXModel<Float>(bytes: bytes, folder: GoldenModels.folder)
        read += 1
        _ = try? GoldenModels.all[names[k % files.count]]!.run(model)
      } catch { refused += 1 }
    }
    #expect(read > 500 && refused > 500, "\(read) read, \(refused) refused")
  }
}

/// Calls `body` with each tensor of each model that Recur can read.
private func forEachTensor(
  _ body: (String, GoldenModels.Case, inout WireMessage, Int) throws -> Void
) throws {
  for (name, golden) in GoldenModels.all.sorted(by: { $0.key < $1.key })
  where !ONNXGoldenModelTests.refused.contains(name) {
    let graph = WireMessage(WireMessage(try GoldenModels.bytes(name))[7][0])
    for k in graph[5].indices {
      var changed = graph
      try body(name, golden, &changed, k)
    }
  }
}

private func model(_ name: String, _ graph: WireMessage) throws -> [UInt8] {
  var model = WireMessage(try GoldenModels.bytes(name))
  model[7] = [graph.bytes]
  return model.bytes
}

private func isFloat(_ tensor: WireMessage) -> Bool {
  tensor.fields.contains { if case .varint(2, 1) = $0 { true } else { false } }
}

extension GoldenModels.Case {
  fileprivate func isChangedOrRefused(_ bytes: [UInt8]) throws -> Bool {
    guard let model = try? ONNXModel<Float>(bytes: bytes) else { return true }
    return difference(try run(model)) > 1e-5
  }
}
