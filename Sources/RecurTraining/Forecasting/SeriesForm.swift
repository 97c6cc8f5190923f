// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// What a forecaster's network reads and says of a series y.
public enum SeriesForm: String, Sendable, Codable, CaseIterable {
  /// Reads y_t − y_{t−period}; says how far a value lies above the last known season, which is taken as
  /// its mean and the shape that the last few seasons have in the mean.
  case seasonalDifferences

  /// Reads y_t; says a value.
  case levels

  /// The one that leaves less to say: differences if over all of the series the last known season lies
  /// nearer to what comes in the next `horizon` values than the mean of the series does.
  public init(of values: [Double], period: Int, horizon: Int) {
    let mean = values.reduce(0, +) / Double(values.count)
    var (fromSeason, fromMean) = (0.0, 0.0)
    if values.count >= period + horizon {
      for known in period...values.count - horizon {
        for step in 0..<horizon {
          let value = values[known + step]
          fromSeason += abs(value - values[known - period + step % period])
          fromMean += abs(value - mean)
        }
      }
    }
    self = fromSeason <= fromMean ? .seasonalDifferences : .levels
  }

  /// How many values the first one that can be read takes before it.
  func offset(period: Int) -> Int { self == .levels ? 0 : period }

  /// All that can be read of a series: x_t for t from `offset` on.
  func read(_ values: [Double], period: Int) -> [Double] {
    self == .levels
      ? values : (period..<max(period, values.count)).map { values[$0] - values[$0 - period] }
  }

  /// What is added to what is said of each step, where so many values are known.
  func bases(
    _ values: [Double], known: Int, horizon: Int, period: Int, seasons: Int
  ) -> [Double] {
    guard self == .seasonalDifferences else { return Array(repeating: 0, count: horizon) }
    func mean(_ count: Int) -> Double {
      values[known - count..<known].reduce(0, +) / Double(count)
    }
    let rise = mean(period) - mean(seasons * period)
    let season = (0..<period).map { place in
      let sum = (1...seasons).reduce(0.0) { $0 + values[known - $1 * period + place] }
      return sum / Double(seasons) + rise
    }
    return (0..<horizon).map { season[$0 % period] }
  }
}

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
