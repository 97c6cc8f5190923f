// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// All cells side by side: before training, and in gradient descent without and with clipping.
struct GradientComparison: Encodable {
  struct Row: Encodable {
    var cell: NetworkConfiguration.Cell
    var diagnosis: GradientDiagnosis
    var flow: GradientFlow
    var unclipped: GradientDescent
    var clipped: GradientDescent
  }

  var problem: GradientProblem
  var clip: Double
  var learningRate: Double
  var rows: [Row]

  init(_ problem: GradientProblem, clip: Double, learningRate: Double, updates: Int) throws {
    (self.problem, self.clip, self.learningRate) = (problem, clip, learningRate)
    rows = try NetworkConfiguration.Cell.allCases.map { cell in
      let diagnosis = try problem.model(cell).diagnoseGradients(
        GradientProblem.loss, of: problem.data())
      return Row(
        cell: cell, diagnosis: diagnosis, flow: diagnosis.flow!,
        unclipped: try GradientDescent(
          problem, cell, .none, learningRate: learningRate, updates: updates),
        clipped: try GradientDescent(
          problem, cell, .norm(clip), learningRate: learningRate, updates: updates))
    }
  }

  var lines: [String] {
    var lines = [
      "               Jacobians               without clipping            clipped at \(fourDigits(clip))",
      "cell      per step    of all   largest |g|  last loss   largest |g|  last loss",
    ]
    for row in rows {
      let factor = row.flow.factorPerStep.map(fourDigits) ?? "-"
      let all = fourDigits(row.diagnosis.jacobians!.maximumProductNorms.last!)
      lines.append(
        row.cell.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0) + right(factor, 10)
          + right(all, 10)
          + [row.unclipped, row.clipped].map {
            right(fourDigits($0.gradientNorms.max()!), 14) + right(fourDigits($0.losses.last!), 11)
          }.joined())
    }
    lines.append("")
    for row in rows { lines.append("\(row.cell.rawValue): \(row.summary(clip))") }
    return lines + ["", answer]
  }

  /// The textbook's exercise 6-3.
  private var answer: String {
    let factors = Dictionary(uniqueKeysWithValues: rows.map { ($0.cell, $0.flow.factorPerStep) })
    func factor(_ cell: NetworkConfiguration.Cell) -> String {
      factors[cell]?.map(fourDigits) ?? "-"
    }
    return
      "Of h_t = h_(t-1) + g(x_t, h_(t-1)) a step's Jacobian is 1 + ∂g/∂h_(t-1). The 1 is against "
      + "vanishing; but where ∂g/∂h_(t-1) adds to it, a step has a norm above 1, and the product of many "
      + "grows without bound: here \(factor(.residual)) per step, of the simple network "
      + "\(factor(.simple)). Gates weigh what is kept against what is added: here \(factor(.gru)) with a "
      + "GRU's, \(factor(.lstm)) with an LSTM's. Clipping leaves these factors as they are and bounds "
      + "the length of each update, here to \(fourDigits(learningRate * clip))."
  }

  private func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }

  var plot: GradientPlot {
    func curves(_ values: (Row) -> [Double]) -> [GradientPlot.Curve] {
      rows.enumerated().map { .init(name: $1.cell.rawValue, values: values($1), color: $0) }
    }
    func descents(_ values: KeyPath<GradientDescent, [Double]>) -> [GradientPlot.Curve] {
      rows.enumerated().flatMap { index, row in
        [
          .init(
            name: row.cell.rawValue, values: row.unclipped[keyPath: values], color: index),
          GradientPlot.Curve(
            name: "\(row.cell.rawValue), clipped", values: row.clipped[keyPath: values],
            color: index, isDashed: true),
        ]
      }
    }
    return GradientPlot(
      index: "number", first: 0,
      panels: [
        .init(
          title: "norm of ∂s_T/∂s_(T−k)", below: "steps back k",
          curves: curves { [1] + $0.diagnosis.jacobians!.maximumProductNorms }),
        .init(
          title: "norm of ∂L/∂h_(T−k)", below: "steps back k",
          curves: curves { $0.diagnosis.layers[0].combinedStateNorms.reversed() }),
        .init(
          title: "norm of all gradients", below: "update",
          curves: descents(\.gradientNorms)),
        .init(title: "loss", below: "update", curves: descents(\.losses)),
      ])
  }
}

extension GradientComparison.Row {
  fileprivate func summary(_ clip: Double) -> String {
    flow.summary + " Without clipping " + unclipped.summary + "; clipped " + clipped.summary + "."
  }
}

extension GradientDescent {
  fileprivate var summary: String {
    wasNotFinite
      ? "the loss is not finite after \(losses.count - 1) updates"
      : "the loss goes from \(fourDigits(losses[0])) to \(fourDigits(losses.last!))"
  }
}
