// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The loss that training minimizes, averaged over the rows and columns that count.
public enum Loss: Sendable, Equatable, Codable {
  /// The squared error (y − t)².
  case meanSquaredError

  /// The absolute error |y − t|, with gradient 0 at 0.
  case meanAbsoluteError

  /// The Huber loss (Huber 1964): (y − t)² / 2 if |y − t| ≤ δ, otherwise δ(|y − t| − δ/2).
  case huber(delta: Double = 1)

  /// The cross-entropy −log softmax(y)\[label\], in nats. Rows with the ignored label do not count.
  case crossEntropy(ignoring: Int? = nil)

  /// The quantile loss max(q e, (q − 1) e), e = t − y, for levels q between 0 and 1 (Koenker and
  /// Bassett 1978). Its gradient at 0 is ½ − q, the mean of the gradients on both sides. For each
  /// column of the targets, the outputs have one column per level, next to each other.
  case quantiles([Double])

  /// Returns O, the number of columns of a model's outputs.
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
      throw .invalid(argument: "quantiles", reason: "is \(levels), expected values between 0 and 1")
    default: break
    }
  }

  /// Returns the loss of one output y for its target t, and the slope ∂loss/∂y.
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
