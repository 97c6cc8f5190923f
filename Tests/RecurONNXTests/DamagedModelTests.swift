// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurONNX
import Testing

@Suite("ONNX models that are damaged")
struct ONNXDamagedModelTests {
  /// Each weight matters, and each at its place.
  @Test("a tensor with its elements reversed changes the outputs or is refused")
  func reversedTensors() throws {
    try forEachTensor { name, golden, graph, k in
      var tensor = WireMessage(graph[5][k])
      let raw = tensor[9].first ?? []
      let elements = stride(from: 0, to: raw.count, by: 4).map {
        Array(raw[$0..<min($0 + 4, raw.count)])
      }
      guard isFloat(tensor), elements != elements.reversed() else { return }
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

  /// Some of these models are valid; none may end the process.
  @Test("models with changed bytes are read or refused")
  func changedBytes() throws {
    var random = SplitMix(seed: 20_261_129)
    let names = GoldenModels.all.keys.sorted()
    var (read, refused) = (0, 0)
    for k in 0..<4000 {
      let name = names[k % names.count]
      var bytes = try GoldenModels.bytes(name)
      for _ in 0..<(1 + random.next() % 3) {
        let place = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 4 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes[place] ^= 1 << UInt8(random.next() % 8)
        case 2: bytes.remove(at: place)
        default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
        }
      }
      do {
        let model = try ONNXModel<Float>(bytes: bytes)
        read += 1
        _ = try? GoldenModels.all[name]!.run(model)
      } catch { refused += 1 }
    }
    #expect(read > 100 && refused > 100)
  }
}

private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
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
