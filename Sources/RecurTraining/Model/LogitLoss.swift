// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension Loss {
  /// Computes the mean cross-entropy of logits z: log Σ exp(z) − z\[label\], and its gradient
  /// w (softmax(z) − e), where w is the row's share of all weights and e has 1 at the label.
  static func crossEntropy<Scalar: RecurScalar>(
    ofLogits z: Matrix<Scalar>, labels: [Int], weights: [Double], total: LossTotal? = nil
  ) throws(RecurError) -> (loss: LossValue, gradient: Matrix<Scalar>) {
    var gradient = try Matrix<Scalar>(rows: z.rows, columns: z.columns)
    let losses = try crossEntropy(
      z.base, gradient.uniqueBase(), columns: z.columns, labels,
      shares(of: weights, total: total?.weight))
    return withExtendedLifetime(z) {
      (LossValue(of: losses, weights: weights, total: total?.weight), gradient)
    }
  }

  /// Returns the loss of each row, and writes the slopes of those whose share is not 0.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private static func crossEntropy<Scalar: RecurScalar>(
    _ z: UnsafeMutablePointer<Scalar>, _ slopes: UnsafeMutablePointer<Scalar>, columns: Int,
    _ labels: [Int], _ shares: [Scalar]
  ) -> [Double] {
    labels.indices.map { row in
      let (z, slopes) = (z + row * columns, slopes + row * columns)
      guard shares[row] != 0 else { return 0 }
      var most = -Double.infinity
      for k in 0..<columns { most = max(most, Double(z[k])) }
      var sum = 0.0
      for k in 0..<columns { sum += exp(Double(z[k]) - most) }
      let share = Double(shares[row])
      for k in 0..<columns {
        let probability = exp(Double(z[k]) - most) / sum
        slopes[k] = Scalar(share * (probability - (k == labels[row] ? 1 : 0)))
      }
      return log(sum) + most - Double(z[labels[row]])
    }
  }
}
