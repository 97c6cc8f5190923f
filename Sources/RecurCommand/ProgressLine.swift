// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// How far training is, in one line on standard error: drawn over itself on a terminal; elsewhere a plain
/// line now and then.
struct ProgressLine {
  private let epochs: Int
  private let label: String
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let start = ContinuousClock.now
  private var lastDrawn: ContinuousClock.Instant?

  /// Known after the first epoch.
  private var stepsOfEpoch: Int?
  private var validationLoss: Double?

  /// - `label`: what stands before everything, such as which of several networks it is.
  init(epochs: Int, label: String? = nil) {
    self.epochs = epochs
    self.label = label.map { $0 + "  " } ?? ""
  }

  /// Shows what a step did, if it is time to.
  mutating func show(_ step: TrainingStep) {
    if let finished = step.finished {
      stepsOfEpoch = step.stepOfEpoch + 1
      validationLoss = finished.validationLoss
    }
    let isLast = step.finished != nil && step.epoch + 1 == epochs
    if isTerminal {
      let now = ContinuousClock.now
      guard isLast || lastDrawn.map({ now - $0 >= .milliseconds(100) }) ?? true else { return }
      lastDrawn = now
      writeToStandardError("\r\(line(step))\u{1B}[K" + (isLast ? "\n" : ""))
    } else if step.finished != nil,
      isLast || (step.epoch + 1).isMultiple(of: max(1, epochs / 5))
    {
      note(line(step))
    }
  }

  private func line(_ step: TrainingStep) -> String {
    let seconds = (ContinuousClock.now - start) / .seconds(1) / Double(step.step + 1)
    let words: [String?] = [
      "epoch \(step.epoch + 1)/\(epochs)",
      "loss \(fixed(step.finished?.loss ?? step.loss, decimals: 4))",
      validationLoss.map { "validation \(fixed($0, decimals: 4))" },
      "gradient/parameters " + String(format: "%.1e", step.gradientNorm / step.parameterNorm),
      "\(fixed(1000 * seconds, decimals: 1)) ms/step",
      stepsOfEpoch.map {
        "\(fixed(seconds * Double($0 * epochs - step.step - 1), decimals: 0)) s left"
      },
    ]
    return label + words.compactMap(\.self).joined(separator: "  ")
  }
}

/// A number with so many decimals.
func fixed(_ value: Double, decimals: Int) -> String {
  String(format: "%.\(decimals)f", value)
}
