// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

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
      let moments = Moments(of: values[...])
      (mean, deviation) = (moments.mean, moments.deviation)
    }

    // A series without deviation is predicted exactly.
    func scaled(_ value: Double) -> Double { deviation > 0 ? (value - mean) / deviation : 0 }
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
      && (targets + [inputs]).allSatisfy { $0.mean.isFinite && 0..<Double.infinity ~= $0.deviation }
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
