// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import RecurTraining

struct GradientsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradients",
    abstract: "Measure whether gradients vanish or explode on their way back through time.",
    discussion: """
      Of a new network whose recurrent weights are orthogonal (each gate's by itself) times --scale, and a \
      batch of random sequences, of each of which the first number is to be told: the norm of the loss's \
      gradient with respect to every state, σ₁ of every step's Jacobian and of their products, the share \
      of saturated units, the largest singular value and eigenvalue of W_hh, and what clipping does. \
      Where there are several sequences, the gradient is that of all together, and Jacobians and products \
      are the largest.

      Of a model of characters, --model FILE --text FILE, the same, with the cross-entropy of the first \
      characters of the text. Of a forecaster's first network, --model FILE --data FILE, with the loss of \
      quantiles of the latest windows of the series.

      --compare answers an exercise: why can gradients of h_t = h_{t−1} + g(x_t, h_{t−1}) still explode \
      (Qiu, Neural Networks and Deep Learning, 6-3), and what cures it? It measures all four cells, and \
      trains each on the batch by gradient descent, clipped and not.

      EXAMPLES
        recur gradients --cell simple --scale 0.9
        recur gradients --cell lstm --steps 200 --picture lstm.png
        recur gradients --compare --picture compare.svg
        recur gradients --cell gru --json | jq .flow
        recur gradients --model runs/alice/model.safetensors --text alice.txt --steps 100
        recur gradients --model runs/sales/model.safetensors --data sales.csv --batch 16
      """)

  @Option(help: "The cell: simple, residual, gru or lstm (default: simple).") var cell:
    RecurrentCell?
  @Flag(help: "All four cells, clipped and not.") var compare = false
  @Option(help: "A model that recur train wrote, in place of a new one.", completion: .file())
  var model: String?
  @Option(help: "With --model: the text that it is to read.", completion: .file()) var text: String?
  @Option(help: "With --model: the series, a CSV file, that it is to read.", completion: .file())
  var data: String?
  @Option(help: "Hidden units (default: 32).") var hidden: Int?
  @Option(help: "Steps of a sequence, which of a forecaster are its window's (default: 50).")
  var steps: Int?
  @Option(help: "Sequences in the batch.") var batch = 4
  @Option(help: "Seed of weights and sequences (default: 1).") var seed: UInt64?
  @Option(
    parsing: .unconditional, help: "What the orthogonal W_hh is multiplied with (default: 1).")
  var scale: Double?
  @Option(help: "Where the loss is: at the last step or at every (default: last).")
  var loss: LossPlace?
  @Option(help: "The norm that gradients are clipped to.") var clip = 1.0
  @Option(help: "With --compare: updates of gradient descent (default: 100).") var updates: Int?
  @Option(help: "With --compare: its learning rate (default: 0.01).") var learningRate: Double?
  @Flag(help: "Write everything that was measured as JSON, in place of tables.") var json = false
  @Flag(help: "Draw in the terminal, after the tables.") var plot = false
  @Option(help: "Draw to this file, .png or .svg, and write its numbers beside it as .csv.")
  var picture: String?

  enum LossPlace: String, ExpressibleByArgument {
    case last
    case every
  }

  func validate() throws {
    let counts = [
      ("--hidden", hidden ?? 1), ("--steps", steps ?? 1), ("--batch", batch),
      ("--updates", updates ?? 1),
    ]
    try requireCounts(counts)
    try requirePositive([("--clip", clip), ("--learning-rate", learningRate ?? 1)])
    if let scale, !scale.isFinite {
      throw ValidationError("--scale is \(scale), expected a number")
    }
    guard (model == nil ? 0 : 1) == [text, data].count(where: { $0 != nil }) else {
      throw ValidationError("--model goes together with one of --text and --data")
    }
    guard data == nil || steps == nil else {
      throw ValidationError("--steps: a forecaster reads windows of its own length")
    }
    let ofNew: [(String, Bool)] = [
      ("--cell", cell != nil), ("--compare", compare), ("--hidden", hidden != nil),
      ("--seed", seed != nil), ("--scale", scale != nil), ("--loss", loss != nil),
    ]
    if model != nil, let (name, _) = ofNew.first(where: \.1) {
      throw ValidationError("\(name) is for a new network, not for one in a file")
    }
    if compare, cell != nil { throw ValidationError("--cell: --compare measures all of them") }
    if !compare, updates != nil { throw ValidationError("--updates is for --compare") }
    if !compare, learningRate != nil { throw ValidationError("--learning-rate is for --compare") }
    if json, plot { throw ValidationError("--plot: with --json there is nothing but JSON") }
    if let picture, Gnuplot(file: picture) == nil {
      throw ValidationError("--picture is \(picture), expected a name that ends in .png or .svg")
    }
  }

  func run() throws {
    let files = try picture.map { try GradientPlot.Files($0, keeping: [model, text, data]) }
    let steps = steps ?? 50
    let problem = GradientProblem(
      hidden: hidden ?? 32, steps: steps, batch: batch, seed: seed ?? 1, scale: scale ?? 1,
      reading: loss == .every ? .everyStep : .lastStep)
    if let model, let text {
      let saved = try TextModel(model)
      let report = try GradientReport(
        saved.model, saved.batch(text, steps: steps, sequences: batch), .crossEntropy(), clip: clip)
      try write(report, lines: report.lines, report.plot, to: files)
    } else if let model, let data {
      let saved = try SeriesModel(model, for: data)
      let (forecaster, networks) = (saved.forecaster, saved.forecaster.models)
      if networks.count > 1 {
        note("\(model): the first of \(networks.count) networks is measured")
      }
      let report = try GradientReport(
        networks[0], saved.batch(batch), forecaster.options.loss, clip: clip)
      try write(report, lines: report.lines, report.plot, to: files)
    } else if compare {
      let report = try GradientComparison(
        problem, clip: clip, learningRate: learningRate ?? 0.01, updates: updates ?? 100)
      try write(report, lines: report.lines, report.plot, to: files)
    } else {
      let report = try GradientReport(
        problem.model(cell ?? .simple), problem.data(), GradientProblem.loss, clip: clip)
      try write(report, lines: report.lines, report.plot, to: files)
    }
  }

  private func write(
    _ report: some Encodable, lines: [String], _ plot: GradientPlot, to files: GradientPlot.Files?
  ) throws {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      print(String(decoding: try encoder.encode(report), as: UTF8.self))
    } else {
      for line in lines { print(line) }
    }
    if let files { try plot.draw(to: files) }
    if self.plot { try plot.drawInTerminal() }
  }
}
