// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension TrainableModel {
  /// Writes the model to a file atomically. C programs read it with `recur/model_file.h`.
  ///
  /// The tensors have the names of the parameters' slices and PyTorch's shapes: `lstm.weight_ih_l0` (G·H x I),
  /// `lstm.bias_ih_l0` (G·H), …, where `lstm` is the name of a node.
  ///
  /// - Parameters:
  ///   - url: the file; an existing file is replaced.
  ///   - info: strings to store in the file, such as a vocabulary; ``SafeTensors/info`` returns
  ///     them.
  /// - Throws: ``FileError`` if a parameter is not finite, or if the file cannot be written.
  public func save(to url: URL, info: [String: String] = [:]) throws(FileError) {
    try file(.model, info, url.path(percentEncoded: false)).write(to: url)
  }

  /// Creates a model from a file that ``save(to:info:)`` or a C program wrote.
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
}

// Models in files of any kind

extension TrainableModel {
  func file(
    _ kind: FileKind, _ info: [String: String], _ path: String
  ) throws(FileError) -> SafeTensors {
    let stored = StoredMatrices(of: graph)
    guard stored.isEmpty || Scalar.self == Float.self else {
      throw FileError(
        path, "cannot have compressed weights in double precision, expected single precision")
    }
    var file = try shape(kind, info, path)
    try file.append(parameters: parameters, stored: stored, path)
    return file
  }

  /// Returns a file of the model without its parameters.
  func shape(
    _ kind: FileKind, _ info: [String: String], _ path: String
  ) throws(FileError) -> SafeTensors {
    var file = SafeTensors(tensors: [])
    file.path = path
    file.metadata[FileMetadata.kind] = kind.rawValue
    file.metadata[FileMetadata.version] = FileMetadata.currentVersion
    file.metadata[FileMetadata.model] = try FileError.on(path, "cannot be described") {
      () throws(RecurError) in
      try graph.json
    }
    try file.set(info, for: FileMetadata.info, path)
    return file
  }

  init(_ kind: FileKind, _ file: SafeTensors, _ tensors: inout TensorReader) throws(FileError) {
    try self.init(shapeOf: file, kind, elements: tensors.count)
    try tensors.fill(parameters: &parameters, stored: StoredMatrices(of: graph))
  }

  /// Creates the model that a file of some kind describes, with all parameters zero. It may have at most
  /// `elements` parameters: a small file must not cause a large allocation.
  init(shapeOf file: SafeTensors, _ kind: FileKind, elements: Int) throws(FileError) {
    try kind.require(file)
    guard let json = file.metadata[FileMetadata.model] else {
      throw FileError(file.path, "has no metadata \(FileMetadata.model)")
    }
    self = try FileError.on(file.path, "describes an invalid model") { () throws(RecurError) in
      let graph = try ModelGraph(json: json)
      let (tensors, count) = try graph.parameterCounts
      guard count <= elements, tensors <= file.tensors.count else {
        throw .invalid(
          argument: "the model",
          reason: "has \(count) parameters in \(tensors) tensors, more than the file contains")
      }
      return try Self(graph)
    }
  }
}
