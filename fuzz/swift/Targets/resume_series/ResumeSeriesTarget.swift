// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport
import Recur

@testable import RecurCommand
@testable import RecurTraining

// The input's text is the CSV file of the series.

nonisolated(unsafe) private let memory = MemoryFile()

func resumeSeriesTarget(_ input: Data) throws {
  let recipe = Recipe(input)
  let file = try SafeTensors(recipe.file, path: "input")
  let path = memory.path(of: recipe.text)
  var run = try SeriesRun(resuming: file, on: path)
  _ = (run.summary, run.progress, run.isFinished)
  for (number, history) in run.histories.enumerated() {
    _ = TrainingResult(history, network: number + 1, name: run.name(ofNetwork: number))
  }
  let history = TrainingHistory(run.histories)
  _ = (history.table, history.plot)
  guard let step = try run.step(threads: nil) else { return }
  check(step.loss.isFinite, "loss \(step.loss)")
}
