// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

@Suite struct GraphFileTests {
  /// The C test of model files writes this file, too.
  @Test func writesTheBytesOfTheCLibrary() throws {
    let golden = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../golden/model.safetensors").standardized
    let file = try SafeTensors(contentsOf: golden)
    let model = try Model<Float>(file)
    let folder = try TemporaryFolder()
    try model.save(to: folder["model"], info: try file.info)
    #expect(try Data(contentsOf: folder["model"]) == Data(contentsOf: golden))
    #expect(try file.info == ["a": "", "vocabulary": "\n\t \"\u{1b}/\\u001B\u{2603}"])
  }

  private static func compressed() throws -> Model<Float> {
    var lstm = NetworkConfiguration(.lstm, inputSize: 2, hiddenSize: 6)
    lstm.projectionSize = 4
    let value = ModelValue.features(size: 2).network(lstm).named("lstm")
    return try Model(outputs: value.dense(size: 3).named("head"), seed: 4).compressed(.half)
  }

  @Test func halvesAreStoredAsHalves() throws {
    let model = try Self.compressed()
    let folder = try TemporaryFolder()
    try model.save(to: folder["half"])
    let file = try SafeTensors(contentsOf: folder["half"])
    #expect(
      file.tensors.map { "\($0.name) \($0.type.rawValue) \($0.bytes.count)" } == [
        "lstm.weight_ih_l0 F16 96", "lstm.weight_hh_l0 F16 192", "lstm.bias_ih_l0 F32 96",
        "lstm.bias_hh_l0 F32 96", "lstm.weight_hr_l0 F16 48", "head.weight F32 48",
        "head.bias F32 12",
      ])
    let back = try Model<Float>(file)
    #expect(back.graph == model.graph)
    #expect(back.parameters == model.parameters)
  }

  /// The C library writes all parameters with the precision of the vector.
  @Test func halvesMayBeStoredInSinglePrecision() throws {
    let model = try Self.compressed()
    var file = try model.file(.model, [:], "test")
    file.tensors = try file.tensors.map {
      try SafeTensors.Tensor($0.name, shape: $0.shape, elements: $0.elements(as: Float.self))
    }
    #expect(try Model<Float>(SafeTensors(bytes: file.bytes)).parameters == model.parameters)
  }

  /// Tensors that the model does not store as halves, or with another number of elements.
  @Test(arguments: [
    ("head.weight", [3, 4], "head.weight is of type F16, expected F32"),
    ("lstm.weight_hh_l0", [24, 5], "lstm.weight_hh_l0 has shape [24, 5], expected [24, 4]"),
  ])
  func unexpectedHalvesAreRefused(name: String, shape: [Int], message: String) throws {
    var file = try Self.compressed().file(.model, [:], "test")
    let index = try #require(file.tensors.firstIndex { $0.name == name })
    file.tensors[index] = .init(
      name: name, type: .float16, shape: shape, bytes: Data(count: 2 * shape.reduce(1, *)))
    let changed = try SafeTensors(bytes: file.bytes)
    #expect(performing: { try Model<Float>(changed) }, throws: { "\($0)".contains(message) })
  }
}
