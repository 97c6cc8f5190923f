// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport
import Recur
import RecurONNX

// The input is an ONNX file; or, after the sign #, the text of its messages.

func onnxTarget(_ input: Data) throws {
  let isText = input.first == UInt8(ascii: "#")
  let bytes = isText ? ProtobufText(input.dropFirst()).bytes : [UInt8](input)
  let imported = try ONNXModel<Float>(bytes: bytes)
  run(imported.model)
  runInShapesOfONNX(imported)
  for states in [false, true] {
    let written = accepted { try ONNXModel<Float>.bytes(of: imported.model, states: states) }
    if let written { _ = accepted { try ONNXModel<Float>(bytes: written) } }
  }
}

/// Runs the model with tensors of three steps of two sequences.
private func runInShapesOfONNX(_ imported: ONNXModel<Float>) {
  let (mostElements, mostParameters) = (1 << 14, 50_000)
  guard imported.model.parameters.count <= mostParameters else { return }
  var (features, tokens): ([String: ONNXTensor<Float>], [String: ONNXTensor<Int>]) = ([:], [:])
  for port in imported.inputs {
    let shape = port.axes.map { axis in
      axis.size ?? (axis.roles == [.steps] ? 3 : axis.roles == [.sequences] ? 2 : 1)
    }
    var count = 1
    for size in shape {
      guard size <= mostElements, count <= mostElements else { return }
      count *= size
    }
    guard count <= mostElements else { return }
    if port.isTokens {
      tokens[port.name] = ONNXTensor(shape: shape, elements: Array(repeating: 0, count: count))
    } else {
      features[port.name] = ONNXTensor(
        shape: shape, elements: (0..<count).map { Float($0 % 5) / 4 })
    }
  }
  guard let results = accepted({ try imported.run(features, tokens: tokens) }) else { return }
  let expected = imported.outputs.map(\.name) + imported.states.filter { !$0.isInput }.map(\.name)
  check(results.keys.sorted() == expected.sorted(), "outputs \(results.keys)")
}
