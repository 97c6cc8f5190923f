// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

typealias SplitWindows<Scalar: RecurScalar> = (
  training: Windows<Scalar>, validation: Windows<Scalar>?
)

extension SeriesScaling {
  /// Returns the training windows and the validation windows. The windows between them are left
  /// out, so that no target belongs to both.
  func windows<Scalar>(
    _ values: [Double], _ options: ForecasterOptions
  ) throws(RecurError) -> SplitWindows<Scalar> {
    let inputs = self.inputs(values)
    let offset = form.offset(period: period)
    // Row n belongs to value n + offset, the last known value of a window that ends there.
    let ends = max(options.window, period * seasons - offset) - 1..<inputs.count - horizon
    var targets: [Double] = Array(repeating: 0, count: inputs.count * horizon)
    for end in ends {
      targets.replaceSubrange(
        end * horizon..<(end + 1) * horizon,
        with: self.targets(values, known: end + offset + 1))
    }
    let rows = try Matrix(rows: inputs.count, columns: 1, elements: inputs.map { Scalar($0) })
    let goals = try Matrix(
      rows: inputs.count, columns: horizon, elements: targets.map { Scalar($0) })
    func windows(_ ends: Range<Int>) throws(RecurError) -> Windows<Scalar> {
      try Windows(inputs: rows, targets: goals, length: options.window, ends: ends)
    }
    let withheld = options.windowsForValidation(of: ends.count)
    guard withheld > 0 else { return (try windows(ends), nil) }
    let last = ends.upperBound - withheld
    guard last - horizon >= ends.lowerBound else {
      throw .invalid(
        argument: "values",
        reason: "has \(values.count) elements, too few to withhold windows for validation")
    }
    return (
      try windows(ends.lowerBound..<last - horizon + 1), try windows(last..<ends.upperBound)
    )
  }
}

extension SeriesForecaster {
  /// Returns the latest windows that are followed by a whole horizon (T x `count` x 1), and their
  /// targets (`count` rows).
  ///
  /// - Parameters:
  ///   - count: the number of windows.
  ///   - values: the series, equally spaced in time; all finite.
  /// - Returns: the windows and their targets.
  /// - Throws: `RecurError` if the series is not finite or has fewer such windows.
  package func latestWindows(
    _ count: Int, of values: [Double]
  ) throws(RecurError) -> TrainingBatch<Scalar> {
    try requireSeries(values, count: options.valuesNeeded)
    guard let scaling else {
      throw .invalid(argument: "forecaster", reason: "has no networks")
    }
    var options = options
    options.validationShare = 0
    let split: SplitWindows<Scalar> = try scaling.windows(scale.applied(to: values), options)
    let windows = split.training
    guard 1...windows.count ~= count else {
      throw .invalid(argument: "count", reason: "is \(count), expected 1 to \(windows.count)")
    }
    return try windows.batch(Array(windows.count - count..<windows.count)[...])
  }
}
