// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// The contents of a safetensors file, or of a model of another format.
struct FileInfo {
  /// What the file is, such as `Recur checkpoint`.
  let title: String
  let kind: String?
  let isVerified: Bool
  let model: String?

  /// The graph of a model.
  let graph: GraphInfo?

  let tensors: [Tensor]

  /// The JSON objects that Recur stored in the file, by their names without `recur.`.
  let described: [(name: String, value: [String: Any])]

  /// The strings that a caller stored with the model, and the metadata of other programs.
  let strings: [(name: String, value: String)]

  struct Tensor {
    var name: String
    var type: String
    var shape: [Int]

    /// The Euclidean norm; nil for integers.
    var norm: Double?

    var count: Int { shape.reduce(1, *) }
  }

  /// - Parameters:
  ///   - path: The path of the file. Its first bytes tell the format.
  ///   - onnx: What an ONNX file leaves open.
  init(_ path: String, onnx: ONNXArguments.Values) throws {
    let data = try WholeFile.read(path, atMost: nil)
    guard FileFormat(of: data) == .safetensors, onnx.option == nil else {
      switch try ModelFile(data, path: path, onnx: onnx) {
      case .float(let model): self = try FileInfo(model)
      case .double(let model): self = try FileInfo(model)
      }
      return
    }
    self = try FileInfo(SafeTensors(data, path: path))
  }

  /// A model of another program.
  private init<Scalar>(_ loaded: LoadedModel<Scalar>) throws {
    title = loaded.kind
    (kind, isVerified, model, strings) = (loaded.kind, false, nil, [])
    graph = try GraphInfo(loaded)
    tensors = try Self.tensors(of: SafeTensors(loaded.model.parameters))
    described = [("model", try GraphInfo.object(loaded.model))]
  }

  init(_ file: SafeTensors) throws {
    title =
      file.kindName.map { "Recur \($0.printable)" }
      ?? (file.isVerified ? "tensors without a model" : "tensors not written by Recur")
    graph = try Self.graph(of: file)
    model =
      file.tensors.contains { $0.type == .double }
      ? try Self.description(of: file, Double.self) : try Self.description(of: file, Float.self)
    kind = file.kindName
    isVerified = file.isVerified
    tensors = try Self.tensors(of: file)
    described = file.descriptions.compactMap { name, json in
      let value = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      return value.map { (name, $0) }
    }
    strings = try file.info.merging(file.foreignMetadata) { own, _ in own }
      .map { (name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
  }

  private static func graph(of file: SafeTensors) throws -> GraphInfo? {
    guard file.kindName == FileKind.model.rawValue else { return nil }
    return switch try ModelFile(file) {
    case .float(let model): try GraphInfo(model)
    case .double(let model): try GraphInfo(model)
    }
  }

  private static func tensors(of file: SafeTensors) throws -> [Tensor] {
    try file.tensors.map { tensor in
      let elements = tensor.type.isInteger ? nil : try tensor.elements(as: Double.self)
      return Tensor(
        name: tensor.name, type: tensor.type.rawValue, shape: tensor.shape, norm: elements?.norm)
    }
  }

  /// The description of a sequence model; nil for any other graph.
  private static func description<Scalar: RecurScalar>(
    of file: SafeTensors, _ scalar: Scalar.Type
  ) throws -> String? {
    switch file.kindName.flatMap(FileKind.init) {
    case nil: return nil
    case .model:
      return hasSequenceModel(file) ? try SequenceModel<Scalar>(file).description : nil
    case .checkpoint:
      guard !hasSequenceModel(file) else {
        return try Training<SequenceModel<Scalar>>(file).model.description
      }
      _ = try Training<Model<Scalar>>(file)
      return nil
    case .forecaster: return try SeriesForecaster<Scalar>(file).models[0].description
    case .forecasterCheckpoint:
      return try SequenceModel<Scalar>(ofForecasterCheckpoint: file).description
    case .panel: return try PanelForecaster<Scalar>(file).model?.description
    case .panelCheckpoint:
      return try SequenceModel<Scalar>(ofPanelCheckpoint: file).description
    }
  }

  /// Whether the graph of a file is that of a sequence model, or none that can be read.
  private static func hasSequenceModel(_ file: SafeTensors) -> Bool {
    guard let json = file.descriptions.first(where: { $0.name == "model" })?.json,
      let graph = try? ModelGraph(json: json)
    else { return true }
    return SequenceModel<Float>.canExpress(graph)
  }
}

extension [Double] {
  /// The Euclidean norm. The elements are divided by a power of two, so that no square overflows, and none
  /// that counts underflows.
  fileprivate var norm: Double {
    let most = reduce(0) { Swift.max($0, $1.magnitude) }
    guard most > 0, most.isFinite else { return reduce(0) { $0 + $1.magnitude } }
    let scale = most.binade
    return scale * reduce(0) { $0 + ($1 / scale) * ($1 / scale) }.squareRoot()
  }
}
