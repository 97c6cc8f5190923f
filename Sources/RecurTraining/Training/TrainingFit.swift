// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension Training {
  /// Trains until the run is finished; `progress` is told of every step.
  ///
  /// - `checkpoint`: where the run is written to on its way.
  /// - Throws: `CancellationError` after the step in which the task was cancelled; what was reached is
  ///   kept, and the run can go on. ``FileError`` if a checkpoint cannot be written.
  public mutating func fit(
    _ data: any TrainingData<Scalar>, validation: (any TrainingData<Scalar>)? = nil,
    threads: Threads? = nil, checkpoint: Checkpoint? = nil,
    progress: (TrainingStep) throws -> Void = { _ in }
  ) throws {
    try checkpoint?.validate()
    while let step = try step(data, validation: validation, threads: threads) {
      try progress(step)
      let cancelled = Task.isCancelled
      if let checkpoint, cancelled || checkpoint.isDue(after: step) {
        try save(to: checkpoint.url, info: checkpoint.info)
      }
      if cancelled { throw CancellationError() }
    }
  }
}
