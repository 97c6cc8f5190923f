// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// A model from a file of another program: of RTNeural, of AIDA-X, of GuitarML (Proteus), of Neural Amp Modeler (`.nam`
/// files with the architecture LSTM) or of RNNoise (`.rnnn`).
///
/// ```swift
/// let imported = try ImportedModel<Float>(contentsOf: url)
/// var stream = try imported.model.stream(
///   batchSize: 1, steps: 64, from: imported.initialState)
/// ```
///
/// A file with anything that would be left out is refused, with the name of the layer or the key.
public struct ImportedModel<Scalar: RecurScalar>: Sendable {
  /// The programs whose files are read.
  public enum Format: String, Sendable {
    /// RTNeural's JSON: a list of layers with Keras's weights.
    case rtNeural = "RTNeural"

    /// AIDA-X's JSON: that of RTNeural with gains, a skip connection and metadata.
    case aidaX = "AIDA-X"

    /// GuitarML's JSON: a recurrent network and a linear layer with PyTorch's weights.
    case guitarML = "GuitarML"

    /// Neural Amp Modeler's `.nam`, of the architecture LSTM.
    case nam = "NAM"

    /// RNNoise's text of integers: GRUs that estimate gains and the probability of speech from features of a frame.
    case rnnoise = "RNNoise"
  }

  /// The program that wrote the file.
  public let format: Format

  /// The model. Its only input is `x`. Its only output is the last node, except that a model of RNNoise has the outputs
  /// `gains` and `vad`.
  public let model: Model<Scalar>

  /// The state before the first step, if the file has one; otherwise it is zero.
  public let initialState: ModelState<Scalar>?

  /// The sampling rate that the model was made for, in samples per second; nil if the file does not state it.
  public let sampleRate: Double?

  /// The maximum number of bytes of a file.
  static var longestFile: Int { 100_000_000 }

  /// The maximum number of names in an object of JSON: four for each of the layers of GuitarML's largest network.
  static var mostNames: Int { 1 << 14 }

  /// Reads a file. Its contents tell the format.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``FileError`` if the file is of another format, incomplete or inconsistent, or has something that
  ///   Recur cannot express.
  public init(contentsOf url: URL) throws(FileError) {
    let path = try WholeFile.path(of: url)
    try self.init(WholeFile.read(path, atMost: Self.longestFile), path: path)
  }

  /// Reads the bytes of a file. Errors name the path as it is given.
  package init(_ file: Data, path: String) throws(FileError) {
    let format = FileFormat(of: file)
    if format == .rnnn {
      try self.init(rnnoise: file, path: path)
      return
    }
    guard format == .json || format == .unknown else {
      throw FileError(
        path, "is \(format.name), expected \(FileFormat.json.name) or \(FileFormat.rnnn.name)")
    }
    let text: JSONText
    do {
      text = try JSONText(
        file, fileSize: file.count, allowsLongIntegers: true, mostNames: Self.mostNames)
    } catch {
      throw FileError(path, error.reason)
    }
    let root = ImportedJSON(text.root, at: "", in: path)
    if text.root["layers"] != nil {
      try self.init(rtNeural: root)
    } else if text.root["model_data"] != nil {
      try self.init(guitarML: root)
    } else if text.root["architecture"] != nil {
      try self.init(nam: root)
    } else {
      throw FileError(
        path,
        "has none of the keys layers (RTNeural, AIDA-X), model_data (GuitarML) and architecture (NAM)"
          + (text.root.entries?.first?.1.elements != nil
            ? "; recur convert --graph reads weights without a graph" : ""))
    }
  }

  init(
    _ format: Format, _ parts: consuming ModelParts<Scalar>, outputs: [String]? = nil,
    initialState: [String: [Double]] = [:],
    sampleRate: Double? = nil, path: String
  ) throws(FileError) {
    self.format = format
    self.sampleRate = sampleRate
    let model = try parts.model(outputs: outputs, path)
    self.model = model
    guard !initialState.isEmpty else {
      self.initialState = nil
      return
    }
    self.initialState = try FileError.on(path, "has an invalid initial state") {
      () throws(RecurError) in
      var state = try model.zeroState(batchSize: 1)
      for slice in state.slices {
        let numbers = (initialState[slice.name] ?? []).map { Scalar($0) }
        try state.set(
          slice.name, to: Matrix(rows: slice.rows, columns: slice.columns, elements: numbers))
      }
      return state
    }
  }
}

/// The nodes of a model in order, and the values of its parameters.
struct ModelParts<Scalar: RecurScalar> {
  private var nodes: [ModelNode]
  private var values: [String: [Double]] = [:]

  /// The name of the last node.
  var last: String { nodes[nodes.count - 1].name }

  /// Creates a model whose only input is `x`.
  init(inputSize: Int) { nodes = [ModelNode("x", .features(inputSize))] }

  /// Adds a node that reads some nodes, or the last one, and the values of its parameters.
  mutating func add(
    _ name: String, _ layer: ModelLayer, of sources: [String]? = nil,
    parameters: [String: [Double]] = [:]
  ) {
    nodes.append(ModelNode(name, layer, sources: sources ?? [last]))
    values.reserveCapacity(values.count + parameters.count)
    for (part, numbers) in parameters { values["\(name).\(part)"] = numbers }
  }

  /// Returns the model. Its outputs are some nodes, or the last one.
  consuming func model(
    outputs: [String]?, _ path: String
  ) throws(FileError) -> Model<Scalar> {
    let outputs = outputs ?? [last]
    for k in nodes.indices { nodes[k].isOutput = outputs.contains(nodes[k].name) }
    let (graph, values) = (ModelGraph(nodes), values)
    return try FileError.on(path, "describes an invalid model") { () throws(RecurError) in
      // A small file must not cause a large allocation.
      let count = values.values.reduce(0) { $0 + $1.count }
      guard try graph.parameterCounts.elements == count else {
        throw .invalid(
          argument: "the model",
          reason: "has \(try graph.parameterCounts.elements) parameters, but the file \(count)")
      }
      var model = try Model<Scalar>(graph)
      var elements: [Scalar] = []
      elements.reserveCapacity(count)
      for slice in model.parameters.slices {
        let numbers = values[slice.name] ?? []
        guard numbers.count == slice.rows * slice.columns else {
          throw .invalid(
            argument: slice.name,
            reason: "has \(numbers.count) elements, expected \(slice.rows) x \(slice.columns)")
        }
        elements += numbers.lazy.map { Scalar($0) }
      }
      try model.parameters.setElements(elements)
      return model
    }
  }
}
