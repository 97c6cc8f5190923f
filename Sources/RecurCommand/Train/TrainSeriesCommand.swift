// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurTraining

struct TrainSeriesCommand: TrainingCommand {
  static let configuration = CommandConfiguration(
    commandName: "series",
    abstract: "Train networks that forecast a series.",
    usage: """
      recur train series <file> --horizon <horizon> [<options>]
      recur train series <file> --resume <checkpoint> [<options>]
      """,
    discussion: """
      EXAMPLES
        recur train series sales.csv --horizon 12 --output runs/sales
        recur forecast sales.csv --model runs/sales/model.safetensors

      The series and the networks are those of recur forecast, which with --model takes the networks from \
      the file. The series ends with its last value that is not missing. Losses are quantile losses of \
      the scaled series.

      \(RunArguments.discussion)
      """)

  @Argument(help: "CSV file of the series.", completion: .file()) var file: String
  @OptionGroup(title: "SERIES") var series: SeriesArguments
  @OptionGroup(title: "RUN") var arguments: RunArguments
  @OptionGroup(title: "NETWORKS") var networks: ForecasterArguments

  func validate() throws { try series.requireHorizon(unless: arguments.resume != nil) }

  func run() throws {
    var run =
      if let checkpoint = arguments.resume {
        try resume(checkpoint)
      } else {
        try begin()
      }
    let loop = try TrainingLoop<SeriesRun>(arguments, file: file)
    note("\(file): \(run.summary)")
    try loop.train(&run)
  }

  private func resume(_ checkpoint: String) throws -> SeriesRun {
    guard networks.epochs == nil else { throw BadInput.epochsOfCosine }
    return try SeriesRun(
      resuming: SafeTensors(contentsOf: URL(fileURLWithPath: checkpoint)), on: file)
  }

  private func begin() throws -> SeriesRun {
    let series = try self.series.read(file)
    let options = try self.series.options(networks, for: series)
    try series.require(count: options.valuesNeeded, path: file)
    return try SeriesRun(
      ForecasterTraining(fitting: series.interpolatedValues, options: options), series,
      self.series.column)
  }
}
