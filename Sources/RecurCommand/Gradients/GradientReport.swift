// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// The report of `recur gradients` on one model.
struct GradientReport: Encodable {
  var diagnosis: GradientDiagnosis
  var flow: GradientFlow?
  var summary: String
  var clipNorm: Double
  var clipping: ClippingEffect

  init<Scalar: RecurScalar>(
    _ model: SequenceModel<Scalar>, _ batch: TrainingBatch<Scalar>, _ loss: Loss,
    clipNorm: Double
  ) throws {
    diagnosis = try model.diagnoseGradients(loss, of: batch)
    flow = diagnosis.flow
    summary = diagnosis.summary
    self.clipNorm = clipNorm
    clipping = diagnosis.clipping(at: clipNorm)
  }

  var lines: [String] {
    var lines = [diagnosis.network, ""]
    for recurrence in diagnosis.layers {
      if diagnosis.layers.count > 1 { lines += [recurrence.title, ""] }
      lines += recurrence.gates.map(\.line) + [""]
      lines += table(recurrence) + [""]
    }
    lines += [summary, ""]
    let norm = fourDigits(diagnosis.gradientNorm)
    lines.append(
      clipping.factor == 1
        ? "The gradient norm is \(norm); clipping at \(fourDigits(clipNorm)) would not change the gradient."
        : "The gradient norm is \(norm); clipping at \(fourDigits(clipNorm)) would multiply the gradient "
          + "by \(fourDigits(clipping.factor)).")
    return lines
  }

  private func table(_ recurrence: LayerDiagnosis) -> [String] {
    let gradients = recurrence.combinedStateNorms
    let jacobians = diagnosis.jacobians.map {
      ($0.maximumStepNorms, Array($0.maximumProductNorms.reversed()))
    }
    let header =
      ["step", "|dL/dh_t|"] + (jacobians == nil ? [] : ["|ds_t/ds_t-1|", "|ds_T/ds_t-1|"])
      + recurrence.gates.map { "saturated \($0.name)" }
    return [row(header)]
      + thinned(gradients.count).map { t in
        row(
          ["\(t + 1)", fourDigits(gradients[t])]
            + (jacobians.map { [fourDigits($0.0[t]), fourDigits($0.1[t])] } ?? [])
            + recurrence.gates.map { fixed(100 * $0.saturatedShares[t], decimals: 0) + "%" })
      }
  }

  /// Selects at most 12 of `count` steps, including the first and the last.
  private func thinned(_ count: Int) -> [Int] {
    let rows = min(count, 12)
    return (0..<rows).map { rows == 1 ? 0 : $0 * (count - 1) / (rows - 1) }
  }

  private func row(_ cells: [String]) -> String {
    cells.enumerated().map { index, cell in
      String(repeating: " ", count: max(0, (index == 0 ? 5 : 14) - cell.count)) + cell
    }.joined()
  }

  var plot: GradientPlot {
    let jacobians = diagnosis.jacobians
    var norms: [GradientPlot.Curve] = diagnosis.layers.enumerated().map { index, recurrence in
      .init(
        name: diagnosis.layers.count == 1 ? "∂L/∂h_t" : "∂L/∂h_t, \(recurrence.title)",
        values: recurrence.combinedStateNorms, color: index + 2)
    }
    if let jacobians {
      norms += [
        .init(name: "∂s_t/∂s_t−1", values: jacobians.maximumStepNorms, color: 0),
        .init(name: "∂s_T/∂s_t−1", values: jacobians.maximumProductNorms.reversed(), color: 1),
      ]
    }
    let gates = diagnosis.layers.flatMap { recurrence in
      recurrence.gates.map { gate in
        (diagnosis.layers.count == 1 ? gate.name : "\(gate.name), \(recurrence.title)", gate)
      }
    }
    return GradientPlot(
      index: "step", first: 1,
      panels: [
        .init(title: "Norms", below: "step t", curves: norms),
        .init(
          title: "Fraction of saturated units", below: "step t", isLogarithmic: false,
          curves: gates.enumerated().map { index, gate in
            .init(name: gate.0, values: gate.1.saturatedShares, color: index)
          }),
      ])
  }
}

extension LayerDiagnosis {
  fileprivate var title: String { "layer \(layer)\(isReverse ? ", reverse" : "")" }

  /// ‖∂L/∂h_t‖ over all sequences.
  var combinedStateNorms: [Double] {
    (0..<(stateNorms.map(\.count).max() ?? 0)).map { t in
      stateNorms.reduce(0) { t < $1.count ? hypot($0, $1[t]) : $0 }
    }
  }
}

extension GateDiagnosis {
  fileprivate var line: String {
    "W_hh of \(name): largest singular value \(fourDigits(largestSingularValue))"
      + (spectralRadius.map { ", spectral radius \(fourDigits($0))" } ?? "")
  }
}

extension GradientJacobians {
  /// The maximum norm of each step over all sequences.
  var maximumStepNorms: [Double] {
    (0..<(stepNorms.map(\.count).max() ?? 0)).map { t in
      stepNorms.reduce(0) { t < $1.count ? max($0, $1[t]) : $0 }
    }
  }
}
