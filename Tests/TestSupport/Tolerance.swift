// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The one tolerance rule: how far two results may differ.
///
/// A result that n rounded operations lead to, each relative to ε/2, on numbers of magnitude m at the
/// most, is off by at most n · ε/2 · m to first order (Higham, *Accuracy and Stability of Numerical
/// Algorithms*, chapter 3). Errors of the numbers themselves, which came about the same way, are
/// counted with their own operations; the factor of 2 in place of ½ leaves room for the second order,
/// for the C library's functions, which round to within an ulp, and for the side compared with.
public struct Tolerance {
  public let operations: Int
  public let magnitude: Double

  /// - Parameters:
  ///   - operations: rounded operations that lead to one element, those in sums included.
  ///   - magnitude: the largest magnitude among what is summed.
  public init(operations: Int, magnitude: Double) {
    self.operations = operations
    self.magnitude = magnitude
  }

  /// 2 · n · ε · m
  public func bound(epsilon: Double) -> Double {
    2 * Double(operations) * epsilon * magnitude
  }
}

/// How many rounded operations lead to one element of what a network computes: at most, over all
/// cells and options.
///
/// A gate of a step sums products of the input and the state, its biases and a peephole; a projection
/// sums H; what stands between is counted as 32 operations, activations with theirs. A layer builds
/// on what the one below computed.
public struct NetworkOperations {
  let T, B, I, H, P, G, L, D: Int

  public init(T: Int, B: Int, I: Int, H: Int, P: Int, G: Int, L: Int = 1, D: Int = 1) {
    (self.T, self.B, self.I, self.H, self.P) = (T, B, I, H, P)
    (self.G, self.L, self.D) = (G, L, D)
  }

  public var forward: Int { T * L * (max(I, D * P) + P + H + 32) }

  /// A step back sums G·H products, and in a projection P, on the states of forward.
  public var states: Int { forward + T * L * D * (G * H + P + 32) }

  /// A sum of G·H products.
  public var inputs: Int { states + G * H }

  /// A sum over all steps and sequences.
  public var parameters: Int { states + T * B + 1 }
}

/// The largest difference of two lists: infinite where only one is NaN, where infinities differ, or if
/// they are not equally long.
public func largestDifference<A: BinaryFloatingPoint, R: BinaryFloatingPoint>(
  _ got: [A], _ want: [R]
) -> Double {
  guard got.count == want.count else { return .infinity }
  return zip(got, want).reduce(0) { largest, pair in
    let (a, b) = (R(pair.0), pair.1)
    if a == b || (a.isNaN && b.isNaN) { return largest }
    let difference = (a - b).magnitude
    return difference.isFinite ? max(largest, Double(difference)) : .infinity
  }
}

/// The largest finite magnitude in some lists, at least 1.
public func magnitude<R: BinaryFloatingPoint>(_ lists: [R]...) -> Double {
  lists.joined().reduce(1) { $1.isFinite ? max($0, Double($1.magnitude)) : $0 }
}
