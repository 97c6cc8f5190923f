// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// The training of the network of a panel.
struct PanelTrainingRun: TrainingRun {
  static var kind: String { "panel" }

  private var training: PanelTraining<Float>
  private let panel: [PanelSeries]
  private let form: PanelForm
  private let threads: Threads?

  init(
    _ training: PanelTraining<Float>, on panel: [PanelSeries], _ form: PanelForm,
    threads: Threads?
  ) {
    (self.training, self.panel, self.form, self.threads) = (training, panel, form, threads)
  }

  mutating func step(threads: Threads?) throws -> TrainingStep? {
    try training.step(threads: threads)
  }

  /// The run of a panel has one process.
  var shards: Int? { nil }

  var progress: ProgressLine.Frame {
    .init(epochs: training.epochs, stepsPerEpoch: training.stepsPerEpoch)
  }

  var isFinished: Bool { training.isFinished }
  var histories: [[TrainingEpoch]] { [training.history] }
  func name(ofNetwork number: Int) -> String? { nil }
  func describe(_ loss: Double) -> String { fixed(loss, decimals: 4) }

  func saveCheckpoint(to url: URL) throws {
    try training.save(to: url, info: PanelInfo.strings(form))
  }

  func saveModel(to url: URL) throws {
    try training.forecaster(calibratedOn: panel, threads: threads)
      .save(to: url, info: PanelInfo.strings(form))
  }

  var summary: String {
    "\(panel.count) series, values per season: \(training.options.period), "
      + "training windows: \(training.windowCount)"
  }
}
