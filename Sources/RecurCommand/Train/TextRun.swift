// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// The training of a model of characters.
struct TextRun: TrainingRun {
  static var kind: String { "text" }

  private(set) var training: Training<Float>
  private let info: TextInfo
  private let data: TextData

  init(_ text: TextFile, _ model: TextModelArguments, _ arguments: TextTrainingArguments) throws {
    info = TextInfo(
      vocabulary: Vocabulary(of: text.text),
      reading: .init(
        sequence: arguments.sequence, batch: arguments.batch, validation: arguments.withheldShare,
        overfitsBatch: arguments.overfitBatch, checksum: text.checksum))
    data = try TextData(text, info)
    training = try Training(
      model.model(characters: info.vocabulary.count, seed: arguments.seed),
      options: arguments.options(stepsPerEpoch: data.training.count))
  }

  /// Resumes a run from its checkpoint.
  ///
  /// - Parameters:
  ///   - file: the checkpoint.
  ///   - text: the text that the run trains on.
  ///   - epochs: the new number of epochs; unchanged if nil.
  /// - Throws: `BadInput` or `FileError` for a checkpoint that does not fit the text.
  init(resuming file: SafeTensors, on text: TextFile, epochs: Int?) throws {
    training = try Training(file)
    if let epochs { try training.changeEpochs(to: epochs) }
    guard let info = try TextInfo(file.info) else {
      throw BadInput("--resume: the checkpoint is of no run of recur train text")
    }
    guard info.reading.checksum == text.checksum else {
      throw BadInput("\(text.path): is not the text that the run began with")
    }
    self.info = info
    data = try TextData(text, info)
  }

  mutating func step(threads: Threads?) throws -> TrainingStep? {
    try training.step(data.training, validation: data.validation, threads: threads)
  }

  var progress: ProgressLine.Frame {
    .init(epochs: training.options.epochs, stepsPerEpoch: data.training.count, countsBits: true)
  }

  var isFinished: Bool { training.isFinished }
  var histories: [[TrainingEpoch]] { [training.history] }
  func name(ofNetwork number: Int) -> String? { nil }

  func saveCheckpoint(to url: URL) throws { try training.save(to: url, info: info.strings) }
  func saveModel(to url: URL) throws { try training.best.save(to: url, info: info.strings) }

  var summary: String {
    let tried = data.validation.map { ", and to validate with \($0.tokens.count)" } ?? ""
    return
      "\(info.vocabulary.count) different characters; to train on \(data.training.tokens.count)\(tried)"
  }

  func describe(_ loss: Double) -> String { "\(fixed(loss, decimals: 4)) nats  \(inBits(loss))" }
}

extension Training {
  /// Refuses what would make another run of it, or nothing.
  fileprivate mutating func changeEpochs(to epochs: Int) throws {
    guard epochs != options.epochs else { return }
    guard !options.schedule.dependsOnRunLength else { throw BadInput.epochsOfCosine }
    do { try setEpochs(epochs) } catch { throw BadInput("--\(error)") }
    guard !isFinished || history.count == epochs else {
      throw BadInput(
        "--epochs is \(epochs), and a patience of \(options.patience!) ended the run after epoch "
          + "\(history.count)")
    }
  }
}
