// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// What a forecaster's network reads and says of a series y.
public enum SeriesForm: String, Sendable, Codable, CaseIterable {
  /// Reads y_t − y_{t−period}; says how far a value lies above the mean of the same place in the last
  /// known seasons.
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

}

extension SeriesForm {
  /// What is added to what is said of a step (0 is the first), where so many values are known.
  func base(_ values: [Double], known: Int, step: Int, period: Int, seasons: Int) -> Double {
    guard self == .seasonalDifferences else { return 0 }
    var sum = 0.0
    for season in 1..<seasons + 1 { sum += values[known - season * period + step % period] }
    return sum / Double(seasons)
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
    targets = (0..<options.horizon).map { step in
      Scale(
        of: (period * seasons...values.count - options.horizon).map { known in
          values[known + step]
            - form.base(values, known: known, step: step, period: period, seasons: seasons)
        })
    }
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
    (0..<horizon).map { step in
      targets[step].scaled(values[known + step] - base(values, known: known, step: step))
    }
  }

  /// The value that `said` of a step means, after all of these.
  func value(_ said: Double, after values: [Double], step: Int) -> Double {
    base(values, known: values.count, step: step) + targets[step].unscaled(said)
  }

  private func base(_ values: [Double], known: Int, step: Int) -> Double {
    form.base(values, known: known, step: step, period: period, seasons: seasons)
  }
}
