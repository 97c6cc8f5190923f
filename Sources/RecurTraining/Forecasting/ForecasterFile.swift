// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// The part of a forecaster that a file stores as JSON; the networks are tensors.
struct SavedForecaster: Codable, Equatable {
  var options: ForecasterOptions
  var scaling: SeriesScaling
  var scale: SeriesScale
  var calibration: ForecastCalibration?

  /// In a checkpoint, the epochs of each trained network.
  var histories: [[TrainingEpoch]]?

  static func read(_ file: SafeTensors) throws(FileError) -> SavedForecaster {
    let saved = try file.value(for: FileMetadata.forecaster)
    try FileError.on(file.path, "describes an invalid forecaster") { () throws(RecurError) in
      try saved.options.validate()
      try saved.scaling.require(saved.options)
      try saved.requireHistories()
      guard saved.scale == saved.options.scale ?? saved.scale,
        saved.options.components.contains(.network)
      else { throw .invalid(argument: "options", reason: "does not match the networks") }
      try saved.calibration?.validate(saved.options)
    }
    return saved
  }

  /// Throws an error for finished networks that no run with these options has.
  private func requireHistories() throws(RecurError) {
    let histories = histories ?? []
    for history in histories { try history.validate() }
    guard histories.count <= options.members + (options.calibrates ? 1 : 0),
      histories.allSatisfy({ !$0.isEmpty && $0.count == options.epochs ?? $0.count })
    else { throw .invalid(argument: "histories", reason: "does not match the options") }
  }

  static let prefix = "members."
  static func prefix(_ member: Int) -> String { "\(prefix)\(member)." }
}

extension SeriesForecaster {
  /// Writes the forecaster to a file atomically. The tensors of member 0 are
  /// `members.0.network.weight_ih_l0` and so on.
  ///
  /// - Parameters:
  ///   - url: the file; an existing file is replaced.
  ///   - info: strings to store in the file, such as a vocabulary; ``SafeTensors/info`` returns
  ///     them.
  /// - Throws: ``FileError`` if a parameter is not finite, or if the file cannot be written.
  public func save(to url: URL, info: [String: String] = [:]) throws(FileError) {
    let path = url.path(percentEncoded: false)
    guard let scaling else { throw FileError(path, "cannot store a forecaster without networks") }
    var file = try models[0].shape(.forecaster, info, path)
    try file.set(
      SavedForecaster(options: options, scaling: scaling, scale: scale, calibration: calibration),
      for: FileMetadata.forecaster, path)
    for (member, model) in models.enumerated() {
      try file.append(
        parameters: model.parameters, prefix: SavedForecaster.prefix(member), path)
    }
    try file.write(to: url)
  }

  /// Creates a forecaster from a file that ``save(to:info:)`` wrote.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``FileError`` if the file is truncated, altered, or of a different kind or
  ///   precision.
  public init(contentsOf url: URL) throws(FileError) {
    try self.init(SafeTensors(contentsOf: url))
  }

  /// Creates a forecaster from the contents of a file that has already been read, for example for
  /// its ``SafeTensors/info``.
  ///
  /// - Parameter file: the contents of the file.
  /// - Throws: the same errors as ``init(contentsOf:)``.
  public init(_ file: SafeTensors) throws(FileError) {
    try FileKind.forecaster.require(file)
    let saved = try SavedForecaster.read(file)
    guard saved.histories == nil else {
      throw FileError(file.path, "describes an invalid forecaster")
    }
    var tensors = try TensorReader(file)
    let models = try SequenceModel<Scalar>.members(
      saved.options.members, of: saved.options, file, .forecaster, &tensors)
    try tensors.finish()
    self.init(
      options: saved.options, scale: saved.scale, scaling: saved.scaling,
      calibration: saved.calibration,
      models: models)
  }
}

extension SequenceModel {
  /// Reads the first `count` networks of a forecaster.
  fileprivate static func members(
    _ count: Int, of options: ForecasterOptions, _ file: SafeTensors, _ kind: FileKind,
    _ tensors: inout TensorReader
  ) throws(FileError) -> [SequenceModel] {
    var model = try network(
      of: options, file, kind, elements: count > 0 ? tensors.count / count : file.elementCount)
    var models: [SequenceModel] = []
    for member in 0..<count {
      try tensors.fill(parameters: &model.parameters, prefix: SavedForecaster.prefix(member))
      models.append(model)
    }
    return models
  }

  /// Creates the network that the file of a forecaster describes, with all parameters zero.
  private static func network(
    of options: ForecasterOptions, _ file: SafeTensors, _ kind: FileKind, elements: Int
  ) throws(FileError) -> SequenceModel {
    let model = try SequenceModel(shapeOf: file, kind, elements: elements)
    let outputs = options.loss.outputSize(targets: options.horizon)
    try model.requireNetwork(
      model.network.hiddenSize == options.hiddenSize && model.outputSize == outputs, file.path
    ) { () throws(RecurError) in try SequenceModel(options, network: 0) }
    return model
  }

  /// Throws an error unless the model is that of a forecaster's options.
  ///
  /// - Parameters:
  ///   - hasSizes: whether the sizes are those of the options. Otherwise the model of the options, which could be
  ///     much larger than the file, is not created.
  ///   - path: the file.
  ///   - expected: creates the model of the options.
  func requireNetwork(
    _ hasSizes: Bool, _ path: String, as expected: () throws(RecurError) -> SequenceModel
  ) throws(FileError) {
    if hasSizes,
      description
        == (try FileError.on(path, "describes an invalid forecaster", expected)).description
    {
      return
    }
    throw FileError(path, "describes the network \(self), which does not match the options")
  }

  /// Creates the network that the checkpoint of a forecaster describes, with all parameters zero.
  ///
  /// - Parameter file: the contents of a file.
  /// - Throws: ``FileError`` if the file has a different kind, or describes an impossible run.
  package init(ofForecasterCheckpoint file: SafeTensors) throws(FileError) {
    try FileKind.forecasterCheckpoint.require(file)
    let saved = try SavedForecaster.read(file)
    _ = try SavedTraining.read(file)
    self = try Self.network(
      of: saved.options, file, .forecasterCheckpoint, elements: file.elementCount)
  }
}

extension ForecasterTraining {
  /// Writes a checkpoint of the run atomically. A run that resumes from it is bit-identical to an
  /// uninterrupted one.
  ///
  /// - Parameters:
  ///   - url: the file; an existing file is replaced.
  ///   - info: strings to store in the file, such as a vocabulary; ``SafeTensors/info`` returns
  ///     them.
  /// - Throws: ``FileError`` if a parameter is not finite, or if the file cannot be written.
  public func save(to url: URL, info: [String: String] = [:]) throws(FileError) {
    let path = url.path(percentEncoded: false)
    var file = try training.file(.forecasterCheckpoint, info, path)
    try file.set(
      SavedForecaster(
        options: options, scaling: scaling, scale: scale, histories: finished.map(\.history)),
      for: FileMetadata.forecaster, path)
    for (member, trained) in finished.enumerated() {
      try file.append(
        parameters: trained.model.parameters, prefix: SavedForecaster.prefix(member), path)
    }
    try file.write(to: url)
  }

  /// Creates a run from a checkpoint that ``save(to:info:)`` wrote. The resumed run is
  /// bit-identical to an uninterrupted one.
  ///
  /// - Parameters:
  ///   - file: the contents of the file.
  ///   - values: the series of the original run.
  /// - Throws: ``FileError`` if the file is truncated, altered, or of a different kind or
  ///   precision; `RecurError` if the series is not that of the original run.
  public init(_ file: SafeTensors, fitting values: [Double]) throws {
    try FileKind.forecasterCheckpoint.require(file)
    let saved = try SavedForecaster.read(file)
    let histories = saved.histories ?? []
    guard saved.histories != nil, saved.calibration == nil else {
      throw FileError(file.path, "describes an invalid run of a forecaster")
    }
    var (members, current) = (file, file)
    members.tensors.removeAll { !$0.name.hasPrefix(SavedForecaster.prefix) }
    current.tensors.removeAll { $0.name.hasPrefix(SavedForecaster.prefix) }
    var tensors = try TensorReader(members)
    let models = try SequenceModel<Scalar>.members(
      histories.count, of: saved.options, file, .forecasterCheckpoint, &tensors)
    try tensors.finish()
    try self.init(
      fitting: values, saved.options, finished: zip(models, histories).map(Trained.init),
      training: Training(.forecasterCheckpoint, current))
    let expected = options.training(windows: trainingWindows, network: network)
    guard scaling == saved.scaling, finished.count <= networks, training.options == expected else {
      throw RecurError.invalid(
        argument: "values", reason: "is not the series of the original run")
    }
    try FileError.on(file.path, "describes an invalid run") { () throws(RecurError) in
      try training.requirePosition(examples: trainingWindows)
    }
    guard training.isFinished == isFinished else {
      throw FileError(file.path, "describes an invalid run of a forecaster")
    }
  }
}

extension SeriesScaling {
  fileprivate func require(_ options: ForecasterOptions) throws(RecurError) {
    guard period == options.period, seasons == options.seasons, horizon == options.horizon,
      hasAllScales,
      form == options.form ?? form
    else { throw .invalid(argument: "scaling", reason: "does not match the options") }
  }
}
