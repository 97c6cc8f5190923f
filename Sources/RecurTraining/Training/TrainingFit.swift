// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension Training {
  /// Trains until the run is finished.
  ///
  /// - Parameters:
  ///   - data: the examples.
  ///   - validation: the examples for the validation loss after each epoch.
  ///   - metrics: what to compute on the validation data after each epoch, in addition to the loss.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  ///   - checkpoint: where to save the run during training; nowhere if nil.
  ///   - progress: called after every step.
  /// - Throws: the errors of ``step(_:validation:metrics:threads:)``; ``FileError`` if a checkpoint cannot
  ///   be written; any error that `progress` throws; `CancellationError` after the step in which
  ///   the task was canceled. A canceled run can be resumed.
  public mutating func fit(
    _ data: any TrainingData<Scalar>, validation: (any TrainingData<Scalar>)? = nil,
    metrics: [Metric<Scalar>] = [], threads: Threads? = nil, checkpoint: Checkpointing? = nil,
    progress: (TrainingStep) throws -> Void = { _ in }
  ) throws {
    try checkpoint?.validate()
    while let step = try step(data, validation: validation, metrics: metrics, threads: threads) {
      try progress(step)
      let cancelled = Task.isCancelled
      if let checkpoint, cancelled || checkpoint.isDue(after: step) {
        try save(to: checkpoint.url, info: checkpoint.info)
      }
      if cancelled { throw CancellationError() }
    }
  }
}
