// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurTraining

/// The loop that trains a run to its end and writes its files.
struct TrainingLoop<Run: TrainingRun> {
  let arguments: RunArguments

  /// The paths of the training data.
  let files: [String]
  private let folder: OutputFolder
  private let threads: Threads?
  private let ranks = Processes.ranks

  static var modelName: String { "model.safetensors" }
  static var checkpointName: String { "checkpoint.safetensors" }

  init(_ arguments: RunArguments, files: [String], shards: Int?) throws {
    self.arguments = arguments
    self.files = files
    try Processes.require(shards: shards, arguments.resume ?? files[0])
    let names = [
      Self.modelName, Self.checkpointName, "history.csv", arguments.output.plotName("history"),
    ]
    folder =
      ranks.rank == 0
      ? try OutputFolder(
        arguments.output.folder, for: names + [Run.exportName].compactMap(\.self), keeping: files)
      : OutputFolder(ofOtherProcess: arguments.output.folder)
    threads = arguments.threads > 1 ? try Threads(count: arguments.threads) : nil
  }

  func train(_ run: inout Run) throws {
    Interruption.watch()
    var firstLosses: [Double] = []
    do {
      try steps(&run, &firstLosses)
    } catch let error as TrainingError {
      try onFirst { try write(run.histories) }
      alert("recur: \(error)")
      alert("  this update was discarded; try a lower --learning-rate or --clip-norm")
      throw ExitCode(1)
    }
    try onFirst { [run] in try writeResults(run, firstLosses) }
  }

  /// Runs a function that writes or prints, in the first process. Its errors end all processes.
  private func onFirst(_ body: () throws -> Void) throws {
    try ranks.together { if ranks.rank == 0 { try body() } }
  }

  private func writeResults(_ run: Run, _ firstLosses: [Double]) throws {
    let model = folder.file(Self.modelName)
    try save(to: model, run.saveModel)
    note("wrote \(model.relativePath)")
    if let name = Run.exportName {
      try save(to: folder.file(name), run.export)
      note("wrote \(folder.file(name).relativePath)")
    }
    try write(run.histories)
    try report(run, model)
    try warn(run, firstLosses)
  }

  /// Trains until the run is finished.
  ///
  /// - Parameters:
  ///   - run: The run.
  ///   - firstLosses: Receives the first loss of each network that begins training.
  /// - Throws: `TrainingError` if a value is not finite, or `ExitCode` after a signal.
  private func steps(_ run: inout Run, _ firstLosses: inout [Double]) throws {
    var progress = NetworksProgress(printEvery: arguments.printEvery)
    defer { progress.end() }
    var saved = ContinuousClock.now - .seconds(1)
    while true {
      progress.begin(run.progress)
      guard let step = try run.step(threads: threads) else { return }
      progress.show(step)
      if step.index == 0 { firstLosses.append(step.loss) }
      let isDue = arguments.checkpointEvery.map { (step.index + 1).isMultiple(of: $0) } ?? false
      let isEnd = step.finishedEpoch != nil && (ContinuousClock.now - saved >= .seconds(1))
      let (signal, saves) = try agreed(Interruption.signal, isDue || isEnd || run.isFinished)
      if saves {
        try run.gather()
        try onFirst { try save(to: folder.file(Self.checkpointName), run.saveCheckpoint) }
        saved = .now
      }
      if let signal {
        progress.end()
        try onFirst { try describeStop(run, step) }
        throw ExitCode(128 + signal)
      }
    }
  }

  /// Returns what the processes do after a step: a signal ends all of them after a checkpoint, and the first
  /// one, whose clock counts, decides on other checkpoints.
  private func agreed(_ signal: Int32?, _ saves: Bool) throws -> (signal: Int32?, saves: Bool) {
    let own = [signal == SIGINT, signal == SIGTERM, saves && ranks.rank == 0]
    let all = try ranks.sum(own.map { $0 ? 1 : 0 }).map { $0 > 0 }
    return (all[0] ? SIGINT : all[1] ? SIGTERM : nil, all.contains(true))
  }

  /// Calls a function that writes a file, whose errors are not in the input.
  private func save(to file: URL, _ write: (URL) throws -> Void) throws {
    do { try write(file) } catch let error as FileError { throw RunFailure(error, of: file) }
  }

  private func describeStop(_ run: Run, _ step: TrainingStep) throws {
    try write(run.histories)
    note("stopped after step \(step.index + 1); to resume:")
    let words =
      Processes.words + ["recur", "train", Run.kind] + files
      + ["--resume", folder.file(Self.checkpointName).relativePath] + arguments.argumentsToResume
    note("  " + words.map(shellWord).joined(separator: " "))
  }

  private func report(_ run: Run, _ model: URL) throws {
    let results = run.histories.enumerated().compactMap {
      TrainingResult($1, network: $0 + 1, name: run.name(ofNetwork: $0))
    }
    let metrics = try run.metrics(threads: threads)
    if arguments.format.json {
      try printJSON(
        TrainingReport(
          model: model.relativePath, networks: results,
          metrics: metrics.isEmpty ? nil : metrics, series: run.recognition))
      return
    }
    for result in results {
      let loss = result.validationLoss ?? result.loss
      let name = result.validationLoss == nil ? "loss" : "validation loss"
      print(
        "\(result.prefix)\(name) \(run.describe(loss))  after epoch \(result.epoch) of \(result.epochs)"
      )
    }
    for (name, value) in metrics.sorted(by: { $0.key < $1.key }) {
      print("\(name): \(run.describe(value))")
    }
    print("model: \(model.relativePath.printable(limit: 5000))")
  }

  /// Warns about networks whose loss did not decrease, although it stayed finite.
  ///
  /// - Parameters:
  ///   - run: The finished run.
  ///   - firstLosses: The first losses of the last networks. For the others, which began before the
  ///     run was resumed, the loss of the first epoch replaces the first loss.
  /// - Throws: An error if the loss of the training data cannot be computed.
  private func warn(_ run: Run, _ firstLosses: [Double]) throws {
    let earlier = run.histories.count - firstLosses.count
    for (index, history) in run.histories.enumerated() {
      guard
        let kept = TrainingResult(history, network: index + 1, name: run.name(ofNetwork: index))
      else { continue }
      let first = index < earlier ? history[0].loss : firstLosses[index - earlier]
      // If the first epoch has the minimum validation loss, the training loss may still decrease later.
      let epoch = kept.epoch > 1 ? kept.epoch : history.count
      let loss = history[epoch - 1].loss
      guard loss > first, try !run.hasLowerLossThanAtStart(threads: threads) else { continue }
      alert(
        "warning: \(kept.prefix)the loss did not decrease: \(fourDigits(first)) at the start, "
          + "\(fourDigits(loss)) in epoch \(epoch); try a lower --learning-rate or --clip-norm")
    }
  }

  private func write(_ histories: [[TrainingEpoch]]) throws {
    guard histories.contains(where: { !$0.isEmpty }) else { return }
    let history = TrainingHistory(histories)
    try folder.write(history.table, to: "history.csv")
    let output = arguments.output
    Gnuplot(output.plotFormat, folder.file(output.plotName("history"))).draw(history.plot)
  }
}
