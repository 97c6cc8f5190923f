// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// How the parameters of a new model are chosen.
public enum Initialization: Sendable, Equatable {
  /// All zero.
  case zeros

  /// Uniform in ±1/√n, where n is the size of what a layer sums over last (a recurrent layer's hidden
  /// size, a linear layer's input size): PyTorch's default. The same seed gives the same parameters.
  case uniform(seed: UInt64)
}

extension ParameterVector {
  mutating func initialize(_ initialization: Initialization, fanIn: Int) {
    guard case .uniform(let seed) = initialization else { return }
    var generator = SplitMix64(state: seed)
    let bound = 1 / Double(fanIn).squareRoot()
    withMutableSpan { span in
      for index in span.indices { span[index] = Scalar(bound * (2 * generator.nextUnit() - 1)) }
    }
  }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in 0 ..< 1, with 53 bits.
  mutating func nextUnit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }
}
