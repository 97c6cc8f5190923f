// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// The epochs of one or more networks, as a table and a plot.
struct TrainingHistory {
  private let networks: [[TrainingEpoch]]

  init(_ networks: [[TrainingEpoch]]) { self.networks = networks }

  var table: String {
    let rows = networks.enumerated().flatMap { network, epochs in
      epochs.enumerated().map {
        ["\(network + 1)", "\($0 + 1)", field($1.loss), field($1.validationLoss)]
      }
    }
    return csv([["network", "epoch", "loss", "validation_loss"]] + rows)
  }

  /// The gnuplot script.
  var plot: String {
    let hasValidation = networks.contains { $0.contains { $0.validationLoss != nil } }
    var script = block("training") { $0.loss }
    var lines = [
      "$training using 1:2 with linespoints pt 7 ps 0.4 lc rgb '#3060a0' title 'training'"
    ]
    if hasValidation {
      script += block("validation") { $0.validationLoss }
      lines.append(
        "$validation using 1:2 with linespoints pt 7 ps 0.4 lc rgb '#c03030' title 'validation'")
    }
    return script + """
      set key top right
      set grid ytics
      set xlabel 'epoch'
      set ylabel 'loss'
      set xrange [0.5:\(networks.map(\.count).max() ?? 1).5]
      plot \(lines.joined(separator: ", "))

      """
  }

  /// A gnuplot data block, in which empty lines separate the networks.
  private func block(_ name: String, _ loss: (TrainingEpoch) -> Double?) -> String {
    let lines = networks.map { epochs in
      epochs.enumerated().compactMap { index, epoch in
        loss(epoch).map { "\(index + 1) \(field($0))\n" }
      }.joined()
    }
    return "$\(name) << END\n\(lines.joined(separator: "\n"))END\n"
  }
}
