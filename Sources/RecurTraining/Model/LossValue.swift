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
    // 0 / 0 would be a NaN with a sign on x86.
    self.init(mean: count == 0 ? .nan : sum / Double(count), count: count)
  }

  /// Creates the mean of the losses of the rows that count.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  init<Scalar: RecurScalar>(of losses: [Scalar], _ rows: [Bool]) {
    var (sum, count) = (0.0, 0)
    for row in rows.indices where rows[row] {
      sum += Double(losses[row])
      count += 1
    }
    self.init(sum: sum, count: count)
  }
}
