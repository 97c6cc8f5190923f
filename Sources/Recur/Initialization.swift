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
    var generator = SplitMix64(seed: seed)
    let bound = 1 / Double(fanIn).squareRoot()
    withMutableSpan { span in
      for index in span.indices { span[index] = Scalar(bound * (2 * generator.nextUnit() - 1)) }
    }
  }
}
