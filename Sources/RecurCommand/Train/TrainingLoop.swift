// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurTraining

/// A run from where it is to its end, and the files that it leaves.
struct TrainingLoop<Run: TrainingRun> {
  let arguments: RunArguments

  /// What is trained on.
  let file: String
  private let folder: OutputFolder
  private let threads: Threads?

  static var modelName: String { "model.safetensors" }
  static var checkpointName: String { "checkpoint.safetensors" }

  init(_ arguments: RunArguments, file: String) throws {
    self.arguments = arguments
    self.file = file
    folder = try OutputFolder(
      arguments.output.folder,
      for: [
        Self.modelName, Self.checkpointName, "history.csv",
        arguments.output.pictureName("history"),
      ], keeping: [file])
    threads = arguments.threads > 1 ? try Threads(count: arguments.threads) : nil
  }

  func train(_ run: inout Run) throws {
    Interruption.watch()
    var firstLosses: [Double] = []
    do {
      try steps(&run, &firstLosses)
    } catch let error as TrainingError {
      try write(run.histories)
      note("recur: \(error)")
      note("  the run is as before this step; a lower --learning-rate or --clip may help")
      throw ExitCode(1)
    }
    let model = folder.file(Self.modelName)
    try run.saveModel(to: model)
    note("\(Self.modelName) written to \(folder.url.path)")
    try write(run.histories)
    try report(run, model)
    warn(run, firstLosses)
  }

  /// Trains until the run is finished.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - firstLosses: receives the loss of the first step of each network that begins.
  /// - Throws: what the steps throw.
  private func steps(_ run: inout Run, _ firstLosses: inout [Double]) throws {
    var progress = NetworksProgress(printEvery: arguments.printEvery)
    defer { progress.end() }
    var saved = ContinuousClock.now - .seconds(1)
    while true {
      progress.begin(run.progress)
      guard let step = try run.step(threads: threads) else { return }
      progress.show(step)
      if step.index == 0 { firstLosses.append(step.loss) }
      let signal = Interruption.signal
      let isDue = arguments.checkpointEvery.map { (step.index + 1).isMultiple(of: $0) } ?? false
      let isEnd = step.finishedEpoch != nil && (ContinuousClock.now - saved >= .seconds(1))
      if signal != nil || isDue || isEnd || run.isFinished {
        try run.saveCheckpoint(to: folder.file(Self.checkpointName))
        saved = .now
      }
      if let signal {
        progress.end()
        try stop(run, step, by: signal)
      }
    }
  }

  private func stop(_ run: Run, _ step: TrainingStep, by signal: Int32) throws -> Never {
    try write(run.histories)
    note("stopped after step \(step.index + 1); to resume:")
    let words =
      ["recur", "train", Run.kind, file, "--resume"]
      + [folder.file(Self.checkpointName).relativePath] + arguments.argumentsToResume
    note("  " + words.map(shellWord).joined(separator: " "))
    throw ExitCode(128 + signal)
  }

  private func report(_ run: Run, _ model: URL) throws {
    let results = run.histories.enumerated().map {
      TrainingResult($1, network: $0 + 1, name: run.name(ofNetwork: $0))
    }
    if arguments.format.json {
      try printJSON(TrainingReport(model: model.relativePath, networks: results))
      return
    }
    for result in results {
      let loss = result.validationLoss ?? result.loss
      let name = result.validationLoss == nil ? "loss" : "validation loss"
      print(
        "\(result.prefix)\(name) \(run.describe(loss))  after epoch \(result.epoch) of \(result.epochs)"
      )
    }
    print("model: \(model.relativePath)")
  }

  /// Warns about networks whose loss did not fall, though it stayed finite.
  ///
  /// - Parameters:
  ///   - run: the finished run.
  ///   - firstLosses: the first losses of the last networks; an earlier run began the others, and
  ///     their first epoch stands in for it.
  private func warn(_ run: Run, _ firstLosses: [Double]) {
    let earlier = run.histories.count - firstLosses.count
    for (index, history) in run.histories.enumerated() {
      let first = index < earlier ? history[0].loss : firstLosses[index - earlier]
      let kept = TrainingResult(history, network: index + 1, name: run.name(ofNetwork: index))
      // Where the first epoch was the best by validation, what is trained on may still be learned.
      let epoch = kept.epoch > 1 ? kept.epoch : history.count
      let loss = history[epoch - 1].loss
      guard loss > first else { continue }
      note(
        "warning: \(kept.prefix)the loss did not fall: \(fourDigits(first)) at the beginning, "
          + "\(fourDigits(loss)) in epoch \(epoch); a lower --learning-rate or --clip may help")
    }
  }

  private func write(_ histories: [[TrainingEpoch]]) throws {
    guard histories.contains(where: { !$0.isEmpty }) else { return }
    let history = TrainingHistory(histories)
    try folder.write(history.table, to: "history.csv")
    let output = arguments.output
    try Gnuplot(output.pictureFormat, folder.file(output.pictureName("history")))
      .draw(history.picture)
  }
}
