// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The tolerance rule: the maximum difference between two results.
///
/// A result of n rounded operations, each with a relative error of ε/2, on values of maximum
/// magnitude m, has an error of at most n · ε/2 · m to first order (Higham, *Accuracy and Stability
/// of Numerical Algorithms*, chapter 3). Errors of the input values are included through the
/// operations that computed them. The factor is 2 instead of ½ to allow for second-order terms, for
/// the C library's functions, which round to within an ulp, and for the error of the other result.
public struct Tolerance {
  public let operations: Int
  public let magnitude: Double

  /// - Parameters:
  ///   - operations: the number of rounded operations that lead to one element, including sums.
  ///   - magnitude: the maximum magnitude among the summed values.
  public init(operations: Int, magnitude: Double) {
    self.operations = operations
    self.magnitude = magnitude
  }

  /// 2 · n · ε · m
  public func bound(epsilon: Double) -> Double {
    2 * Double(operations) * epsilon * magnitude
  }
}

/// The maximum number of rounded operations that lead to one element of a network's results, over
/// all cells and options.
///
/// A gate of a step sums products of the input and the state, its biases and a peephole; a
/// projection sums H products. All other operations, including activations, count as 32. A layer
/// depends on the results of the layer below.
public struct NetworkOperations {
  let T, B, I, H, P, G, L, D: Int

  public init(T: Int, B: Int, I: Int, H: Int, P: Int, G: Int, L: Int = 1, D: Int = 1) {
    (self.T, self.B, self.I, self.H, self.P) = (T, B, I, H, P)
    (self.G, self.L, self.D) = (G, L, D)
  }

  public var forward: Int { T * L * (max(I, D * P) + P + H + 32) }

  /// A backward step sums G·H products, plus P with a projection, based on the forward states.
  public var states: Int { forward + T * L * D * (G * H + P + 32) }

  /// A sum of G·H products.
  public var inputs: Int { states + G * H }

  /// A sum over all steps and sequences.
  public var parameters: Int { states + T * B + 1 }
}

/// The maximum difference between two lists: infinite if only one value is NaN, if infinities
/// differ, or if the lengths differ.
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

/// The maximum finite magnitude in some lists, at least 1.
public func magnitude<R: BinaryFloatingPoint>(_ lists: [R]...) -> Double {
  lists.joined().reduce(1) { $1.isFinite ? max($0, Double($1.magnitude)) : $0 }
}
