// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurTraining

struct TrainPanelCommand: TrainingCommand {
  static let configuration = CommandConfiguration(
    commandName: "panel",
    abstract: "Train one network that forecasts many time series.",
    usage: """
      recur train panel <file> --id <column> --horizon <horizon> [<options>]
      recur train panel <file> --each-column --horizon <horizon> [<options>]
      recur train panel <file> --resume <checkpoint> [<options>]
      """,
    discussion: """
      EXAMPLES
        recur train panel sales.csv --id store --horizon 12
        recur forecast sales.csv --model model.safetensors

      \(PanelArguments.discussion)

      The command trains the same network as recur forecast --id. The model stores how the file is \
      read, and recur forecast --model forecasts the same or other series. With more than \
      \(PanelSample.most) series, the network is trained on \(PanelSample.most) of them. Losses are \
      quantile losses on the scaled series.

      \(RunArguments.discussion(
        resumed: "The number of steps cannot be changed, and series that cannot be read are left out again.",
        configuration: #"{"id": "store", "horizon": 12, "hidden-size": 64}"#))
      """)

  @Argument(help: "CSV file with the panel.", completion: .file()) var file: String
  @OptionGroup(title: "SERIES") var series: SeriesArguments
  @OptionGroup(title: "PANEL") var panel: PanelArguments
  @OptionGroup(title: "RUN") var arguments: RunArguments
  @OptionGroup(title: "FORECAST") var interval: IntervalArguments
  @OptionGroup(title: "FORECAST") var method: MethodArguments
  @OptionGroup(title: "TUNING") var networks: PanelNetworkArguments

  func validate() throws {
    try series.requireHorizon(unless: arguments.resume != nil)
    guard panel.isGiven || arguments.resume != nil else {
      throw ValidationError(
        "--id is missing, expected the column that names the series, or --each-column")
    }
    guard method.method.isEmpty || method.method.contains(.network) else {
      throw ValidationError("--method does not include network, expected a method to train")
    }
    guard file != "-" || arguments.resume == nil else {
      throw ValidationError("the file is standard input, expected a path with --resume")
    }
  }

  func run() throws {
    var (loop, run) = try Processes.ranks.together(prepare)
    try BadInput.naming(arguments.resume ?? Series.name(of: file)) { try loop.train(&run) }
  }

  private func prepare() throws -> (TrainingLoop<PanelTrainingRun>, PanelTrainingRun) {
    let (checkpoint, options, form) = try resumed
    let (panel, found) = try read(horizon: options?.horizon ?? series.horizon!, form)
    let training = try BadInput.naming(Series.name(of: file)) {
      if let checkpoint { return try PanelTraining<Float>(checkpoint, fitting: panel) }
      return try PanelTraining<Float>(fitting: panel, options: newOptions(found))
    }
    let threads = arguments.threads > 1 ? try Threads(count: arguments.threads) : nil
    let run = PanelTrainingRun(training, on: panel, found, threads: threads)
    let loop = try TrainingLoop<PanelTrainingRun>(arguments, files: [file], shards: run.shards)
    note("  " + run.summary)
    return (loop, run)
  }

  /// Reads the series on which the network is trained.
  private func read(
    horizon: Int, _ form: PanelForm?
  ) throws -> (panel: [PanelSeries], form: PanelForm) {
    let (path, copy) = try file == "-" ? TemporaryCopy.ofStandardInput() : (file, nil)
    defer { copy?.remove() }
    let source = PanelSource(
      path: path, name: Series.name(of: file), horizon: horizon, reading: panel.reading(series),
      skips: panel.onError == .skip || arguments.resume != nil, form: form)
    var sample = PanelSample()
    let (found, _) = try source.forEach { entries, _ in sample.add(entries) }
    sample.reduce()
    note(found.summary(of: source.name))
    return (sample.series, found)
  }

  private var resumed: (checkpoint: SafeTensors?, options: PanelOptions?, form: PanelForm?) {
    get throws {
      guard let path = arguments.resume else { return (nil, nil, nil) }
      let file = try SafeTensors(path: path)
      let options = try PanelTraining<Float>.options(of: file)
      return (file, options, try PanelInfo.form(of: file, options))
    }
  }

  private func newOptions(_ form: PanelForm) -> PanelOptions {
    var options = PanelOptions(series, panel, method, interval, form)
    networks.set(&options)
    options.shards = arguments.chosenShards
    return options
  }
}
