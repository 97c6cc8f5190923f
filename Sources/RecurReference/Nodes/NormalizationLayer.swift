// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Layer normalization of the channels of a position (Ba, Kiros and Hinton 2016): y = w ∘ x̂ + b, where
///
/// x̂ = (x − mean x) / √(var x + ε) and var x = mean (x − mean x)².
public struct ReferenceNormalizationLayer<R: ReferenceNumber>: ReferenceChannelFunction {
  /// ε
  public let epsilon: Double

  /// w and b.
  public var scale: ReferenceScale<R>

  /// Creates a layer with the given parameters.
  ///
  /// - Parameters:
  ///   - scale: w and b, C elements each.
  ///   - epsilon: ε.
  public init(scale: ReferenceScale<R>, epsilon: Double) {
    self.scale = scale
    self.epsilon = epsilon
  }

  public var parameters: [R] {
    get { scale.parameters }
    set { scale.parameters = newValue }
  }

  public func callAsFunction(_ x: [R]) -> [R] { scale(normalized(x).values) }

  public func backward(x: [R], dy: [R], into gradients: inout ReferenceNormalizationLayer) -> [R] {
    let normalized = normalized(x)
    return normalized.backward(
      scale.backward(x: normalized.values, dy: dy, into: &gradients.scale))
  }

  private func normalized(_ x: [R]) -> ReferenceNormalized<R> {
    ReferenceNormalized(x, epsilon: epsilon)
  }
}
