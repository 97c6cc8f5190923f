// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// The training of a model of characters.
struct TextRun: TrainingRun {
  /// How the text is read, as files have it.
  struct Reading: Codable, Equatable {
    var sequence: Int
    var batch: Int
    var validation: Double
    var overfitsBatch: Bool

    /// Of the text.
    var checksum: UInt32
  }

  static var kind: String { "text" }
  static let vocabularyKey = "vocabulary"
  private static let readingKey = "text"

  private(set) var training: Training<Float>
  private let vocabulary: Vocabulary
  private let reading: Reading
  private let data: TextData

  init(_ text: TextFile, _ model: TextModelArguments, _ arguments: TextTrainingArguments) throws {
    vocabulary = Vocabulary(of: text.text)
    reading = Reading(
      sequence: arguments.sequence, batch: arguments.batch,
      validation: arguments.withheldShare,
      overfitsBatch: arguments.overfitBatch, checksum: text.checksum)
    data = try TextData(text, vocabulary, reading)
    training = try Training(
      model.model(characters: vocabulary.count, seed: arguments.seed),
      options: arguments.options(stepsOfEpoch: data.training.count))
  }

  /// Goes on with the run of a checkpoint.
  ///
  /// - `epochs`: how many it is to have, if not those that it has.
  init(resuming file: SafeTensors, on text: TextFile, epochs: Int?) throws {
    training = try Training(file)
    if let epochs { try training.changeEpochs(to: epochs) }
    let info = try file.info
    guard let contents = info[Self.vocabularyKey], let saved = info[Self.readingKey],
      let reading = try? JSONDecoder().decode(Reading.self, from: Data(saved.utf8))
    else { throw BadInput("--resume: the checkpoint is of no run of recur train text") }
    guard reading.checksum == text.checksum else {
      throw BadInput("\(text.path): is not the text that the run began with")
    }
    self.reading = reading
    vocabulary = try Vocabulary(contents: contents)
    data = try TextData(text, vocabulary, reading)
  }

  mutating func step(threads: Threads?) throws -> TrainingStep? {
    try training.step(data.training, validation: data.validation, threads: threads)
  }

  var progress: ProgressLine.Frame {
    .init(epochs: training.options.epochs, stepsOfEpoch: data.training.count, countsBits: true)
  }

  var isFinished: Bool { training.isFinished }
  var histories: [[TrainingEpoch]] { [training.history] }
  func name(ofNetwork number: Int) -> String? { nil }

  private func info() throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let reading = String(decoding: try encoder.encode(reading), as: UTF8.self)
    return [Self.vocabularyKey: vocabulary.contents, Self.readingKey: reading]
  }

  func saveCheckpoint(to url: URL) throws { try training.save(to: url, info: info()) }
  func saveModel(to url: URL) throws { try training.best.save(to: url, info: info()) }

  var summary: String {
    let tried = data.validation.map { ", and to validate with \($0.tokens.count)" } ?? ""
    return
      "\(vocabulary.count) different characters; to train on \(data.training.tokens.count)\(tried)"
  }

  func describe(_ loss: Double) -> String { "\(fixed(loss, decimals: 4)) nats  \(inBits(loss))" }
}

extension Training {
  /// Refuses what would make another run of it, or nothing.
  fileprivate mutating func changeEpochs(to epochs: Int) throws {
    guard epochs != options.epochs else { return }
    switch options.schedule {
    case .cosine, .warmUp(_, .cosine): throw BadInput.epochsOfCosine
    default: break
    }
    do { try setEpochs(epochs) } catch { throw BadInput("--\(error)") }
    guard !isFinished || history.count == epochs else {
      throw BadInput(
        "--epochs is \(epochs), and a patience of \(options.patience!) ended the run after epoch "
          + "\(history.count)")
    }
  }
}
