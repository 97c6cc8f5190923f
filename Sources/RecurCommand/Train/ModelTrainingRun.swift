// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// The training of a model of any layers.
struct ModelTrainingRun: SingleModelRun {
  static var kind: String { "model" }

  var training: Training<Model<Float>>
  let start: Model<Float>?
  private let loaded: LoadedModel<Float>
  private let info: ModelTrainingInfo
  private let data: BatchExamples<Float>
  private let validation: BatchExamples<Float>?
  private let metrics: [Metric<Float>]

  init(
    _ loaded: LoadedModel<Float>, _ file: ModelTrainingFile, _ arguments: ModelTrainingArguments,
    _ tuning: TuningArguments, shards: Int?
  ) throws {
    let info = ModelTrainingInfo(
      validation: arguments.validationFraction, seed: arguments.seed, checksum: file.checksum)
    guard arguments.loss == nil || !file.outputs.allSatisfy(\.hasLabels) else {
      throw BadInput(
        "\(file.path): has only labels, whose loss is the cross-entropy, but --loss is given")
    }
    let (data, validation) = try Self.parts(of: file, info)
    let steps = (data.count + arguments.batchSize - 1) / arguments.batchSize
    var options = try arguments.options(
      tuning, file.loss(ofValues: (arguments.loss ?? .squared).loss), stepsPerEpoch: steps)
    options.shards = shards
    let training = try BadInput.naming(loaded.path) { [options] in
      try Training(loaded.model, options: options)
    }
    self.init(training, loaded, start: loaded.model, info, data, validation, file)
  }

  /// Resumes a run from its checkpoint.
  ///
  /// - Parameters:
  ///   - file: The checkpoint.
  ///   - loaded: The model at the beginning of the run.
  ///   - sequences: The training data.
  ///   - epochs: The new number of epochs; unchanged if nil.
  /// - Throws: `BadInput` or `FileError` if the checkpoint is invalid or does not fit the model or the data.
  init(
    resuming file: SafeTensors, of loaded: LoadedModel<Float>, on sequences: ModelTrainingFile,
    epochs: Int?
  ) throws {
    var training: Training<Model<Float>> = try Training(file)
    if let epochs { try training.changeEpochs(to: epochs) }
    let info = try ModelTrainingInfo(file.info, file.path)
    guard training.model.graph == loaded.model.graph else {
      throw BadInput("\(loaded.path): differs from the model of the checkpoint")
    }
    guard info.checksum == sequences.checksum else {
      throw BadInput("\(sequences.path): differs from the data of the checkpoint")
    }
    let invalid = "describes an invalid run: "
    let (data, validation) = try BadInput.naming(file.path, invalid) {
      try requireFraction("--validation-fraction", info.validation)
      return try Self.parts(of: sequences, info)
    }
    self.init(training, loaded, start: nil, info, data, validation, sequences)
    try BadInput.naming(file.path, invalid) { [training] in
      try training.requirePosition(examples: data.count)
    }
  }

  private init(
    _ training: Training<Model<Float>>, _ loaded: LoadedModel<Float>, start: Model<Float>?,
    _ info: ModelTrainingInfo, _ data: BatchExamples<Float>, _ validation: BatchExamples<Float>?,
    _ file: ModelTrainingFile
  ) {
    (self.training, self.loaded, self.start, self.info) = (training, loaded, start, info)
    (self.data, self.validation) = (data, validation)
    metrics = file.outputs.filter(\.hasLabels).map { output in
      var metric = Metric<Float>.accuracy(of: output.name)
      if file.outputs.count > 1 { metric.name += " of \(output.name)" }
      return metric
    }
  }

  private static func parts(
    of file: ModelTrainingFile, _ info: ModelTrainingInfo
  ) throws -> (BatchExamples<Float>, BatchExamples<Float>?) {
    let (training, validation) = try file.examples.split(
      validation: info.validation, seed: info.seed)
    guard let training, validation != nil || info.validation == 0 else {
      throw BadInput(
        "\(file.path): has \(counted(file.examples.count, "sequence")), too few for "
          + "--validation-fraction \(shortest(info.validation))")
    }
    return (training, validation)
  }

  var trainingData: any TrainingData<Float> { data }
  var validationData: (any TrainingData<Float>)? { validation }
  func describe(_ loss: Double) -> String { fixed(loss, decimals: 5) }

  func saveCheckpoint(to url: URL) throws { try training.save(to: url, info: strings) }
  func saveModel(to url: URL) throws { try training.best.save(to: url, info: strings) }

  /// The strings of the files, with those of the model that is trained further.
  private var strings: [String: String] {
    get throws { try info.strings.merging(loaded.strings) { own, _ in own } }
  }

  func metrics(threads: Threads?) throws -> [String: Double] {
    guard let validation else { return [:] }
    return try training.best.metrics(
      metrics, training.options.loss, over: validation, threads: threads
    ).filter { $0.value.isFinite }  // It is not if no label counts.
  }

  var summary: String {
    "steps: \(data.all.inputs.values.first?.steps ?? 0), training sequences: \(data.count)"
      + (validation.map { ", validation sequences: \($0.count)" } ?? "")
  }
}
