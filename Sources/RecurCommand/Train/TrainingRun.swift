// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// A training run that advances step by step.
protocol TrainingRun {
  /// The subcommand of `train`, such as `text`.
  static var kind: String { get }

  mutating func step(threads: Threads?) throws -> TrainingStep?

  /// Collects the parts of the run that other processes have, before the first process saves it.
  mutating func gather() throws

  /// The number of shards of the run; nil if batches are not divided.
  var shards: Int? { get }

  /// The properties of the progress line for the next step.
  var progress: ProgressLine.Frame { get }

  var isFinished: Bool { get }

  /// The epochs of each network.
  var histories: [[TrainingEpoch]] { get }

  /// The name in messages of network `number`, from 0; nil if there is one network.
  func name(ofNetwork number: Int) -> String?

  /// Formats a loss for messages.
  func describe(_ loss: Double) -> String

  /// Whether the loss of all training data is lower than at the start; false if that is not known.
  func hasLowerLossThanAtStart(threads: Threads?) throws -> Bool

  func saveCheckpoint(to url: URL) throws
  func saveModel(to url: URL) throws

  /// The name of a file with the model in the format of another program; nil if there is none.
  static var exportName: String? { get }

  /// Writes the finished model in the format of another program.
  func export(to url: URL) throws

  /// Computes numbers that describe the finished model on the validation data, by name.
  func metrics(threads: Threads?) throws -> [String: Double]

  /// What was recognized in the file of a series; nil for other runs.
  var recognition: SeriesRecognition? { get }
}

extension TrainingRun {
  static var exportName: String? { nil }
  var recognition: SeriesRecognition? { nil }
  mutating func gather() throws {}
  func export(to url: URL) throws {}
  func metrics(threads: Threads?) throws -> [String: Double] { [:] }
  func hasLowerLossThanAtStart(threads: Threads?) throws -> Bool { false }
}

extension BadInput {
  static let epochsOfCosine = BadInput(
    "--epochs cannot be changed: the learning rate decays along a cosine over all epochs of the run"
  )
}
