// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// The training of a forecaster.
struct SeriesRun: TrainingRun {
  static var kind: String { "series" }

  private var training: ForecasterTraining<Float>
  private let series: Series
  private let reading: SeriesReading

  init(_ training: ForecasterTraining<Float>, _ series: Series, _ reading: SeriesReading) {
    self.training = training
    self.series = series
    self.reading = reading
  }

  var recognition: SeriesRecognition? { series.recognition }

  /// Resumes a run from its checkpoint.
  init(resuming file: SafeTensors, on path: String) throws {
    let reading = try SeriesInfo(file.info)?.reading ?? .init()
    let series = try Series.read(path, reading)
    let training = try BadInput.naming(path) {
      try ForecasterTraining<Float>(file, fitting: series.interpolatedValues)
    }
    self.init(training, series, reading)
  }

  mutating func step(threads: Threads?) throws -> TrainingStep? {
    try training.step(threads: threads, ranks: Processes.ranks)?.trainingStep
  }

  var shards: Int? { training.options.shards }

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
        lastDate: "\(series.dates.last!)", interval: "\(try series.interval())",
        range: series.range, name: series.recognition?.column, reading: reading
      ).strings
    }
  }

  func saveCheckpoint(to url: URL) throws { try training.save(to: url, info: info) }
  func saveModel(to url: URL) throws { try training.forecaster!.save(to: url, info: info) }

  var summary: String {
    let summary =
      series.recognition?.summary
      ?? "\(series.dates.count) values, \(series.dates[0]) to \(series.dates.last!)"
    let period = training.options.period
    return summary + (period > 1 ? "; values per season: \(period)" : "; no season")
  }
}
