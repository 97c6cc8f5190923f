// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// baseᵏ.
func power(_ base: Double, _ k: Int) -> Double { pow(base, Double(k)) }

extension SplitMix64 {
  /// A standard normal number (Box and Muller 1958).
  mutating func nextNormal() -> Double {
    let radius = (-2 * log(1 - nextUnit())).squareRoot()
    return radius * cos(2 * .pi * nextUnit())
  }

  /// The numbers 0 ..< count in a random order (Fisher and Yates), the same in every version of Swift.
  mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      let (chosen, _) = next().multipliedFullWidth(by: UInt64(last + 1))
      order.swapAt(last, Int(chosen))
    }
    return order
  }
}
