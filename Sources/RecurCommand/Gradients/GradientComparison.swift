// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// A comparison of all cells: before training, and in gradient descent with and without clipping.
struct GradientComparison: Encodable {
  struct Row: Encodable {
    var cell: NetworkConfiguration.Cell
    var diagnosis: GradientDiagnosis
    var flow: GradientFlow
    var unclipped: GradientDescent
    var clipped: GradientDescent
  }

  var problem: GradientProblem
  var clipNorm: Double
  var learningRate: Double
  var rows: [Row]

  init(_ problem: GradientProblem, clipNorm: Double, learningRate: Double, updates: Int) throws {
    (self.problem, self.clipNorm, self.learningRate) = (problem, clipNorm, learningRate)
    rows = try NetworkConfiguration.Cell.allCases.map { cell in
      let diagnosis = try problem.model(cell).diagnoseGradients(
        GradientProblem.loss, of: problem.data())
      return Row(
        cell: cell, diagnosis: diagnosis, flow: diagnosis.flow!,
        unclipped: try GradientDescent(
          problem, cell, .none, learningRate: learningRate, updates: updates),
        clipped: try GradientDescent(
          problem, cell, .norm(clipNorm), learningRate: learningRate, updates: updates))
    }
  }

  var lines: [String] {
    var lines = [
      "              Jacobian norms         without clipping"
        + right("clipped at \(fourDigits(clipNorm))", 25),
      "cell      per step   product   maximum |g| final loss   maximum |g| final loss",
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
    for row in rows { lines.append("\(row.cell.rawValue): \(row.summary)") }
    return lines + ["", answer]
  }

  /// The answer to exercise 6-3 of the textbook.
  private var answer: String {
    let factors = Dictionary(uniqueKeysWithValues: rows.map { ($0.cell, $0.flow.factorPerStep) })
    func factor(_ cell: NetworkConfiguration.Cell) -> String {
      factors[cell]?.map(fourDigits) ?? "-"
    }
    return
      "For h_t = h_(t-1) + g(x_t, h_(t-1)), the Jacobian of one step is 1 + ∂g/∂h_(t-1). The 1 "
      + "counteracts vanishing. But if ∂g/∂h_(t-1) adds to it, the norm of a step exceeds 1, and the "
      + "product over many steps grows without bound: here by a factor of \(factor(.residual)) per step, "
      + "compared with \(factor(.simple)) for the simple network. Gates weigh the previous state against "
      + "new input: the factor is \(factor(.gru)) for the GRU and \(factor(.lstm)) for the LSTM. Clipping "
      + "does not change these factors, but limits the length of each update, here to "
      + "\(fourDigits(learningRate * clipNorm))."
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
      index: "index", first: 0,
      panels: [
        .init(
          title: "Norm of ∂s_T/∂s_(T−k)", below: "steps back k",
          curves: curves { [1] + $0.diagnosis.jacobians!.maximumProductNorms }),
        .init(
          title: "Norm of ∂L/∂h_(T−k)", below: "steps back k",
          curves: curves { $0.diagnosis.layers[0].combinedStateNorms.reversed() }),
        .init(
          title: "Gradient norm", below: "update",
          curves: descents(\.gradientNorms)),
        .init(title: "Loss", below: "update", curves: descents(\.losses)),
      ])
  }
}

extension GradientComparison.Row {
  fileprivate var summary: String {
    flow.summary + " Without clipping, " + unclipped.summary + "; with clipping, " + clipped.summary
      + "."
  }
}

extension GradientDescent {
  fileprivate var summary: String {
    wasNotFinite
      ? "the loss is not finite after \(losses.count - 1) updates"
      : "the loss changes from \(fourDigits(losses[0])) to \(fourDigits(losses.last!))"
  }
}
