// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecurFiles
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

  private static func full() throws -> Model<Float> {
    var lstm = NetworkConfiguration(.lstm, inputSize: 2, hiddenSize: 256)
    lstm.projectionSize = 64
    let value = ModelValue.features(size: 2).network(lstm).named("lstm")
    return try Model(outputs: value.dense(size: 3).named("head"), seed: 4)
  }

  private static func compressed(
    _ storage: NetworkConfiguration.WeightStorage
  ) throws -> Model<Float> {
    try full().compressed(storage)
  }

  private static let tensors: [NetworkConfiguration.WeightStorage: [String]] = [
    .half: [
      "lstm.weight_ih_l0 F16 4096", "lstm.weight_hh_l0 F16 131072", "lstm.bias_ih_l0 F32 4096",
      "lstm.bias_hh_l0 F32 4096", "lstm.weight_hr_l0 F16 32768", "head.weight F32 768",
      "head.bias F32 12",
    ],
    .bfloat16: [
      "lstm.weight_ih_l0 BF16 4096", "lstm.weight_hh_l0 BF16 131072", "lstm.bias_ih_l0 F32 4096",
      "lstm.bias_hh_l0 F32 4096", "lstm.weight_hr_l0 BF16 32768", "head.weight F32 768",
      "head.bias F32 12",
    ],
    .int8: [
      "lstm.weight_ih_l0 I8 2048", "lstm.weight_ih_l0.scale F32 4096",
      "lstm.weight_hh_l0 I8 65536", "lstm.weight_hh_l0.scale F32 4096",
      "lstm.bias_ih_l0 F32 4096", "lstm.bias_hh_l0 F32 4096", "lstm.weight_hr_l0 F32 65536",
      "head.weight F32 768", "head.bias F32 12",
    ],
  ]

  @Test(arguments: tensors)
  func matricesAreStoredAsInInference(
    storage: NetworkConfiguration.WeightStorage, tensors: [String]
  ) throws {
    let model = try Self.compressed(storage)
    let folder = try TemporaryFolder()
    try model.save(to: folder["small"])
    let file = try SafeTensors(contentsOf: folder["small"])
    #expect(file.tensors.map { "\($0.name) \($0.type.rawValue) \($0.bytes.count)" } == tensors)
    let back = try Model<Float>(file)
    #expect(back.graph == model.graph)
    #expect(back.parameters == model.parameters)
  }

  @Test(arguments: [NetworkConfiguration.WeightStorage.half, .bfloat16, .int8])
  func theCLibraryWritesTheSameBytes(storage: NetworkConfiguration.WeightStorage) throws {
    let model = try Self.compressed(storage)
    let folder = try TemporaryFolder()
    try model.save(to: folder["swift"])
    var json = try model.graph.json
    let inC = json.withUTF8 { recur_model_from_json($0.baseAddress, $0.count) }
    defer { recur_model_free(inC) }
    var parameters = try Self.full().parameters.elements
    let status = parameters.withUnsafeMutableBufferPointer { elements in
      var theta = gsl_vector_float()
      theta.size = elements.count
      theta.stride = 1
      theta.data = elements.baseAddress
      return recur_model_file_float_write(folder["c"].path, inC, &theta, nil, 0)
    }
    #expect(status == 0)
    #expect(try Data(contentsOf: folder["c"]) == Data(contentsOf: folder["swift"]))
  }

  /// Other programs may write all parameters in single precision.
  @Test(arguments: [NetworkConfiguration.WeightStorage.half, .bfloat16, .int8])
  func matricesMayBeStoredInSinglePrecision(
    storage: NetworkConfiguration.WeightStorage
  ) throws {
    let model = try Self.compressed(storage)
    let full = try model.compressed(.full).file(.model, [:], "test")
    var file = try model.file(.model, [:], "test")
    file.tensors = full.tensors
    #expect(try Model<Float>(SafeTensors(bytes: file.bytes)).parameters == model.parameters)
  }

  @Test func bothTypesOf16BitsAreRead() throws {
    let half = try Self.compressed(.half)
    var file = try Self.compressed(.bfloat16).file(.model, [:], "test")
    file.tensors = try half.file(.model, [:], "test").tensors
    #expect(try Model<Float>(SafeTensors(bytes: file.bytes)).parameters == half.parameters)
  }

  @Test(arguments: [
    (NetworkConfiguration.WeightStorage.half, Float(65520), "65520, the limit of halves"),
    (.bfloat16, -0x1.FFp127, "3.39617e38, the limit of bfloat16"),
  ])
  func elementsBeyondTheStorageAreNotSaved(
    storage: NetworkConfiguration.WeightStorage, element: Float, limit: String
  ) throws {
    var model = try Self.compressed(storage)
    model.parameters.withMutableSpan { $0[7] = element }
    let message =
      "cannot store \(element) at index 7 of lstm.weight_ih_l0, expected a magnitude below \(limit)"
    #expect(
      performing: { try model.file(.model, [:], "test") },
      throws: { "\($0)".contains(message) })
  }

  /// Tensors that the model does not store in this way, or with another shape.
  @Test(
    arguments: [
      ("head.weight", .float16, [3, 64], "head.weight is of type F16, expected F32"),
      ("lstm.weight_hr_l0", .int8, [64, 256], "lstm.weight_hr_l0 is of type I8, expected F32"),
      (
        "lstm.weight_hh_l0", .float16, [1024, 64], "lstm.weight_hh_l0 is of type F16, expected F32"
      ),
      (
        "lstm.weight_hh_l0", .bfloat16, [1024, 64],
        "lstm.weight_hh_l0 is of type BF16, expected F32"
      ),
      (
        "lstm.weight_hh_l0", .int8, [1024, 65],
        "lstm.weight_hh_l0 has shape [1024, 65], expected [1024, 64]"
      ),
      (
        "lstm.weight_hh_l0.scale", .float, [1025],
        "lstm.weight_hh_l0.scale has shape [1025], expected [1024]"
      ),
      (
        "lstm.weight_hh_l0.scale", .double, [1024],
        "lstm.weight_hh_l0.scale is of type F64, expected F32"
      ),
    ] as [(String, SafeTensors.ElementType, [Int], String)])
  func unexpectedTensorsAreRefused(
    name: String, type: SafeTensors.ElementType, shape: [Int], message: String
  ) throws {
    var file = try Self.compressed(.int8).file(.model, [:], "test")
    let index = try #require(file.tensors.firstIndex { $0.name == name })
    file.tensors[index] = .init(
      name: name, type: type, shape: shape, bytes: Data(count: type.size * shape.reduce(1, *)))
    let changed = try SafeTensors(bytes: file.bytes)
    #expect(performing: { try Model<Float>(changed) }, throws: { "\($0)".contains(message) })
  }
}
