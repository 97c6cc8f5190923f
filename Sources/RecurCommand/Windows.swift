// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Windows of a series for a network that says how much each of the next `horizon` values will lie
/// above the same week of the last known season.
///
/// What goes in is the growth over a season, d_t = y_t − y_{t−period}, of the last `length` weeks; what
/// comes out is the growth a season for every week ahead. Both are scaled by the mean and the
/// deviation of d, fitted on these values alone.
struct Windows {
  let values: [Double]
  let seasonal: SeasonalNaive
  let length: Int
  let horizon: Int
  private let growths: [Double]
  private let mean: Double
  private let deviation: Double

  init(_ values: [Double], period: Int, length: Int, horizon: Int) {
    self.values = values
    self.seasonal = SeasonalNaive(period: period)
    self.length = length
    self.horizon = horizon
    let growths = (period..<values.count).map { values[$0] - values[$0 - period] }
    let mean = growths.reduce(0, +) / Double(growths.count)
    let squares = growths.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(growths.count)).squareRoot()
    self.growths = growths
    self.mean = mean
    self.deviation = deviation > 0 ? deviation : 1
  }

  /// How many values a window and what lies ahead of it take.
  static func valuesNeeded(period: Int, length: Int, horizon: Int) -> Int {
    period + length + horizon
  }

  /// The numbers of values known (exclusive ends) at which a window can be trained on.
  var origins: Range<Int> {
    seasonal.period + length..<values.count - horizon + 1
  }

  /// The windows up to the origins given: length x origins x 1.
  func inputs(_ origins: [Int]) throws -> SequenceBatch<Double> {
    var batch = try SequenceBatch<Double>(
      steps: length, batchSize: origins.count, features: 1)
    for (b, origin) in origins.enumerated() {
      for t in 0..<length {
        batch[t, b, 0] = scaled(growths[origin - length + t - seasonal.period])
      }
    }
    return batch
  }

  /// What the network should say for these windows: origins x horizon.
  func targets(_ origins: [Int]) throws -> Matrix<Double> {
    try Matrix(
      origins.map { origin in
        (0..<horizon).map { step in
          let growth = values[origin + step] - seasonal.base(values, known: origin, step: step)
          return scaled(growth / Double(seasonal.seasons(before: step)))
        }
      })
  }

  /// The forecast from the first `known` values that a network's output (1 x horizon) means.
  func forecast(_ output: Matrix<Double>, known: Int) -> [Double] {
    (0..<horizon).map { step in
      let growth = output[0, step] * deviation + mean
      return seasonal.base(values, known: known, step: step)
        + Double(seasonal.seasons(before: step)) * growth
    }
  }

  private func scaled(_ growth: Double) -> Double { (growth - mean) / deviation }
}
