// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension PanelForecaster {
  /// The maximum number of series on which a forecaster is calibrated.
  private static var mostSeries: Int { 2000 }

  /// Returns the forecaster with weights and factors chosen on the last horizon of the series.
  func calibrated(on panel: [PanelSeries], _ threads: Threads?) throws(RecurError) -> Self {
    let long = panel.filter {
      $0.values.count >= options.horizon + options.fewestValuesWithoutNetwork
    }
    let step = max(1, (long.count + Self.mostSeries - 1) / Self.mostSeries)
    let chosen = stride(from: 0, to: long.count, by: step).map { long[$0] }
    guard !chosen.isEmpty else { return self }
    let known = chosen.map {
      $0.prefix($0.values.count - options.horizon, horizon: options.horizon)
    }
    let parts = try parts(of: known, threads) { _, parts throws(RecurError) in parts }
    var trials: [PanelTrial] = []
    for (index, series) in chosen.enumerated() {
      let unit = ForecastScore.unit(known[index].values, period: options.period)
      let last = Array(series.observedValues.suffix(options.horizon))
      let steps = last.indices.filter { last[$0] != nil }
      let observed = try? parts[index].scale.applied(to: steps.map { last[$0]! })
      guard let observed, !observed.isEmpty, unit > 0 else { continue }
      let quantiles = options.components.map { parts[index].quantiles[$0]! }
      trials.append(
        PanelTrial(
          components: quantiles.map { all in steps.map { all[$0] } }, observed: observed,
          scale: parts[index].scale, unit: unit))
    }
    guard !trials.isEmpty else { return self }
    return PanelForecaster(
      options: options, model: model, calibration: ForecastCalibration(trials, options),
      scaling: scaling)
  }
}

/// The forecasts of the components for one series at the steps whose values are known, and these values,
/// on its scale.
struct PanelTrial: Sendable {
  let components: [[[Double]]]
  let observed: [Double]
  let scale: SeriesScale

  /// The unit of the series' errors, as in MASE.
  let unit: Double

  /// The mean absolute scaled error of a median at each step.
  func error(of steps: [[Double]], median: Int) -> Double {
    let errors = zip(steps, observed).map {
      abs(scale.value(of: $0[median]) - scale.value(of: $1)) / unit
    }
    return errors.reduce(0, +) / Double(errors.count)
  }
}

extension ForecastCalibration {
  /// Chooses the weights and the factors for a panel. The weights are proportional to the inverse squares
  /// of the components' mean absolute scaled errors over all series.
  init(_ trials: [PanelTrial], _ options: PanelOptions) {
    let (levels, median) = (options.levels, options.median)
    let errors = options.components.indices.map { index in
      trials.reduce(0) { $0 + $1.error(of: $1.components[index], median: median) }
    }
    let weights = Self.weights(errors: errors)
    let forecasts = trials.map { ($0.components.weightedMean(weights), $0.observed) }
    // The errors within one series are alike, so a width needs several series.
    let shrinkage = Double(trials.count) / Double(trials.count + 5)
    self.init(
      weights: weights,
      factors: levels.map { Self.factor(of: $0, levels, forecasts, shrinkage: shrinkage) },
      error: zip(trials, forecasts).reduce(0) { $0 + $1.0.error(of: $1.1.0, median: median) }
        / Double(trials.count))
  }
}
