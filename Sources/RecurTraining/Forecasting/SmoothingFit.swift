// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The fit of exponential smoothing with one kind of trend, with or without a season.
struct SmoothingFit {
  typealias Parameters = ExponentialSmoothing.Parameters
  typealias State = ExponentialSmoothing.State

  let parameters: Parameters
  let initial: State
  let deviation: Double

  /// Akaike's criterion with the correction for small samples.
  let criterion: Double

  private static let evaluations = 200
  private static let tolerance = 1e-5

  init(_ values: [Double], period: Int, trend: ExponentialSmoothing.Trend) {
    let initial = Self.initialState(values, period: period, hasTrend: trend != .none)
    let count = Double(values.count)
    // Errors of this size come from rounding.
    let least = max(
      values.reduce(0) { $0 + $1 * $1 } * Double.ulpOfOne * Double.ulpOfOne, .leastNormalMagnitude)
    func squares(_ parameters: Parameters) -> Double {
      var state = initial
      let sum = state.smooth(values, parameters)
      return sum.isFinite ? max(sum, least) : .greatestFiniteMagnitude
    }
    let start = Self.start(trend: trend, isSeasonal: period > 1)
    let point = NelderMead.minimum(
      from: start, tolerance: Self.tolerance, evaluations: Self.evaluations
    ) { log(squares(Self.parameters($0, trend: trend, isSeasonal: period > 1))) }
    parameters = Self.parameters(point, trend: trend, isSeasonal: period > 1)
    self.initial = initial
    let sum = squares(parameters)
    // The parameters, the initial states and the variance of the errors.
    let states = 1 + (trend == .none ? 0 : 1) + (period > 1 ? period : 0)
    let free = Double(start.count + states + 1)
    let correction = count > free + 1 ? 2 * free * (free + 1) / (count - free - 1) : .infinity
    criterion = count * log(sum / count) + 2 * free + correction
    deviation = sum > least ? (sum / max(1, count - Double(start.count + states))).squareRoot() : 0
  }

  /// Returns the start of the search, in the numbers whose logistic function gives the shares.
  private static func start(trend: ExponentialSmoothing.Trend, isSeasonal: Bool) -> [Double] {
    [0] + (trend == .none ? [] : [-2]) + (trend == .damped ? [0.5] : []) + (isSeasonal ? [-2] : [])
  }

  private static func parameters(
    _ point: [Double], trend: ExponentialSmoothing.Trend, isSeasonal: Bool
  ) -> Parameters {
    let shares = point.map { 1 / (1 + exp(-$0)) }
    let level = 0.0001 + 0.9998 * shares[0]
    return Parameters(
      level: level, trend: trend == .none ? 0 : level * shares[1],
      season: isSeasonal ? (1 - level) * shares[shares.count - 1] : 0,
      damping: trend == .none ? 0 : trend == .linear ? 1 : 0.8 + 0.18 * shares[2])
  }

  /// Returns the states before the first value: the season of a decomposition, and the line of least
  /// squares through the first values without their season.
  private static func initialState(_ values: [Double], period: Int, hasTrend: Bool) -> State {
    let season = period > 1 ? seasonalMeans(values, period: period) : [0]
    let length = min(values.count, period > 1 ? 2 * period : 10)
    let first = (0..<length).map { values[$0] - season[$0 % period] }
    guard hasTrend else {
      let level = first.prefix(max(3, period))
      return State(level: level.reduce(0, +) / Double(level.count), trend: 0, season: season)
    }
    let (mean, middle) = (first.reduce(0, +) / Double(length), Double(length - 1) / 2)
    var (product, squares) = (0.0, 0.0)
    for (index, value) in first.enumerated() {
      let place = Double(index) - middle
      product += place * (value - mean)
      squares += place * place
    }
    let slope = product / squares
    return State(level: mean - slope * (middle + 1), trend: slope, season: season)
  }

  /// Returns the means, at each place of the season, of the differences from a moving average over
  /// one season. Their sum is zero.
  private static func seasonalMeans(_ values: [Double], period: Int) -> [Double] {
    let isEven = period.isMultiple(of: 2)
    let half = period / 2
    var sums: [Double] = Array(repeating: 0, count: period)
    var counts = sums
    for t in half..<values.count - half {
      var sum = values[t - half..<t + half + 1].reduce(0, +)
      if isEven { sum -= (values[t - half] + values[t + half]) / 2 }
      sums[t % period] += values[t] - sum / Double(period)
      counts[t % period] += 1
    }
    let means = zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
    let mean = means.reduce(0, +) / Double(period)
    return means.map { $0 - mean }
  }
}
