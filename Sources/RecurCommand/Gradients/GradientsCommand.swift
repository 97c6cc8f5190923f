// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Recur
import RecurTraining

struct GradientsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradients",
    abstract: "Measure whether gradients vanish or explode in back-propagation through time.",
    discussion: """
      EXAMPLES
        recur gradients --cell simple --scale 0.9
        recur gradients --cell lstm --steps 200 --picture lstm.png
        recur gradients --compare --picture compare.svg
        recur gradients --cell gru --json | jq .flow
        recur gradients --model model.safetensors --text alice.txt --steps 100
        recur gradients --model model.safetensors --data sales.csv --batch 16

      By default the command measures a new network with orthogonal recurrent weights, those of each gate \
      by itself, times --scale, on a recall task: output the first value of each random sequence. It \
      prints the norm of the gradient with respect to every state, σ₁ of the Jacobian of every step and \
      of their products, the share of saturated units, the largest singular value and eigenvalue of \
      W_hh, and what clipping does. With several sequences the gradient is that of all together, and \
      the Jacobians and products are the largest.

      With --model and --text it measures a model of characters, with the cross-entropy of the first \
      characters of the text. With --model and --data it measures the first network of a forecaster, \
      with the quantile loss of the latest windows of the series.

      --compare answers an exercise: why can gradients of h_t = h_{t−1} + g(x_t, h_{t−1}) still explode \
      (Qiu, Neural Networks and Deep Learning, 6-3), and what is the remedy? It measures all four cells, \
      and trains each on the batch by gradient descent, with and without clipping.
      """)

  @Option(help: "Cell: simple, residual, gru or lstm (default: simple).") var cell:
    NetworkConfiguration.Cell?
  @Flag(help: "Compare all four cells, with and without clipping.") var compare = false
  @Option(help: "Model file that recur train wrote, to measure instead.", completion: .file())
  var model: String?
  @Option(help: "With --model: text file to read.", completion: .file()) var text: String?
  @Option(help: "With --model: CSV file of the series to read.", completion: .file())
  var data: String?
  @Option(help: "Hidden units (default: 32).") var hidden: Int?
  @Option(help: "Steps of a sequence; not for a forecaster (default: 50).") var steps: Int?
  @Option(help: "Sequences in the batch.") var batch = 4
  @Option(help: "Seed of weights and sequences (default: 1).") var seed: UInt64?
  @Option(parsing: .unconditional, help: "Factor of the orthogonal W_hh (default: 1).")
  var scale: Double?
  @Option(help: "Steps that have a loss: last or every (default: last).") var loss: LossPlace?
  @Option(help: "Gradient norm above which gradients are clipped.") var clip = 1.0
  @Option(help: "With --compare: updates of gradient descent (default: 100).") var updates: Int?
  @Option(help: "With --compare: learning rate (default: 0.01).") var learningRate: Double?
  @OptionGroup var format: JSONArguments
  @Flag(help: "Draw in the terminal, after the tables.") var plot = false
  @Option(help: "Picture to draw, .png or .svg; its numbers are written next to it as .csv.")
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
    if format.json, plot { throw ValidationError("--plot: with --json there is nothing but JSON") }
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
    if format.json {
      try printJSON(report)
    } else {
      for line in lines { print(line) }
    }
    if let files { try plot.draw(to: files) }
    if self.plot { try plot.drawInTerminal() }
  }
}
