// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The mean loss of some rows, and the number of elements (or labels) that it is the mean of.
public struct LossValue: Sendable, Equatable, Codable {
  /// The mean loss; NaN if nothing counts.
  public var mean: Double

  /// The number of elements or labels that count.
  public var count: Int

  /// The mean over several batches; NaN of none.
  static func mean(of values: [LossValue]) -> LossValue {
    let count = values.reduce(0) { $0 + $1.count }
    let sum = values.reduce(0.0) { $1.count == 0 ? $0 : $0 + $1.mean * Double($1.count) }
    return LossValue(mean: sum / Double(count), count: count)
  }
}

extension LossValue {
  /// The mean of the losses that count.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  init<Scalar: RecurScalar>(of losses: [Scalar], _ rows: [Bool]) {
    var (sum, count) = (0.0, 0)
    for row in rows.indices where rows[row] {
      sum += Double(losses[row])
      count += 1
    }
    self.init(mean: sum / Double(count), count: count)
  }
}
