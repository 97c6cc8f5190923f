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
  ///   - checkpoint: where rank 0 saves the run during training; nowhere if nil.
  ///   - ranks: the processes that train the model together.
  ///   - progress: called after every step, on every rank.
  /// - Throws: the errors of ``step(_:validation:metrics:threads:ranks:)``; ``FileError`` if a checkpoint cannot
  ///   be written; any error that `progress` throws; `CancellationError` after the step in which
  ///   the task was canceled. A canceled run can be resumed.
  public mutating func fit(
    _ data: any TrainingData<Scalar>, validation: (any TrainingData<Scalar>)? = nil,
    metrics: [Metric<Scalar>] = [], threads: Threads? = nil, checkpoint: Checkpointing? = nil,
    ranks: any Ranks = SingleRank(), progress: (TrainingStep) throws -> Void = { _ in }
  ) throws {
    try checkpoint?.validate()
    while let step = try step(
      data, validation: validation, metrics: metrics, threads: threads, ranks: ranks)
    {
      try ranks.together { try progress(step) }
      let cancelled = try ranks.all(Task.isCancelled ? 1 : 0).contains(1)
      if let checkpoint, cancelled || checkpoint.isDue(after: step) {
        try gather(ranks)
        try ranks.together {
          if ranks.rank == 0 { try save(to: checkpoint.url, info: checkpoint.info) }
        }
      }
      if cancelled { throw CancellationError() }
    }
  }
}
