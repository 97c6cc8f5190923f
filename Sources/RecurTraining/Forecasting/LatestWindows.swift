// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension SeriesForecaster {
  /// The latest windows of a series after which a whole horizon is known, and what a network should say of
  /// each: T x `count` x 1, and `count` rows of targets.
  ///
  /// - Throws: `RecurError` for a series that is not finite or has fewer such windows.
  package func latestWindows(
    _ count: Int, of values: [Double]
  ) throws(RecurError) -> TrainingBatch<Scalar> {
    try requireSeries(values, count: options.valuesNeeded)
    var options = options
    options.validationShare = 0
    let split: SplitWindows<Scalar> = try scaling.windows(values, options)
    let windows = split.training
    guard 1...windows.count ~= count else {
      throw .invalid(argument: "count", reason: "is \(count), expected 1 to \(windows.count)")
    }
    return try windows.batch(Array(windows.count - count..<windows.count)[...])
  }
}
