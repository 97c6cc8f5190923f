// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension Model {
  /// Writes the model to a file atomically. C programs read it with `recur/model_file.h`.
  ///
  /// The tensors have the names of the parameters' slices and PyTorch's shapes: `lstm.weight_ih_l0` (G·H x I),
  /// `lstm.bias_ih_l0` (G·H), ….
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

  /// Creates a model from the contents of a file that has already been read.
  ///
  /// - Parameter file: the contents of the file.
  /// - Throws: the same errors as ``init(contentsOf:)``.
  public init(_ file: SafeTensors) throws(FileError) {
    var tensors = try TensorReader(file)
    try self.init(.model, file, &tensors)
    try tensors.finish()
  }

  public static var fileVersion: String { FileMetadata.graphVersion }

  public func describe(in file: inout SafeTensors) throws(FileError) {
    file.metadata[FileMetadata.model.name] = try FileError.on(file.path, "cannot be described") {
      () throws(RecurError) in
      try graphJSON
    }
  }

  public init(describedIn file: SafeTensors, elements: Int) throws(FileError) {
    guard let json = file.metadata[FileMetadata.model.name] else {
      throw FileError(file.path, "has no metadata \(FileMetadata.model.name)")
    }
    self = try FileError.on(file.path, "describes an invalid model") { () throws(RecurError) in
      let graph = try ModelGraph(json: json)
      // A small file must not cause a large allocation.
      let count = try graph.parameterCount
      guard count <= elements else {
        throw .invalid(
          argument: "the model", reason: "has \(count) parameters, more than the file contains")
      }
      return try Model(graph)
    }
  }
}
