// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// The training of a character model.
struct TextRun: SingleModelRun {
  static var kind: String { "text" }

  var training: Training<SequenceModel<Float>>
  let start: SequenceModel<Float>?
  private let info: TextInfo
  private let data: TextData

  init(
    _ text: TextFile, _ model: TextModelArguments, _ arguments: TextTrainingArguments,
    _ tuning: TuningArguments, shards: Int?
  ) throws {
    info = TextInfo(
      vocabulary: Vocabulary(of: text.text),
      reading: arguments.reading(checksum: text.checksum))
    data = try TextData(text, info)
    let model = try model.model(characters: info.vocabulary.count, seed: arguments.seed)
    var options = try arguments.options(tuning, stepsPerEpoch: data.training.count)
    options.shards = shards
    training = try Training(model, options: options)
    start = model
  }

  /// Resumes a run from its checkpoint.
  ///
  /// - Parameters:
  ///   - file: The checkpoint.
  ///   - text: The training text.
  ///   - epochs: The new number of epochs; unchanged if nil.
  /// - Throws: `BadInput` or `FileError` if the checkpoint is invalid or does not fit the text.
  init(resuming file: SafeTensors, on text: TextFile, epochs: Int?) throws {
    training = try Training(file)
    start = nil
    if let epochs { try training.changeEpochs(to: epochs) }
    guard let info = try TextInfo(file.info, file.path) else {
      throw BadInput("\(file.path): was not written by recur train text")
    }
    let invalid = "describes an invalid run: "
    try BadInput.naming(file.path, invalid) { try info.reading.validate() }
    guard info.reading.checksum == text.checksum else {
      throw BadInput("\(text.path): differs from the training text of the checkpoint")
    }
    self.info = info
    data = try BadInput.naming(file.path, invalid) { try TextData(text, info) }
    try BadInput.naming(file.path, invalid) {
      try training.requirePosition(examples: data.training.count)
    }
  }

  var trainingData: any TrainingData<Float> { data.training }
  var validationData: (any TrainingData<Float>)? { data.validation }

  var progress: ProgressLine.Frame {
    .init(epochs: training.options.epochs, stepsPerEpoch: data.training.count, countsBits: true)
  }

  func saveCheckpoint(to url: URL) throws { try training.save(to: url, info: info.strings) }
  func saveModel(to url: URL) throws { try training.best.save(to: url, info: info.strings) }

  var summary: String {
    let validation = data.validation.map { ", validation characters: \($0.tokenCount)" } ?? ""
    return "vocabulary size: \(info.vocabulary.count), training characters: "
      + "\(data.training.tokenCount)\(validation)"
  }

  func describe(_ loss: Double) -> String { "\(fixed(loss, decimals: 4)) nats  \(inBits(loss))" }
}
