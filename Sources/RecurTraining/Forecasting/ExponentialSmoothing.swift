// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// Exponential smoothing with additive errors (Hyndman, Koehler, Ord and Snyder 2008, "Forecasting
/// with exponential smoothing: the state space approach"):
///
///     yₜ = ℓₜ₋₁ + φ bₜ₋₁ + sₜ₋ₘ + eₜ
///     ℓₜ = ℓₜ₋₁ + φ bₜ₋₁ + α eₜ
///     bₜ = φ bₜ₋₁ + β eₜ
///     sₜ = sₜ₋ₘ + γ eₜ
///
/// ℓ is the level, b the trend and s the season of m values. A model without a trend has φ = 0, and
/// one without a season has γ = 0 and s = 0.
public struct ExponentialSmoothing: Sendable, Equatable, ClassicalModel {
  /// The kind of trend.
  public enum Trend: Sendable, CaseIterable {
    case none
    /// φ is between 0.8 and 0.98: the trend fades.
    case damped
    /// φ = 1.
    case linear
  }

  /// α: the share of an error by which the level changes, between 0 and 1.
  public let level: Double

  /// β: the share of an error by which the trend changes, between 0 and α.
  public let trend: Double

  /// γ: the share of an error by which the season changes, between 0 and 1 − α.
  public let season: Double

  /// φ: the factor of the trend from one value to the next.
  public let damping: Double

  /// m: the number of values per season; 1 without a season.
  public let period: Int

  /// The standard deviation of eₜ.
  public let deviation: Double

  private let initial: State

  /// The seasons with more values than this are not modeled: each value is a parameter.
  static let longestPeriod = 60

  /// Creates the model of a series that minimizes Akaike's criterion with the correction for small
  /// samples, over all trends, with and without a season. The sum of the squared errors is minimal
  /// over α, β, γ and φ. The initial states come from a decomposition of the first values.
  ///
  /// - Parameters:
  ///   - values: the series, equally spaced in time; all finite.
  ///   - period: the number of values per season; 1 without a season. Seasons of more than 60
  ///     values, or of more than half of the series, are not modeled.
  /// - Throws: `RecurError.invalid(argument:reason:)` if there are fewer than two values, or if a
  ///   value is not finite.
  public init(fitting values: [Double], period: Int) throws(RecurError) {
    try requireSeries(values, count: 2)
    let exponent = values.exponent
    let scaled = values.map { scalbn($0, -exponent) }
    let isSeasonal = 2...Self.longestPeriod ~= period && values.count >= 2 * period + 2
    let fits = (isSeasonal ? [1, period] : [1]).flatMap { length in
      Trend.allCases.map { SmoothingFit(scaled, period: length, trend: $0) }
    }
    let best = fits.min { $0.criterion < $1.criterion }!
    level = best.parameters.level
    trend = best.parameters.trend
    season = best.parameters.season
    damping = best.parameters.damping
    self.period = best.initial.season.count
    deviation = scalbn(best.deviation, exponent)
    initial = best.initial.scaled(by: exponent)
  }

  /// Predicts the values that follow a series which begins with the values of the fit.
  ///
  /// - Parameters:
  ///   - values: the series, equally spaced in time; all finite.
  ///   - horizon: the number of values to predict.
  /// - Returns: the predictions.
  public func forecast(after values: [Double], horizon: Int) -> [Double] {
    var state = initial
    _ = state.smooth(values, parameters)
    var (rise, factor) = (0.0, 1.0)
    return (0..<horizon).map { step in
      factor *= damping
      rise += factor
      return state.level + rise * state.trend + state.season[(values.count + step) % period]
    }
  }

  /// Returns the influence of an error eₜ = 1 on the predictions of yₜ, yₜ₊₁, …: 1, and then
  /// α + β (φ + … + φʲ) for yₜ₊ⱼ, plus γ after whole seasons.
  func impulseResponse(horizon: Int) -> [Double] {
    var (rise, factor) = (0.0, 1.0)
    return (0..<horizon).map { step in
      guard step > 0 else { return 1 }
      factor *= damping
      rise += factor
      return level + trend * rise + (step.isMultiple(of: period) ? season : 0)
    }
  }

  private var parameters: Parameters {
    Parameters(level: level, trend: trend, season: season, damping: damping)
  }

  struct Parameters: Equatable {
    var level: Double
    var trend: Double
    var season: Double
    var damping: Double
  }
}

extension ExponentialSmoothing {
  /// The level, the trend and the season; the season of one value is zero.
  struct State: Sendable, Equatable {
    var level: Double
    var trend: Double
    var season: [Double]

    /// Updates the state with each value in turn, the first one at place 0 of the season. Returns
    /// the sum of the squared errors.
    mutating func smooth(_ values: [Double], _ parameters: Parameters) -> Double {
      var (sum, place, level, trend) = (0.0, 0, level, trend)
      let period = season.count
      season.withUnsafeMutableBufferPointer { season in
        for value in values {
          let expected = level + parameters.damping * trend
          let error = value - expected - season[place]
          level = expected + parameters.level * error
          trend = parameters.damping * trend + parameters.trend * error
          season[place] += parameters.season * error
          place = place + 1 == period ? 0 : place + 1
          sum += error * error
        }
      }
      (self.level, self.trend) = (level, trend)
      return sum
    }

    func scaled(by exponent: Int) -> State {
      State(
        level: scalbn(level, exponent), trend: scalbn(trend, exponent),
        season: season.map { scalbn($0, exponent) })
    }
  }
}
