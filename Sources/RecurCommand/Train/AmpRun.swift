// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// The training of a model of an amplifier.
struct AmpRun: SingleModelRun {
  static var kind: String { "amp" }

  var training: Training<Model<Float>>
  let start: Model<Float>?
  private let info: AmpInfo
  private let sampleRate: Int
  private let data: AmpData
  private let seconds: Double

  init(_ files: AmpFiles, _ arguments: AmpArguments, shards: Int?) throws {
    info = AmpInfo(reading: arguments.reading, checksum: files.checksum)
    sampleRate = files.dry.sampleRate
    data = try AmpData(files, info.reading)
    seconds = files.seconds
    let model = try arguments.model()
    var options = arguments.options
    options.shards = shards
    training = try Training(model, options: options)
    start = model
  }

  /// Resumes a run from its checkpoint.
  ///
  /// - Parameters:
  ///   - file: The checkpoint.
  ///   - files: The recordings.
  ///   - epochs: The new number of epochs; unchanged if nil.
  /// - Throws: `BadInput` or `FileError` if the checkpoint is invalid or does not fit the recordings.
  init(resuming file: SafeTensors, on files: AmpFiles, epochs: Int?) throws {
    training = try Training(file)
    start = nil
    sampleRate = files.dry.sampleRate
    if let epochs { try training.changeEpochs(to: epochs) }
    info = try AmpInfo(file.info, file.path)
    let invalid = "describes an invalid run: "
    try BadInput.naming(file.path, invalid) { [info] in try info.reading.validate() }
    let rate = try SampleRate.read(file.info, file.path)
    guard info.checksum == files.checksum, rate == Double(sampleRate) else {
      throw BadInput(
        "\(files.paths.joined(separator: " and ")): differ from the recordings of the checkpoint")
    }
    data = try BadInput.naming(file.path, invalid) { [info] in try AmpData(files, info.reading) }
    seconds = files.seconds
    try BadInput.naming(file.path, invalid) { [training, data] in
      try training.requirePosition(examples: data.training.count)
    }
  }

  var trainingData: any TrainingData<Float> { data.training }
  var validationData: (any TrainingData<Float>)? { data.validation }
  func describe(_ loss: Double) -> String { fixed(loss, decimals: 5) }

  func saveCheckpoint(to url: URL) throws { try training.save(to: url, info: strings) }
  func saveModel(to url: URL) throws { try training.best.save(to: url, info: strings) }

  /// The strings of the files.
  private var strings: [String: String] {
    get throws {
      try info.strings.merging(SampleRate.strings(Double(sampleRate))) { own, _ in own }
    }
  }

  static var exportName: String? { "model.json" }

  func export(to url: URL) throws {
    try training.best.writeRTNeural(to: url, sampleRate: Double(sampleRate))
  }

  func metrics(threads: Threads?) throws -> [String: Double] {
    guard let validation = data.validation else { return [:] }
    return try training.best.metrics(
      [.errorToSignal], training.options.loss, over: validation, batching: .stateful,
      threads: threads
    ).filter { $0.value.isFinite }  // It is not if the validation part is silent.
  }

  var summary: String {
    "\(fixed(seconds, decimals: 1)) s at \(sampleRate) Hz, training samples: "
      + "\(data.training.inputs.rows)"
      + (data.validation.map { ", validation samples: \($0.inputs.rows)" } ?? "")
  }
}
