// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// An activation of every element: y = φ(x).
public struct ReferenceActivationLayer<R: ReferenceNumber>: ReferenceChannelFunction {
  /// The activation φ.
  public let phi: ReferenceActivation

  /// Creates a layer.
  ///
  /// - Parameter phi: The activation φ.
  public init(_ phi: ReferenceActivation) { self.phi = phi }

  public func callAsFunction(_ x: [R]) -> [R] { x.map { phi($0) } }

  public func backward(x: [R], dy: [R], into gradients: inout ReferenceActivationLayer) -> [R] {
    // dx = dy ∘ φ′(x)
    hadamard(dy, x.map { phi.slope(at: $0) })
  }
}
