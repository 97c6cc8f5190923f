// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A leaky ReLU with trained slopes (He et al. 2015): y = x for x > 0, otherwise a x, with a slope a for each
/// channel, or one for all channels.
public struct ReferencePReLU<R: ReferenceNumber>: ReferenceChannelFunction {
  /// The slopes a: C elements, or 1 for all channels.
  public var parameters: [R]

  /// Creates a layer with the given slopes.
  ///
  /// - Parameter slopes: The slopes a: C elements, or 1 for all channels.
  public init(slopes: [R]) { parameters = slopes }

  public func callAsFunction(_ x: [R]) -> [R] {
    x.indices.map { c in x[c] > 0 ? x[c] : parameters[slope(of: c)] * x[c] }
  }

  public func backward(x: [R], dy: [R], into gradients: inout ReferencePReLU) -> [R] {
    // For x > 0: dx = dy. Otherwise: dx = a dy, da += x dy.
    x.indices.map { c in
      if x[c] > 0 { return dy[c] }
      gradients.parameters[slope(of: c)] += x[c] * dy[c]
      return parameters[slope(of: c)] * dy[c]
    }
  }

  private func slope(of channel: Int) -> Int { parameters.count == 1 ? 0 : channel }
}
