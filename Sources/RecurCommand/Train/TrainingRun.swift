// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// Something that is trained step by step.
protocol TrainingRun {
  /// Such as `text`, a command of `train`.
  static var kind: String { get }

  mutating func step(threads: Threads?) throws -> TrainingStep?

  /// For the next step.
  var progress: ProgressLine.Frame { get }

  var isFinished: Bool { get }

  /// The epochs of each network.
  var histories: [[TrainingEpoch]] { get }

  /// What network `number`, from 0, is called; nil where there is but one.
  func name(ofNetwork number: Int) -> String?

  /// A loss for people.
  func describe(_ loss: Double) -> String

  func saveCheckpoint(to url: URL) throws
  func saveModel(to url: URL) throws
}

extension BadInput {
  static let epochsOfCosine = BadInput(
    "--epochs cannot be changed: the learning rate falls as a cosine over all epochs of the run")
}
