// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Recur
import RecurTraining

struct GradientsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradients",
    abstract: "Measure whether gradients vanish or explode in backpropagation through time.",
    usage: "recur gradients [<options>]",
    discussion: """
      EXAMPLES
        recur gradients --cell simple --gain 0.9
        recur gradients --cell lstm --sequence-length 200
        recur gradients --compare --plot compare.svg
        recur gradients --cell gru --json | jq .flow
        recur gradients --model model.safetensors --text alice.txt
        recur gradients --model model.safetensors --data sales.csv

      By default, the command measures a new network on a recall task: output the first value of each \
      random sequence. The block of W_hh for each gate is an orthogonal matrix times --gain.

      The command prints:

        - the norm of the gradient with respect to each state,
        - the spectral norm of the Jacobian of each step and of their products,
        - the fraction of saturated units in each gate,
        - the largest singular value and the spectral radius of W_hh,
        - the effect of gradient clipping.

      For several sequences, it prints the gradient norm over all of them and the maximum norms of their \
      Jacobians and products.

      With --model and --text, the command measures a character model with the cross-entropy loss on \
      the first characters of the text. With --model and --data, it measures the first network of a \
      forecaster with the quantile loss on the latest windows of the series.

      With --compare, it measures all four cells and trains each on the batch by gradient descent, with \
      and without clipping. The result answers exercise 6-3 in Qiu, Neural Networks and Deep Learning: \
      why can gradients still explode in the following network, and what is the remedy?

        h_t = h_(t-1) + g(x_t, h_(t-1))
      """)

  @OptionGroup(title: "NETWORK AND BATCH") var network: GradientNetworkArguments
  @OptionGroup(title: "TRAINED MODEL") var trained: GradientModelArguments
  @OptionGroup(title: "COMPARISON") var comparison: GradientComparisonArguments
  @OptionGroup(title: "OUTPUT") var output: GradientPlotArguments
  @OptionGroup(title: "OUTPUT") var format: JSONArguments

  func validate() throws {
    if trained.data != nil, network.sequenceLength != nil {
      throw ValidationError(
        "--sequence-length cannot be combined with --data: a forecaster has its own window length")
    }
    let option = network.optionOfNewNetwork ?? (comparison.compare ? "--compare" : nil)
    if trained.model != nil, let option {
      throw ValidationError(
        "\(option) cannot be combined with --model: it applies only to new networks")
    }
    if comparison.compare, network.cell != nil {
      throw ValidationError(
        "--cell cannot be combined with --compare, which measures all four cells")
    }
    if format.json, output.terminal {
      throw ValidationError(
        "--json cannot be combined with --terminal: both write to standard output")
    }
  }

  func run() throws {
    let (model, text, data) = (trained.model, trained.text, trained.data)
    let files = try output.plot.map { try GradientPlot.Files($0, keeping: [model, text, data]) }
    let (problem, clipNorm) = (network.problem, network.clipNorm)
    if let model, let text {
      let saved = try TextModel(model)
      let batch = try saved.batch(text, steps: network.length, sequences: network.batchSize)
      let report = try BadInput.naming(model) {
        try GradientReport(saved.model, batch, .crossEntropy(), clipNorm: clipNorm)
      }
      try write(report, lines: report.lines, report.plot, to: files)
    } else if let model, let data {
      let saved = try SeriesModel(model, for: data)
      let (forecaster, networks) = (saved.forecaster, saved.forecaster.models)
      if networks.count > 1 {
        note("\(model): measuring the first of \(networks.count) networks")
      }
      let batch = try saved.batch(network.batchSize)
      let report = try BadInput.naming(model) {
        try GradientReport(networks[0], batch, forecaster.options.loss, clipNorm: clipNorm)
      }
      try write(report, lines: report.lines, report.plot, to: files)
    } else if comparison.compare {
      let report = try GradientComparison(
        problem, clipNorm: clipNorm, learningRate: comparison.learningRate ?? 0.01,
        updates: comparison.updates ?? 100)
      try write(report, lines: report.lines, report.plot, to: files)
    } else {
      let report = try GradientReport(
        problem.model(network.cell ?? .simple), problem.data(), GradientProblem.loss,
        clipNorm: clipNorm)
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
    if output.terminal { try plot.drawInTerminal() }
  }
}
