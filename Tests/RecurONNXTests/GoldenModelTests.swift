// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurONNX
import Testing

@Suite("ONNX models of PyTorch's exporters and of single operators")
struct ONNXGoldenModelTests {
  /// Models that Recur cannot express.
  static let refused: Set<String> = []

  @Test(
    "compute the outputs of ONNX Runtime",
    arguments: GoldenModels.all.keys.sorted().filter { !refused.contains($0) })
  func outputs(_ name: String) throws {
    let model = try ONNXModel<Float>(contentsOf: GoldenModels.url(name))
    let golden = GoldenModels.all[name]!
    #expect(golden.difference(try golden.run(model)) < 2e-6)
  }
}
