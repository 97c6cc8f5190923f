// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// The part of a forecaster of a panel that a file stores as JSON; the network is tensors.
struct SavedPanel: Codable {
  var options: PanelOptions
  var scaling: PanelScaling

  /// Nil in a checkpoint, and without a calibration.
  var calibration: ForecastCalibration?

  static func read(_ file: SafeTensors) throws(FileError) -> SavedPanel {
    let saved = try file.value(for: FileMetadata.panel)
    try FileError.on(file.path, "describes an invalid forecaster") { () throws(RecurError) in
      try saved.options.validate()
      try saved.scaling.require(saved.options)
      guard saved.options.components.contains(.network) else {
        throw .invalid(argument: "components", reason: "has no network")
      }
      try saved.calibration?.validate(saved.options.ofOneSeries)
    }
    return saved
  }

  /// Throws an error unless a network is one of the options.
  func require<Scalar: RecurScalar>(
    _ model: SequenceModel<Scalar>, _ path: String
  ) throws(FileError) {
    let hasSizes =
      model.network.hiddenSize == options.hiddenSize
      && model.network.inputSize == options.networkInputs
      && model.outputSize == options.levels.count
    try model.requireNetwork(hasSizes, path) { () throws(RecurError) in try options.network() }
  }
}

extension PanelForecaster {
  /// Writes the forecaster to a file atomically.
  ///
  /// - Parameters:
  ///   - url: the file; an existing file is replaced.
  ///   - info: strings to store in the file; ``SafeTensors/info`` returns them.
  /// - Throws: ``FileError`` if the forecaster has no network, if a parameter is not finite, or if the
  ///   file cannot be written.
  public func save(to url: URL, info: [String: String] = [:]) throws(FileError) {
    let path = url.path(percentEncoded: false)
    guard let model else { throw FileError(path, "cannot store a forecaster without a network") }
    var file = try model.file(.panel, info, path)
    try file.set(
      SavedPanel(options: options, scaling: scaling, calibration: calibration),
      for: FileMetadata.panel, path)
    try file.write(to: url)
  }

  /// Creates a forecaster from a file that ``save(to:info:)`` wrote.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``FileError`` if the file is truncated, altered, or of a different kind or precision.
  public init(contentsOf url: URL) throws(FileError) {
    try self.init(SafeTensors(contentsOf: url))
  }

  /// Creates a forecaster from the contents of a file that has already been read.
  ///
  /// - Parameter file: the contents of the file.
  /// - Throws: the same errors as ``init(contentsOf:)``.
  public init(_ file: SafeTensors) throws(FileError) {
    try FileKind.panel.require(file)
    let saved = try SavedPanel.read(file)
    var tensors = try TensorReader(file)
    let model = try SequenceModel<Scalar>(.panel, file, &tensors)
    try tensors.finish()
    try saved.require(model, file.path)
    self.init(
      options: saved.options, model: model, calibration: saved.calibration,
      scaling: saved.scaling)
  }
}

extension PanelTraining {
  /// Writes a checkpoint of the run atomically. A run that resumes from it is bit-identical to an
  /// uninterrupted one.
  ///
  /// - Parameters:
  ///   - url: the file; an existing file is replaced.
  ///   - info: strings to store in the file; ``SafeTensors/info`` returns them.
  /// - Throws: ``FileError`` if a parameter is not finite, or if the file cannot be written.
  public func save(to url: URL, info: [String: String] = [:]) throws(FileError) {
    let path = url.path(percentEncoded: false)
    var file = try training.file(.panelCheckpoint, info, path)
    try file.set(SavedPanel(options: options, scaling: scaling), for: FileMetadata.panel, path)
    try file.write(to: url)
  }

  /// Reads the options of a run from its checkpoint.
  ///
  /// - Parameter file: the contents of the file.
  /// - Returns: the options.
  /// - Throws: ``FileError`` if the file is of a different kind, or describes an impossible run.
  public static func options(of file: SafeTensors) throws(FileError) -> PanelOptions {
    try FileKind.panelCheckpoint.require(file)
    return try SavedPanel.read(file).options
  }

  /// Creates a run from a checkpoint that ``save(to:info:)`` wrote. The resumed run is bit-identical to
  /// an uninterrupted one.
  ///
  /// - Parameters:
  ///   - file: the contents of the file.
  ///   - panel: the series of the original run.
  /// - Throws: ``FileError`` if the file is truncated, altered, or of a different kind or precision;
  ///   `RecurError` if the series are not those of the original run.
  public init(_ file: SafeTensors, fitting panel: [PanelSeries]) throws {
    try FileKind.panelCheckpoint.require(file)
    let saved = try SavedPanel.read(file)
    try self.init(fitting: panel, options: saved.options)
    let resumed = try Training<SequenceModel<Scalar>>(panelCheckpoint: file, saved)
    guard scaling == saved.scaling, training.options == resumed.options else {
      throw RecurError.invalid(argument: "panel", reason: "is not that of the original run")
    }
    try FileError.on(file.path, "describes an invalid run") { () throws(RecurError) in
      try resumed.requirePosition(examples: windowCount)
    }
    training = resumed
  }
}

extension Training {
  fileprivate init<Scalar>(
    panelCheckpoint file: SafeTensors, _ saved: SavedPanel
  ) throws(FileError) where TrainedModel == SequenceModel<Scalar> {
    try self.init(.panelCheckpoint, file)
    try saved.require(model, file.path)
  }
}

extension SequenceModel {
  /// Creates the network in the checkpoint of a forecaster of a panel.
  ///
  /// - Parameter file: the contents of a file.
  /// - Throws: ``FileError`` if the file has a different kind, or describes an impossible run.
  package init(ofPanelCheckpoint file: SafeTensors) throws(FileError) {
    try FileKind.panelCheckpoint.require(file)
    self = try Training(panelCheckpoint: file, SavedPanel.read(file)).model
  }
}
