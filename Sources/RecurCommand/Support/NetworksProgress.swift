// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// Shows the training of several networks in turn, each on its own progress line.
struct NetworksProgress {
  let printEvery: Int?
  private var line: ProgressLine?
  private var frame: ProgressLine.Frame?

  init(printEvery: Int? = nil) { self.printEvery = printEvery }

  /// Begins a new line if the frame has changed. Call this before each step.
  mutating func begin(_ frame: ProgressLine.Frame) {
    guard frame != self.frame else { return }
    end()
    line = ProgressLine(frame, printEvery: printEvery)
    self.frame = frame
  }

  mutating func show(_ step: TrainingStep) { line?.show(step) }

  mutating func end() { line?.end() }
}
