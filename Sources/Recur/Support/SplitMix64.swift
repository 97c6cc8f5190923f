// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A random number generator with a seed, for example for the order of batches.
///
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
public struct SplitMix64: RandomNumberGenerator, Sendable, Equatable {
  /// The state. A generator with this seed continues from here.
  public private(set) var state: UInt64

  /// Creates a generator.
  ///
  /// - Parameter seed: The seed of all numbers.
  public init(seed: UInt64) {
    state = seed
  }

  /// - Returns: The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// - Returns: The next number, uniform in 0 ..< 1, with 53 bits.
  public mutating func nextUnit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }
}
