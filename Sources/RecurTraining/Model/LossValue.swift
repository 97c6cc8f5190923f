// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A mean loss, and the number of elements or labels in the mean.
public struct LossValue: Sendable, Equatable, Codable {
  /// The mean loss; NaN if the count is 0.
  public var mean: Double

  /// The number of elements or labels that count.
  public var count: Int

  /// Returns the mean over several batches; NaN if there are none.
  static func mean(of values: [LossValue]) -> LossValue {
    let count = values.reduce(0) { $0 + $1.count }
    let sum = values.reduce(0.0) { $1.count == 0 ? $0 : $0 + $1.mean * Double($1.count) }
    return LossValue(sum: sum, count: count)
  }
}

extension LossValue {
  init(sum: Double, count: Int) {
    self.init(sum: sum, total: Double(count), count: count)
  }

  /// Creates a share of a mean: the sum of losses that count, divided by the total of all.
  init(sum: Double, total: Double, count: Int) {
    // 0 / 0 would be a NaN with a sign on x86.
    self.init(mean: count == 0 ? .nan : sum / total, count: count)
  }

  /// Creates the weighted mean of the losses of rows. Those with weight 0 do not count. The sum is divided by
  /// a total, if it is given, instead of that of the weights.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  init<Scalar: RecurScalar>(of losses: [Scalar], weights: [Double], total all: Double? = nil) {
    var (sum, total, count) = (0.0, 0.0, 0)
    for row in weights.indices where weights[row] != 0 {
      sum += weights[row] * Double(losses[row])
      total += weights[row]
      count += 1
    }
    self.init(sum: sum, total: all ?? total, count: count)
  }
}
