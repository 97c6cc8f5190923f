// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// A model's components and their sizes, as stored in a file.
struct SavedModel: Codable {
  var vocabularySize: Int?
  var network: NetworkConfiguration
  var outputSize: Int
  var outputBias: Bool
  var reading: ModelReading
}

extension SequenceModel {
  /// Writes the model to a file atomically.
  ///
  /// The tensors have the names of the parameters' slices and PyTorch's shapes:
  /// `network.weight_ih_l0` (G·H x I), `network.bias_ih_l0` (G·H), …
  ///
  /// - Parameters:
  ///   - url: the file; an existing file is replaced.
  ///   - info: strings to store in the file, such as a vocabulary; ``SafeTensors/info`` returns
  ///     them.
  /// - Throws: ``FileError`` if a parameter is not finite, or if the file cannot be written.
  public func save(to url: URL, info: [String: String] = [:]) throws(FileError) {
    try file(.model, info, url.path(percentEncoded: false)).write(to: url)
  }

  /// Creates a model from a file that ``save(to:info:)`` wrote.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``FileError`` if the file is truncated, altered, or of a different kind or
  ///   precision, or if it describes an invalid model or has a parameter that is not finite.
  public init(contentsOf url: URL) throws(FileError) {
    try self.init(SafeTensors(contentsOf: url))
  }

  /// Creates a model from the contents of a file that has already been read, for example for its
  /// ``SafeTensors/info``.
  ///
  /// - Parameter file: the contents of the file.
  /// - Throws: the same errors as ``init(contentsOf:)``.
  public init(_ file: SafeTensors) throws(FileError) {
    var tensors = try TensorReader(file)
    try self.init(.model, file, &tensors)
    try tensors.finish()
  }

  private var saved: SavedModel {
    SavedModel(
      vocabularySize: embedding?.vocabularySize, network: network.configuration,
      outputSize: outputSize, outputBias: places.head.count == 2, reading: reading)
  }

  public static var fileVersion: String { FileMetadata.currentVersion }

  public func describe(in file: inout SafeTensors) throws(FileError) {
    try file.set(saved, for: FileMetadata.model, file.path)
  }

  public init(describedIn file: SafeTensors, elements: Int) throws(FileError) {
    let saved = try file.value(for: FileMetadata.model)
    if let (name, size) = saved.sizes.first(where: { $0.size < 1 }) {
      throw FileError(
        file.path, "describes an invalid model: \(name) is \(size), expected at least 1")
    }
    // A small file must not cause a large allocation.
    guard let least = saved.leastParameters, least <= elements else {
      throw FileError(file.path, "describes a model with more parameters than the file contains")
    }
    guard let tensors = saved.leastTensors, tensors <= file.tensors.count else {
      throw FileError(file.path, "describes a model with more tensors than the file contains")
    }
    self = try FileError.on(file.path, "describes an invalid model") { () throws(RecurError) in
      try SequenceModel(saved)
    }
  }

  private init(_ saved: SavedModel) throws(RecurError) {
    let network: any RecurrentNetwork<Scalar> = try saved.network.network(of: Scalar.self)
    var embedding: Embedding<Scalar>?
    if let vocabularySize = saved.vocabularySize {
      embedding = try Embedding(
        weight: Matrix(rows: vocabularySize, columns: network.inputSize))
    }
    let head = try Linear<Scalar>(
      zeros: network.outputSize, saved.outputSize, bias: saved.outputBias)
    try self.init(
      embedding: embedding, network: network, head: head, reading: saved.reading)
  }
}

extension TrainableModel {
  func file(
    _ kind: FileKind, _ info: [String: String], _ path: String
  ) throws(FileError) -> SafeTensors {
    var file = try shape(kind, info, path)
    try file.append(parameters: parameters, path)
    return file
  }

  /// Returns a file of the model without its parameters.
  func shape(
    _ kind: FileKind, _ info: [String: String], _ path: String
  ) throws(FileError) -> SafeTensors {
    var file = SafeTensors(tensors: [])
    file.path = path
    file.metadata[FileMetadata.kind] = kind.rawValue
    file.metadata[FileMetadata.version] = Self.fileVersion
    try file.set(info, for: FileMetadata.info, path)
    try describe(in: &file)
    return file
  }

  init(_ kind: FileKind, _ file: SafeTensors, _ tensors: inout TensorReader) throws(FileError) {
    try self.init(shapeOf: file, kind, elements: tensors.count)
    try tensors.fill(parameters: &parameters)
  }

  /// Creates the model that a file of some kind describes, with all parameters zero.
  init(shapeOf file: SafeTensors, _ kind: FileKind, elements: Int) throws(FileError) {
    try kind.require(file, version: Self.fileVersion)
    try self.init(describedIn: file, elements: elements)
  }
}

extension SavedModel {
  var sizes: [(name: String, size: Int)] {
    [
      ("inputSize", network.inputSize), ("hiddenSize", network.hiddenSize),
      ("layers", network.layers), ("outputSize", outputSize),
      ("vocabularySize", vocabularySize ?? 1),
    ]
  }

  /// A lower bound on the number of tensors: Wᵢₕ and Wₕₕ of every layer and direction. Nil for impossible sizes.
  var leastTensors: Int? { SafeTensors.count([network.layers, network.directions, 2]) }

  /// A lower bound on the number of parameters, close to that number. Nil for impossible sizes.
  var leastParameters: Int? {
    let (L, D, H) = (network.layers, network.directions, network.hiddenSize)
    let (I, P, G) = (network.inputSize, network.stateSize, network.gateNames.count)
    var sum = 0
    for shape in [
      [D, G, H, I], [max(L, 1) - 1, D, G, H, D, P], [L, D, G, H, P],
      [outputSize, D, P], [vocabularySize ?? 0, I],
    ] {
      guard let count = SafeTensors.count(shape),
        case (let next, false) = sum.addingReportingOverflow(count)
      else { return nil }
      sum = next
    }
    return sum
  }
}
