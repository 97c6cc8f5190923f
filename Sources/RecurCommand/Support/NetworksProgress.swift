// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// Shows the training of one network after another, a line of its own for each, from before its first
/// step.
struct NetworksProgress {
  let printEvery: Int?
  private var line: ProgressLine?
  private var frame: ProgressLine.Frame?

  init(printEvery: Int? = nil) { self.printEvery = printEvery }

  /// Before each step; begins a line where the frame is another.
  mutating func begin(_ frame: ProgressLine.Frame) {
    guard frame != self.frame else { return }
    end()
    line = ProgressLine(frame, printEvery: printEvery)
    self.frame = frame
  }

  mutating func show(_ step: TrainingStep) { line?.show(step) }

  mutating func end() { line?.end() }
}
