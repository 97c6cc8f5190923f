// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// One series of a panel, with its inputs.
public struct PanelSeries: Sendable {
  /// The name of the series in the panel.
  public var id: String

  /// The values y₁ … yₙ, equally spaced in time; all finite.
  public var values: [Double]

  /// The indices of values that are missing and were interpolated; backtests ignore them.
  public var missing: [Int]

  /// The inputs known ahead, such as a price or a holiday: for each, its values at the times of
  /// y₁ … yₙ and of the steps ahead, n + horizon in all.
  public var known: [[Double]]

  /// The inputs known up to the present only, such as a temperature: for each, n values.
  public var past: [[Double]]

  /// The features of the whole series, such as the size of a store.
  public var features: [Double]

  /// Creates a series.
  ///
  /// - Parameters:
  ///   - id: the name of the series in the panel.
  ///   - values: the values, equally spaced in time; all finite.
  ///   - missing: the indices of values that are missing and were interpolated.
  ///   - known: the inputs known ahead, each with as many values as the series and its forecast.
  ///   - past: the inputs known up to the present only, each with as many values as the series.
  ///   - features: the features of the whole series.
  public init(
    id: String, values: [Double], missing: [Int] = [], known: [[Double]] = [],
    past: [[Double]] = [],
    features: [Double] = []
  ) {
    self.id = id
    self.values = values
    self.missing = missing
    self.known = known
    self.past = past
    self.features = features
  }

  /// The values; nil where one is missing.
  var observedValues: [Double?] {
    let missing = Set(missing)
    return values.indices.map { missing.contains($0) ? nil : values[$0] }
  }

  /// Returns the series as it was known after its first values: missing values are interpolated
  /// between these alone.
  ///
  /// - Parameters:
  ///   - count: the number of values that were known.
  ///   - horizon: the number of steps ahead whose inputs are known.
  /// - Returns: the series with the first values.
  public func prefix(_ count: Int, horizon: Int) -> PanelSeries {
    PanelSeries(
      id: id, values: MissingValues.interpolated(Array(observedValues.prefix(count))),
      missing: missing.filter { $0 < count },
      known: known.map { Array($0.prefix(count + horizon)) },
      past: past.map { Array($0.prefix(count)) }, features: features)
  }
}

extension PanelSeries {
  /// Throws an error that names the series unless its values and inputs fit the options.
  func require(_ options: PanelOptions) throws(RecurError) {
    guard values.count >= options.fewestValues else {
      throw invalid("has \(values.count) values, expected at least \(options.fewestValues)")
    }
    if let bad = values.firstIndex(where: { !($0.magnitude <= maximumMagnitude) }) {
      throw invalid(
        "has \(values[bad]) at index \(bad), expected finite values of at most "
          + "\(maximumMagnitude) in magnitude")
    }
    try require("known", known, options.knownInputs, count: values.count + options.horizon)
    try require("past", past, options.pastInputs, count: values.count)
    try require("features", [features], 1, count: options.features)
  }

  private func require(
    _ name: String, _ inputs: [[Double]], _ expected: Int, count: Int
  ) throws(RecurError) {
    guard inputs.count == expected else {
      throw invalid("has \(inputs.count) \(name) inputs, expected \(expected)")
    }
    for values in inputs {
      guard values.count == count else {
        throw invalid("has \(values.count) values of \(name) inputs, expected \(count)")
      }
      guard values.allSatisfy({ $0.magnitude <= maximumMagnitude }) else {
        throw invalid(
          "has a value of \(name) inputs that is not finite or above \(maximumMagnitude)")
      }
    }
  }

  /// Returns the values on a scale.
  ///
  /// - Throws: `RecurError` that names the series if a value has no logarithm.
  func numbers(on scale: SeriesScale) throws(RecurError) -> [Double] {
    guard scale == .logarithmic, let index = values.firstIndex(where: { $0 <= 0 }) else {
      return try scale.applied(to: values)
    }
    throw invalid(
      "has \(values[index]) at index \(index), expected positive values for a logarithmic scale")
  }

  private func invalid(_ reason: String) -> RecurError {
    .invalid(argument: "series \"\(id)\"", reason: reason)
  }
}
