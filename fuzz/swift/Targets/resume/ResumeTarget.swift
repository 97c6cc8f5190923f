// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport
import Recur

@testable import RecurCommand
@testable import RecurTraining

// The input's text is the training text.

nonisolated(unsafe) private let memory = MemoryFile()

func resumeTarget(_ input: Data) throws {
  let recipe = Recipe(input)
  let file = try SafeTensors(recipe.file, path: "input")
  let text = try TextFile(memory.path(of: recipe.text))
  _ = accepted { try TextRun(resuming: file, on: text, epochs: 3) }
  var run = try TextRun(resuming: file, on: text, epochs: nil)
  _ = (run.summary, run.progress.steps(perEpoch: run.progress.stepsPerEpoch ?? 1), run.isFinished)
  for history in run.histories { _ = TrainingResult(history, network: 1, name: nil) }
  let history = TrainingHistory(run.histories)
  _ = (history.table, history.plot)
  guard let step = try run.step(threads: nil) else { return }
  check(step.loss.isFinite, "loss \(step.loss)")
}
