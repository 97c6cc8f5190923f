// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// The training of a forecaster.
struct SeriesRun: TrainingRun {
  static var kind: String { "series" }

  private var training: ForecasterTraining<Float>
  private let series: Series
  private let column: String?

  init(_ training: ForecasterTraining<Float>, _ series: Series, _ column: String?) {
    self.training = training
    self.series = series
    self.column = column
  }

  /// Resumes a run from its checkpoint.
  init(resuming file: SafeTensors, on path: String) throws {
    let column = try SeriesInfo(file.info)?.column
    let series = try Series.read(path, column: column)
    let training = try BadInput.naming(path) {
      try ForecasterTraining<Float>(file, fitting: series.interpolatedValues)
    }
    self.init(training, series, column)
  }

  mutating func step(threads: Threads?) throws -> TrainingStep? {
    try training.step(threads: threads)?.trainingStep
  }

  var progress: ProgressLine.Frame {
    .init(
      epochs: training.epochs, stepsPerEpoch: training.stepsPerEpoch,
      label: training.options.name(ofNetwork: training.member))
  }

  var isFinished: Bool { training.isFinished }
  var histories: [[TrainingEpoch]] { training.histories }
  func name(ofNetwork number: Int) -> String? {
    training.options.name(ofNetwork: number < training.options.members ? number : nil)
  }
  func describe(_ loss: Double) -> String { fixed(loss, decimals: 4) }

  private var info: [String: String] {
    get throws {
      SeriesInfo(
        lastDate: "\(series.dates.last!)", interval: "\(try series.interval())", column: column
      ).strings
    }
  }

  func saveCheckpoint(to url: URL) throws { try training.save(to: url, info: info) }
  func saveModel(to url: URL) throws { try training.forecaster!.save(to: url, info: info) }

  var summary: String {
    "\(series.dates.count) values, \(series.dates[0]) to \(series.dates.last!), values per "
      + "season: \(training.options.period)"
  }
}
