// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// The weights of a forecaster's components and the widths of its prediction intervals, both chosen on
/// the last 25% of the series.
///
/// The components are fitted without the last 25% and forecast it from many origins. For
/// ``ForecastComponent/network``, one more network is trained. The weights are proportional to the inverse
/// squares of the components' mean absolute errors.
///
/// The distance of each quantile from the median is then multiplied by a factor. With the factor of
/// split conformal prediction (Romano, Patterson and Candès 2019, "Conformalized quantile
/// regression"), the intervals would cover exactly their nominal share of the last 25%. That
/// share is uncertain, because the errors of neighboring origins are similar. The factor is
/// therefore shrunk towards 1: its logarithm is multiplied by 2/3, and it is at least 1/4 and at most 4.
public struct ForecastCalibration: Sendable, Equatable, Codable {
  /// The weights of ``SeriesForecaster/components``; their sum is 1.
  public let weights: [Double]

  /// The factors of the quantiles' distances from the median, one per level; 1 for the median.
  public let factors: [Double]

  /// The mean absolute error of the combined medians over the last 25%.
  public let error: Double

  init(weights: [Double], factors: [Double], error: Double) {
    self.weights = weights
    self.factors = factors
    self.error = error
  }

  /// The forecasts of the components from one origin, and the values that followed.
  struct Trial {
    /// One array of quantiles per component and step, on the scale of the forecaster.
    let components: [[[Double]]]

    /// The values that followed, on the scale of the forecaster.
    let observed: [Double]
  }
}

/// The part of a series on which a forecaster is calibrated.
struct CalibrationPlan: Sendable {
  /// The number of values to which the components are fitted.
  let known: Int

  /// The maximum number of origins.
  private static let mostOrigins = 200

  /// Plans the calibration. The last 25% of the windows is withheld, and windows that share
  /// targets with it are left out. Nil if calibration is off, if less than a third of the windows
  /// remains for training, or if too few windows remain for validation.
  ///
  /// - Parameters:
  ///   - count: the number of values of the series.
  ///   - needed: the number of values that one window and its targets need.
  ///   - options: the options of the forecast.
  init?(count: Int, needed: Int, _ options: ForecasterOptions) {
    guard options.calibrates else { return nil }
    let windows = count - needed + 1
    let withheld = max(1, windows / 4) + options.horizon - 1
    let left = windows - withheld
    let forValidation = options.windowsForValidation(of: left)
    guard left >= max(1, windows / 3), forValidation == 0 || left - forValidation >= options.horizon
    else { return nil }
    known = count - withheld
  }

  /// The origins, evenly spaced: the numbers of values before them.
  func origins(count: Int, horizon: Int) -> [Int] {
    let all = count - horizon - known + 1
    let origins = min(all, Self.mostOrigins)
    return (0..<origins).map { known + (origins > 1 ? $0 * (all - 1) / (origins - 1) : 0) }
  }
}

extension SeriesForecaster {
  /// Computes the weights and the factors on the values after the first ``CalibrationPlan/known``.
  ///
  /// - Parameters:
  ///   - plan: the withheld values.
  ///   - values: the whole series.
  /// - Returns: the calibration of forecasters like this one, whose networks know only the values
  ///   before the withheld ones.
  /// - Throws: `RecurError` if a component cannot forecast the series.
  func calibration(
    _ plan: CalibrationPlan, _ values: [Double]
  ) throws(RecurError) -> ForecastCalibration {
    let (period, horizon) = (options.period, options.horizon)
    let numbers = try scale.applied(to: values)
    var models: [(any ClassicalModel)?] = []
    for component in components {
      models.append(
        try component.model(
          fitting: Array(numbers[..<plan.known]), period: period, horizon: horizon))
    }
    var trials: [ForecastCalibration.Trial] = []
    for origin in plan.origins(count: numbers.count, horizon: horizon) {
      let known = Array(numbers[..<origin])
      var parts: [[[Double]]] = []
      for model in models {
        if let model {
          parts.append(model.quantiles(after: known, horizon: horizon, levels: options.levels))
        } else {
          parts.append(try networkQuantiles(after: known))
        }
      }
      trials.append(
        .init(components: parts, observed: Array(numbers[origin..<origin + horizon])))
    }
    return ForecastCalibration(trials, scale, options.levels)
  }
}

extension ForecastCalibration {
  /// Chooses the weights and the factors.
  init(_ trials: [Trial], _ scale: SeriesScale, _ levels: [Double]) {
    let median = levels.firstIndex(of: 0.5)!
    let weights = Self.weights(trials, scale, median: median)
    let forecasts = trials.map { ($0.components.weightedMean(weights), $0.observed) }
    let errors = forecasts.flatMap { steps, observed in
      zip(steps, observed).map { abs(scale.value(of: $0[median]) - scale.value(of: $1)) }
    }
    self.weights = weights
    error = errors.reduce(0) { $0 + $1 / Double(errors.count) }
    factors = levels.map { Self.factor(of: $0, levels, forecasts) }
  }

  /// The weights are proportional to the inverse squares of the mean absolute errors.
  private static func weights(
    _ trials: [Trial], _ scale: SeriesScale, median: Int
  ) -> [Double] {
    var errors = Array(repeating: 0.0, count: trials[0].components.count)
    for trial in trials {
      for (step, observed) in trial.observed.enumerated() {
        for (index, component) in trial.components.enumerated() {
          errors[index] += abs(scale.value(of: component[step][median]) - scale.value(of: observed))
        }
      }
    }
    return Self.weights(errors: errors)
  }

  /// Returns the shares of components with these errors.
  static func weights(errors: [Double]) -> [Double] {
    let least = errors.min()!
    // Components without an error share the weight.
    let shares = errors.map { least > 0 ? (least / $0) * (least / $0) : $0 > 0 ? 0 : 1 }
    let sum = shares.reduce(0, +)
    return shares.map { $0 / sum }
  }

  /// The power of the factors of one series.
  private static let shrinkage = 2.0 / 3

  /// The limits of the factors. On 74 public series, none was beyond them. A larger factor comes from a
  /// component that fitted the first values almost exactly; on a logarithmic scale, its intervals would
  /// span many powers of ten.
  private static let limits = 0.25...4.0

  /// Returns the factor of a level. Values on both sides of the median are compared with it if the
  /// opposite level is forecast as well; otherwise, only the level's own side counts.
  static func factor(
    of level: Double, _ levels: [Double], _ forecasts: [(steps: [[Double]], observed: [Double])],
    shrinkage: Double = shrinkage
  ) -> Double {
    guard level != 0.5 else { return 1 }
    let (median, index) = (levels.firstIndex(of: 0.5)!, levels.firstIndex(of: level)!)
    let opposite = levels.firstIndex { abs($0 + level - 1) < 1e-9 }
    var ratios: [Double] = []
    for (steps, observed) in forecasts {
      for (step, value) in zip(steps, observed) {
        let isOwnSide = (value > step[median]) == (level > 0.5)
        let end = isOwnSide ? index : opposite
        let distance = abs(value - step[median])
        ratios.append(end.map { distance / abs(step[$0] - step[median]) } ?? 0)
      }
    }
    // 0/0: a value on the median is covered by any interval.
    let sorted = ratios.map { $0.isNaN ? 0 : $0 }.sorted()
    let share = opposite == nil ? max(level, 1 - level) : abs(2 * level - 1)
    let rank = Int((Double(sorted.count + 1) * share).rounded(.up))
    let factor = sorted[min(rank, sorted.count) - 1]
    // No factor widens an interval that has no width.
    return factor.isFinite && factor > 0 ? limits.nearest(to: pow(factor, shrinkage)) : 1
  }

  /// The factor of all quantiles' distances from the median in series that are too short to calibrate.
  /// Models with many parameters for few values have small errors within them. On such series of the
  /// M1 and tourism competitions, intervals with this factor cover roughly their nominal share.
  private static let factorOfShortSeries = 1.25

  /// Returns the weighted means of the quantiles of components, with calibrated distances from the
  /// median. Without a calibration, the weights are equal.
  static func combined(
    _ components: [[[Double]]], _ calibration: ForecastCalibration?, _ levels: [Double],
    isTooShort: Bool = false
  ) -> [[Double]] {
    let weights =
      calibration?.weights
      ?? Array(repeating: 1 / Double(components.count), count: components.count)
    let means = components.weightedMean(weights)
    guard calibration != nil || isTooShort else { return means }
    let usual = Array(repeating: factorOfShortSeries, count: levels.count)
    let (factors, median) = (calibration?.factors ?? usual, levels.firstIndex(of: 0.5)!)
    return means.map { step in
      // Quantiles with different factors may cross.
      zip(step, factors).map { step[median] + $1 * ($0 - step[median]) }.sorted()
    }
  }

  /// Throws an error unless the calibration is one of a forecaster with these options.
  func validate(_ options: ForecasterOptions) throws(RecurError) {
    guard weights.count == options.components.count, weights.allSatisfy({ 0...1 ~= $0 }),
      abs(weights.reduce(0, +) - 1) < 1e-9
    else {
      throw .invalid(
        argument: "weights",
        reason: "is \(weights), expected \(options.components.count) shares with the sum 1")
    }
    guard 0..<Double.infinity ~= error else {
      throw .invalid(argument: "error", reason: "is \(error), expected at least 0")
    }
    guard factors.count == options.levels.count, factors.allSatisfy(\.isPositive) else {
      throw .invalid(
        argument: "factors",
        reason: "is \(factors), expected \(options.levels.count) numbers above 0")
    }
  }
}

extension [[[Double]]] {
  /// Returns the weighted mean of arrays of the same shape.
  func weightedMean(_ weights: [Double]) -> [[Double]] {
    self[0].indices.map { step in
      self[0][step].indices.map { level in
        zip(self, weights).reduce(0) { $0 + $1.1 * $1.0[step][level] }
      }
    }
  }
}
