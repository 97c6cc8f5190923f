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

  /// The cross-entropy −log softmax(y)\[label\], in nats, of logits y. Rows with the ignored label do
  /// not count. With class weights w, the mean is Σ w\[label\] · loss / Σ w\[label\], as in PyTorch; the
  /// mean over several batches weights each of them by its number of labels.
  case crossEntropy(ignoring: Int? = nil, classWeights: [Double]? = nil)

  /// The quantile loss max(q e, (q − 1) e), e = t − y, for levels q between 0 and 1 (Koenker and
  /// Bassett 1978). Its gradient at 0 is ½ − q, the mean of the gradients on both sides. For each
  /// column of the targets, the outputs have one column per level, next to each other.
  case quantiles([Double])

  /// The error-to-signal ratio of audio, with a term for the mean error (Wright, Damskägg, Juvela and Välimäki
  /// 2020): Σ d² / Σ s² + m² / mean t², where e = y − t, the filtered error is d_t = e_t − κ e_{t−1} with the
  /// pre-emphasis κ, s is the target t filtered in the same way, and m is the mean of e, for each sequence of its
  /// own. Sums are over a whole batch. A mean square of 1e-5 is added to those of s and t, as for silence both
  /// are 0. Filters begin with 0 before the first step of a chunk that counts.
  case errorToSignal(preEmphasis: Double = 0.85)

  /// The sum of the losses of several outputs of a `Model`, by their names, each times a weight.
  case heads([String: HeadLoss])

  /// Returns O, the number of columns of a model's outputs.
  ///
  /// - Parameter targets: the number of columns of the targets, or of classes.
  /// - Returns: the number of columns of the outputs.
  public func outputSize(targets: Int) -> Int {
    if case .quantiles(let levels) = self { levels.count * targets } else { targets }
  }

  func validate() throws(RecurError) {
    switch self {
    case .crossEntropy(_, let weights?)
    where !weights.allSatisfy({ $0.isFinite && $0.isNotNegative }) || !weights.contains { $0 > 0 }:
      throw .invalid(
        argument: "classWeights",
        reason: "is \(weights), expected finite numbers of at least 0, and one above 0")
    case .heads(let heads):
      try require("heads", heads.count, !heads.isEmpty, "at least 1")
      for (name, head) in heads {
        try require("weight of \(name)", head.weight, head.weight.isNotNegative, "at least 0")
        if case .heads = head.loss {
          throw .invalid(argument: name, reason: "is a sum of losses, expected one loss")
        }
        try head.loss.validate()
      }
    case .errorToSignal(let preEmphasis):
      try require("preEmphasis", preEmphasis, 0...1 ~= preEmphasis, "0 to 1")
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
    case .crossEntropy, .errorToSignal, .heads: (.nan, .nan)  // not of one value
    }
  }
}

/// The loss of one output of a model with several.
public struct HeadLoss: Sendable, Equatable, Codable {
  /// The loss; not a sum of losses.
  public var loss: Loss

  /// The factor of the loss, at least 0.
  public var weight: Double

  /// Creates the loss of an output.
  ///
  /// - Parameters:
  ///   - loss: the loss; not a sum of losses.
  ///   - weight: the factor of the loss, at least 0.
  public init(_ loss: Loss, weight: Double = 1) {
    self.loss = loss
    self.weight = weight
  }
}
