// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// Returns baseᵏ.
func power(_ base: Double, _ k: Int) -> Double { pow(base, Double(k)) }

extension SplitMix64 {
  /// Returns a standard normal random value (Box and Muller 1958).
  package mutating func nextNormal() -> Double {
    let radius = (-2 * log(1 - nextUnit())).squareRoot()
    return radius * cos(2 * .pi * nextUnit())
  }

  /// Returns 0 ..< count in a random order (Fisher and Yates), which is the same in every version
  /// of Swift.
  mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      let (chosen, _) = next().multipliedFullWidth(by: UInt64(last + 1))
      order.swapAt(last, Int(chosen))
    }
    return order
  }
}
