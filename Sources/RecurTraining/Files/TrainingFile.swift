// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// The part of a run that a checkpoint stores as JSON; the rest is stored as tensors.
struct SavedTraining: Codable {
  var options: TrainingOptions
  var position: TrainingPosition
  var history: [TrainingEpoch]

  /// - Throws: ``FileError`` if the file does not describe a run that is possible.
  static func read(_ file: SafeTensors) throws(FileError) -> SavedTraining {
    let saved = try file.value(for: FileMetadata.training)
    try FileError.on(file.path, "describes an invalid run") { () throws(RecurError) in
      try saved.position.validate(saved.options, history: saved.history)
    }
    return saved
  }
}

extension Training {
  /// Writes a checkpoint of the run atomically. A run that resumes from it is bit-identical to an
  /// uninterrupted one.
  ///
  /// In addition to the model's tensors, the file contains `best.…` (the parameters of the best
  /// epoch), `optimizer.…` (the state of the optimizer), and `state.…` (the initial state of the next
  /// batch).
  ///
  /// - Parameters:
  ///   - url: the file; an existing file is replaced.
  ///   - info: strings to store in the file, such as a vocabulary; ``SafeTensors/info`` returns
  ///     them.
  /// - Throws: ``FileError`` if a parameter is not finite, if the file cannot be written, or if a
  ///   part of the run's state is on other ranks; see ``gather(_:)``.
  public func save(to url: URL, info: [String: String] = [:]) throws(FileError) {
    try file(.checkpoint, info, url.path(percentEncoded: false)).write(to: url)
  }

  func file(
    _ kind: FileKind, _ info: [String: String], _ path: String
  ) throws(FileError) -> SafeTensors {
    guard !isCarriedInPart else {
      throw FileError(path, "cannot store a run whose state is on several ranks: gather it first")
    }
    var file = try model.file(kind, info, path)
    try file.set(
      SavedTraining(options: options, position: position, history: history),
      for: FileMetadata.training, path)
    if let bestParameters {
      try file.append(parameters: bestParameters, prefix: Self.bestPrefix, path)
    }
    for (name, vector) in optimizer.memory {
      file.append(vector, prefix: Self.optimizerPrefix(name))
    }
    if let carried {
      for (name, matrix) in model.matrices(of: carried) {
        file.append(Self.statePrefix + name, matrix)
      }
    }
    return file
  }

  /// Creates a run from a checkpoint that ``save(to:info:)`` or
  /// ``fit(_:validation:metrics:threads:checkpoint:ranks:progress:)`` wrote. On the same data, the resumed run is
  /// bit-identical to an uninterrupted one.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``FileError`` if the file is truncated, altered, or of a different kind or
  ///   precision.
  public init(contentsOf url: URL) throws(FileError) {
    try self.init(SafeTensors(contentsOf: url))
  }

  /// Creates a run from the contents of a file that has already been read, for example for its
  /// ``SafeTensors/info``.
  ///
  /// - Parameter file: the contents of the file.
  /// - Throws: the same errors as ``init(contentsOf:)``.
  public init(_ file: SafeTensors) throws(FileError) {
    try self.init(.checkpoint, file)
  }

  init(_ kind: FileKind, _ file: SafeTensors) throws(FileError) {
    var tensors = try TensorReader(file)
    let model = try TrainedModel(kind, file, &tensors)
    let saved = try SavedTraining.read(file)
    self = try FileError.on(file.path, "describes an invalid run") { () throws(RecurError) in
      try Training(model, options: saved.options)
    }
    position = saved.position
    history = saved.history
    try readTensors(&tensors, file.path)
    try tensors.finish()
  }

  private mutating func readTensors(
    _ tensors: inout TensorReader, _ path: String
  ) throws(FileError) {
    if position.leastValidationLoss != .infinity {
      var best = model.parameters
      try tensors.fill(parameters: &best, prefix: Self.bestPrefix)
      bestParameters = best
    }
    var memory = optimizer.memory
    for index in memory.indices {
      try tensors.fill(&memory[index].vector, prefix: Self.optimizerPrefix(memory[index].name))
    }
    optimizer = OptimizerState(options.optimizer, steps: position.step, memory: memory)
    let matrices: [String: Matrix<Scalar>] = try tensors.matrices(prefix: Self.statePrefix)
    guard !matrices.isEmpty else { return }
    carried = try FileError.on(path, "has a state that does not fit the model") {
      () throws(RecurError) in
      try model.state(of: matrices)
    }
  }

  private static var bestPrefix: String { "best." }
  private static var statePrefix: String { "state." }

  private static func optimizerPrefix(_ memory: String) -> String { "optimizer.\(memory)." }
}
