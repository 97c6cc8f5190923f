// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Recur
import RecurTraining

/// The network and the batch that `recur gradients` measures.
struct GradientNetworkArguments: ParsableArguments {
  @Option(help: "Cell of the new network. (default: simple)")
  var cell: NetworkConfiguration.Cell?
  @Option(help: "Hidden size. (default: 32)") var hiddenSize: Int?
  @Option(help: "Steps per sequence; not for a forecaster. (default: 50)")
  var sequenceLength: Int?
  @Option(help: "Number of sequences in the batch.") var batchSize = 4
  @Option(help: "Gradient norm at which to clip.") var clipNorm = 1.0
  @Option(parsing: .unconditional, help: "Gain of the orthogonal W_hh. (default: 1)")
  var gain: Double?
  @Option(help: "Time steps that have a loss. (default: last)") var lossSteps: LossSteps?
  @Option(help: "Seed of the weights and the sequences. (default: 1)") var seed: UInt64?

  enum LossSteps: String, ExpressibleByArgument, CaseIterable { case last, all }

  func validate() throws {
    try requireCounts([
      ("--hidden-size", hiddenSize ?? 1), ("--sequence-length", sequenceLength ?? 1),
      ("--batch-size", batchSize),
    ])
    guard length * batchSize <= 10_000_000 else {
      throw ValidationError(
        "--batch-size is \(batchSize) with --sequence-length \(length), expected at most 10000000 values "
          + "in all sequences")
    }
    try requirePositive([("--clip-norm", clipNorm)])
    if let gain, !gain.isFinite {
      throw ValidationError("--gain is \(gain), expected a finite number")
    }
  }

  /// The name of a given option that applies only to a new network.
  var optionOfNewNetwork: String? {
    let options: [(name: String, isGiven: Bool)] = [
      ("--cell", cell != nil), ("--hidden-size", hiddenSize != nil), ("--seed", seed != nil),
      ("--gain", gain != nil), ("--loss-steps", lossSteps != nil),
    ]
    return options.first(where: \.isGiven)?.name
  }

  var problem: GradientProblem {
    GradientProblem(
      hiddenSize: hiddenSize ?? 32, sequenceLength: length, batchSize: batchSize, seed: seed ?? 1,
      gain: gain ?? 1, reading: lossSteps == .all ? .everyStep : .lastStep)
  }

  var length: Int { sequenceLength ?? 50 }
}

/// A trained model for `recur gradients` to measure instead of a new network.
struct GradientModelArguments: ParsableArguments {
  @Option(help: "Model file written by recur train.", completion: .file()) var model: String?
  @Option(help: "Text file for a character model.", completion: .file()) var text: String?
  @Option(help: "CSV file with the series for a forecaster.", completion: .file())
  var data: String?

  func validate() throws {
    guard (model == nil ? 0 : 1) == [text, data].count(where: { $0 != nil }) else {
      throw ValidationError("--model must be given together with either --text or --data")
    }
  }
}

/// The comparison of all cells.
struct GradientComparisonArguments: ParsableArguments {
  @Flag(help: "Compare all four cells, with and without clipping.") var compare = false
  @Option(help: "Number of updates of gradient descent. (default: 100)") var updates: Int?
  @Option(help: "Learning rate of gradient descent. (default: 0.01)") var learningRate: Double?

  func validate() throws {
    try requireCounts([("--updates", updates ?? 1)])
    try requirePositive([("--learning-rate", learningRate ?? 1)])
    let given = [("--updates", updates != nil), ("--learning-rate", learningRate != nil)]
    if !compare, let (name, _) = given.first(where: \.1) {
      throw ValidationError("\(name) requires --compare")
    }
  }
}

/// The plots of `recur gradients`.
struct GradientPlotArguments: ParsableArguments {
  @Option(
    help: "File for a plot, .png or .svg; a .csv file with its values is written next to it.",
    completion: .file())
  var plot: String?
  @Flag(help: "Draw the plot as text on standard output, after the tables.") var terminal = false

  func validate() throws {
    if let plot, Gnuplot(file: plot) == nil {
      throw ValidationError(
        "--plot is \(plot.printable), expected a file name ending in .png or .svg")
    }
  }
}
