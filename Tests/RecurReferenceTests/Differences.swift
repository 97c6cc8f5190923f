// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import TestSupport

/// Central differences in the widest type.
enum Differences {
  /// ∛ε: the rounding error of a difference is ε/step, and the error of the formula, step⁴, is
  /// smaller.
  static let step = Wide(sign: .plus, exponent: Wide.ulpOfOne.exponent / 3, significand: 1)

  /// The sum of these errors over a few terms, for a loss and derivatives of order 1.
  static let bound = 64 * Double(step * step)

  /// (8 (L(v + s) − L(v − s)) − (L(v + 2s) − L(v − 2s))) / 12s for every element v of a list, where
  /// s is the step. The formula is of fourth order, because the third derivatives of layer
  /// normalization are large.
  static func of(_ values: [Wide], _ loss: ([Wide]) -> Wide) -> [Wide] {
    values.indices.map { index in
      func difference(_ step: Wide) -> Wide {
        var (above, below) = (values, values)
        above[index] += step
        below[index] -= step
        return loss(above) - loss(below)
      }
      return (8 * difference(step) - difference(2 * step)) / (12 * step)
    }
  }

  /// The differences for every element of a list inside a value with a loss.
  static func of<Whole>(
    _ whole: Whole, _ list: WritableKeyPath<Whole, [Wide]>, _ loss: (Whole) -> Wide
  ) -> [Wide] {
    of(whole[keyPath: list]) { values in
      var changed = whole
      changed[keyPath: list] = values
      return loss(changed)
    }
  }
}

func dot(_ a: [Wide], _ b: [Wide]) -> Wide {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

func dot(_ a: [[Wide]], _ b: [[Wide]]) -> Wide {
  dot(Array(a.joined()), Array(b.joined()))
}

/// Splits a list into rows.
func rows(_ list: [Wide], of columns: Int) -> [[Wide]] {
  stride(from: 0, to: list.count, by: columns).map { Array(list[$0..<$0 + columns]) }
}
