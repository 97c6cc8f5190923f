// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension [Double] {
  /// The exponent of two of the value with the largest magnitude; 0 if all are zero.
  var exponent: Int {
    let largest = reduce(0) { Swift.max($0, $1.magnitude) }
    return largest > 0 ? Int(largest.exponent) : 0
  }
}

/// Standardization of a series with the means and standard deviations of the values that it was
/// fitted to.
struct SeriesScaling: Sendable, Equatable, Codable {
  let form: SeriesForm
  let period: Int
  let seasons: Int
  let horizon: Int

  private let inputs: Scale

  /// One scale per step ahead, because errors grow with the number of steps.
  private let targets: [Scale]

  struct Scale: Sendable, Equatable, Codable {
    let mean: Double
    let deviation: Double

    init(of values: [Double]) {
      // Squares of large or small values would overflow or underflow. A power of two changes only
      // the exponents, so the results for ordinary values are bit-identical with and without it.
      let exponent = values.exponent
      let values = values.map { scalbn($0, -exponent) }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = (squares / Double(values.count)).squareRoot()
      self.mean = scalbn(mean, exponent)
      self.deviation =
        deviation > 0 ? max(scalbn(deviation, exponent), .leastNonzeroMagnitude) : 1
    }

    func scaled(_ value: Double) -> Double { (value - mean) / deviation }
    func unscaled(_ value: Double) -> Double { value * deviation + mean }
  }

  /// Fits the standardization to a series, which must have at least `valuesNeeded` values.
  init(fitting values: [Double], form: SeriesForm, _ options: ForecasterOptions) {
    let (period, seasons) = (options.period, options.seasons)
    self.form = form
    self.period = period
    self.seasons = seasons
    self.horizon = options.horizon
    inputs = Scale(of: form.read(values, period: period))
    let horizon = options.horizon
    let above = (period * seasons...values.count - horizon).map { known in
      let bases = form.bases(
        values, known: known, horizon: horizon, period: period, seasons: seasons)
      return (0..<horizon).map { values[known + $0] - bases[$0] }
    }
    targets = (0..<horizon).map { step in Scale(of: above.map { $0[step] }) }
  }

  /// Whether there is a usable scale for each step ahead.
  var hasAllScales: Bool {
    targets.count == horizon
      && (targets + [inputs]).allSatisfy { $0.mean.isFinite && $0.deviation.isPositive }
  }

  /// Returns xₜ, scaled, for t from the form's offset on.
  func inputs(_ values: [Double]) -> [Double] {
    form.read(values, period: period).map(inputs.scaled)
  }

  /// Returns the targets of the `horizon` values after the first `known` values.
  func targets(_ values: [Double], known: Int) -> [Double] {
    let bases = bases(values, known: known)
    return (0..<horizon).map { targets[$0].scaled(values[known + $0] - bases[$0]) }
  }

  /// Converts scaled predictions to values that follow the whole series.
  func values(_ predicted: [[Double]], after values: [Double]) -> [[Double]] {
    let bases = bases(values, known: values.count)
    return predicted.indices.map { step in
      predicted[step].map { bases[step] + targets[step].unscaled($0) }
    }
  }

  private func bases(_ values: [Double], known: Int) -> [Double] {
    form.bases(values, known: known, horizon: horizon, period: period, seasons: seasons)
  }
}
