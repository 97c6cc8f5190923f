// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A series as numbers near 0, by means and deviations of the values it was fitted on.
struct SeriesScaling: Sendable, Equatable, Codable {
  let form: SeriesForm
  let period: Int
  let seasons: Int
  let horizon: Int

  private let inputs: Scale

  /// One for each step ahead: what lies far ahead differs more.
  private let targets: [Scale]

  struct Scale: Sendable, Equatable, Codable {
    let mean: Double
    let deviation: Double

    init(of values: [Double]) {
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = (squares / Double(values.count)).squareRoot()
      self.mean = mean
      self.deviation = deviation > 0 ? deviation : 1
    }

    func scaled(_ value: Double) -> Double { (value - mean) / deviation }
    func unscaled(_ value: Double) -> Double { value * deviation + mean }
  }

  /// `values` have to be as many as the options need.
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

  /// Whether there is one for each step ahead, and all can be used.
  var hasAllScales: Bool {
    targets.count == horizon
      && (targets + [inputs]).allSatisfy { $0.mean.isFinite && $0.deviation.isPositive }
  }

  /// x_t, scaled, for t from the form's offset on.
  func inputs(_ values: [Double]) -> [Double] {
    form.read(values, period: period).map(inputs.scaled)
  }

  /// What the network should say of the next `horizon` values, where so many are known.
  func targets(_ values: [Double], known: Int) -> [Double] {
    let bases = bases(values, known: known)
    return (0..<horizon).map { targets[$0].scaled(values[known + $0] - bases[$0]) }
  }

  /// The values that are meant, after all of these, by what is `said` of each step.
  func values(_ said: [[Double]], after values: [Double]) -> [[Double]] {
    let bases = bases(values, known: values.count)
    return said.indices.map { step in
      said[step].map { bases[step] + targets[step].unscaled($0) }
    }
  }

  private func bases(_ values: [Double], known: Int) -> [Double] {
    form.bases(values, known: known, horizon: horizon, period: period, seasons: seasons)
  }
}
