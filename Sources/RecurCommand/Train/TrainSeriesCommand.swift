// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurTraining

struct TrainSeriesCommand: TrainingCommand {
  static let configuration = CommandConfiguration(
    commandName: "series",
    abstract: "Train networks that forecast a time series.",
    usage: """
      recur train series <file> --horizon <horizon> [<options>]
      recur train series <file> --resume <checkpoint> [<options>]
      """,
    discussion: """
      EXAMPLES
        recur train series sales.csv --horizon 12
        recur forecast sales.csv --model model.safetensors

      \(SeriesArguments.discussion)

      The command trains the same networks as recur forecast. With --model, recur forecast uses the \
      trained networks. Losses are quantile losses on the scaled series.

      \(RunArguments.discussion(
        resumed: "The number of epochs cannot be changed.",
        configuration: #"{"horizon": 12, "members": 4}"#))
      """)

  @Argument(help: "CSV file with the series.", completion: .file()) var file: String
  @OptionGroup(title: "SERIES") var series: SeriesArguments
  @OptionGroup(title: "RUN") var arguments: RunArguments
  @OptionGroup(title: "FORECAST") var interval: IntervalArguments
  @OptionGroup(title: "FORECAST") var method: MethodArguments
  @OptionGroup(title: "TUNING") var networks: ForecasterArguments

  func validate() throws {
    try series.requireHorizon(unless: arguments.resume != nil)
    guard method.method.isEmpty || method.method.contains(.network) else {
      throw ValidationError("--method does not include network, expected a method to train")
    }
  }

  func run() throws {
    var (loop, run) = try Processes.ranks.together(prepare)
    try BadInput.naming(arguments.resume ?? Series.name(of: file)) { try loop.train(&run) }
  }

  private func prepare() throws -> (TrainingLoop<SeriesRun>, SeriesRun) {
    let run =
      if let checkpoint = arguments.resume {
        try resume(checkpoint)
      } else {
        try begin()
      }
    let loop = try TrainingLoop<SeriesRun>(arguments, files: [file], shards: run.shards)
    note(run.summary)
    return (loop, run)
  }

  private func resume(_ checkpoint: String) throws -> SeriesRun {
    guard networks.epochs == nil else { throw BadInput.epochsOfCosine }
    return try SeriesRun(
      resuming: SafeTensors(path: checkpoint), on: file)
  }

  private func begin() throws -> SeriesRun {
    let series = try self.series.read(file)
    var options = try self.series.options(networks, method, interval, for: series).options
    options.shards = arguments.chosenShards
    try series.requireNetworks(options, path: Series.name(of: file))
    return try SeriesRun(
      ForecasterTraining(fitting: series.interpolatedValues, options: options), series,
      self.series.reading)
  }
}
