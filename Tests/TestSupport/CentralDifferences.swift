// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The power of two nearest to the cube root of epsilon, where the rounding of a central difference
/// and what it leaves out of Taylor's series are about equal.
public func differenceStep<R: BinaryFloatingPoint>(_ type: R.Type) -> R {
  R(sign: .plus, exponent: R.ulpOfOne.exponent / 3, significand: 1)
}

/// The gradient of f at x, by (f(x + s) - f(x - s)) / 2s for each element.
public func centralDifferences<R: BinaryFloatingPoint>(at x: [R], _ f: ([R]) -> R) -> [R] {
  let step = differenceStep(R.self)
  return x.indices.map { i in
    var above = x
    var below = x
    above[i] += step
    below[i] -= step
    return (f(above) - f(below)) / (above[i] - below[i])
  }
}
