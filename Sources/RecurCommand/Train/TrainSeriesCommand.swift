// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurTraining

struct TrainSeriesCommand: TrainingCommand {
  static let configuration = CommandConfiguration(
    commandName: "series",
    abstract: "Train networks that forecast a series.",
    discussion: """
      EXAMPLES
        recur train series sales.csv --horizon 12 --output runs/sales
        recur forecast sales.csv --model runs/sales/model.safetensors

      The series is a CSV file and the networks are those of recur forecast, which with --model takes \
      them from the file. The series ends with its last value that is not missing. Losses are those of \
      quantiles, of numbers near 0.

      \(RunArguments.discussion)
      """)

  @Argument(help: "The series, a CSV file.", completion: .file()) var file: String
  @Option(help: "How many values are to be forecast.") var horizon: Int?
  @Option(help: "How many values make a season; by the dates if not given, 1 for none.")
  var period: Int?
  @Option(help: "The column of values; the second one if not given.") var column: String?
  @OptionGroup(title: "NETWORKS") var networks: ForecasterArguments
  @OptionGroup(title: "RUN") var arguments: RunArguments

  func validate() throws {
    try requireCounts([("--horizon", horizon ?? 1), ("--period", period ?? 1)])
    guard horizon != nil || arguments.resume != nil else {
      throw ValidationError("--horizon is missing")
    }
  }

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
    let series = try Series.read(file, column: column)
    let options = networks.options(
      period: try period ?? series.interval().usualPeriod, horizon: horizon!)
    try series.require(count: options.valuesNeeded, path: file)
    return try SeriesRun(
      ForecasterTraining(fitting: series.interpolatedValues, options), series, column)
  }
}
