// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The loss that training minimizes: a mean over the rows and columns that count.
public enum Loss: Sendable, Equatable, Codable {
  /// (y − t)².
  case meanSquaredError

  /// |y − t|; its gradient is 0 at 0.
  case meanAbsoluteError

  /// (y − t)² / 2 where |y − t| ≤ δ, and δ(|y − t| − δ/2) beyond (Huber 1964).
  case huber(delta: Double = 1)

  /// −log softmax(y)\[label\] in nats. Rows with the ignored label do not count.
  case crossEntropy(ignoring: Int? = nil)

  /// The quantile loss max(q e, (q − 1) e), e = t − y, for levels q between 0 and 1 (Koenker and
  /// Bassett 1978). Its gradient at 0 is ½ − q, the mean of those on both sides. For each column of
  /// the targets the outputs have one column for every level, next to each other.
  case quantiles([Double])

  /// O: the number of columns of a model's outputs.
  ///
  /// - Parameter targets: the number of columns of the targets, or of classes.
  /// - Returns: the number of columns of the outputs.
  public func outputSize(targets: Int) -> Int {
    if case .quantiles(let levels) = self { levels.count * targets } else { targets }
  }

  func validate() throws(RecurError) {
    switch self {
    case .huber(let delta): try require("delta", delta, delta.isPositive, "above 0")
    case .quantiles(let levels) where levels.isEmpty || !levels.allSatisfy({ 0 < $0 && $0 < 1 }):
      throw .invalid(argument: "quantiles", reason: "are \(levels), expected some between 0 and 1")
    default: break
    }
  }

  /// The loss of one output y against its target t, and the slope ∂loss/∂y.
  func term(_ y: Double, _ t: Double, level: Double) -> (loss: Double, slope: Double) {
    let error = y - t
    return switch self {
    case .meanSquaredError: (error * error, 2 * error)
    case .meanAbsoluteError: (abs(error), error == 0 ? 0 : error > 0 ? 1 : -1)
    case .huber(let delta):
      abs(error) <= delta
        ? (error * error / 2, error)
        : (delta * (abs(error) - delta / 2), error > 0 ? delta : -delta)
    case .quantiles:
      error == 0
        ? (0, 0.5 - level) : error > 0 ? ((1 - level) * error, 1 - level) : (-level * error, -level)
    case .crossEntropy: (.nan, .nan)  // of labels: SequenceModel
    }
  }
}
