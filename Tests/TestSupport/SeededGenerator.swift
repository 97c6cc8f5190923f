// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// SplitMix64: the same numbers from the same seed, everywhere.
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in ±scale, never 0, with random bits down to the type's last, or the 63rd.
  public mutating func number<R: BinaryFloatingPoint>(_ scale: R = 1) -> R {
    let bits = min(R.significandBitCount, 62)
    // An odd number below 2^(bits + 1) in magnitude: exact in R.
    let odd = (Int64(bitPattern: next()) >> Int64(63 - bits)) * 2 + 1
    return R(odd) / R(UInt64(1) << UInt64(bits + 1)) * scale
  }

  public mutating func vector<R: BinaryFloatingPoint>(_ count: Int, scale: R = 1) -> [R] {
    (0..<count).map { _ in number(scale) }
  }

  public mutating func matrix<R: BinaryFloatingPoint>(
    _ rows: Int, _ columns: Int, scale: R = 1
  ) -> [[R]] {
    (0..<rows).map { _ in vector(columns, scale: scale) }
  }
}
