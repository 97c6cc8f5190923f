// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurONNX

/// The models of `Tests/golden/onnx`, with their inputs and the outputs of ONNX Runtime.
struct GoldenModels: Decodable {
  struct Tensor: Decodable {
    let shape: [Int]
    let values: [Float]
  }

  struct Case: Decodable {
    let inputs: [String: Tensor]
    let outputs: [String: Tensor]
  }

  let models: [String: Case]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "golden/onnx")

  static let all = try! JSONDecoder().decode(
    GoldenModels.self, from: Data(contentsOf: folder.appending(path: "models.json"))
  ).models

  static func url(_ name: String) -> URL { folder.appending(path: "\(name).onnx") }

  static func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url(name))) }
}

extension GoldenModels.Case {
  /// Runs a model with the inputs of the case.
  func run(_ model: ONNXModel<Float>) throws -> [String: ONNXTensor<Float>] {
    var (features, tokens): ([String: ONNXTensor<Float>], [String: ONNXTensor<Int>]) = ([:], [:])
    let tokenNames = Set(model.inputs.filter(\.isTokens).map(\.name))
    for (name, tensor) in inputs {
      if tokenNames.contains(name) {
        tokens[name] = ONNXTensor(shape: tensor.shape, elements: tensor.values.map { Int($0) })
      } else {
        features[name] = ONNXTensor(shape: tensor.shape, elements: tensor.values)
      }
    }
    return try model.run(features, tokens: tokens)
  }

  /// The largest difference of an output from that of ONNX Runtime; infinite if a shape differs.
  func difference(_ results: [String: ONNXTensor<Float>]) -> Float {
    guard results.keys.sorted() == outputs.keys.sorted() else { return .infinity }
    return outputs.reduce(0) { largest, output in
      let result = results[output.key]!
      guard result.shape == output.value.shape else { return .infinity }
      return zip(result.elements, output.value.values).reduce(largest) { largest, pair in
        let difference = abs(pair.0 - pair.1)
        return difference.isNaN ? .infinity : max(largest, difference)
      }
    }
  }
}
