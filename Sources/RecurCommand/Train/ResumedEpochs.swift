// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

extension Training {
  /// Changes the number of epochs, unless the result would differ from a run that started with it.
  mutating func changeEpochs(to epochs: Int) throws {
    guard epochs != options.epochs else { return }
    guard !options.schedule.dependsOnRunLength else { throw BadInput.epochsOfCosine }
    do { try setEpochs(epochs) } catch { throw BadInput("--\(error)") }
    guard !isFinished || history.count == epochs else {
      throw BadInput(
        "--epochs is \(epochs), but --patience \(options.patience!) ended the run after epoch "
          + "\(history.count)")
    }
  }
}
