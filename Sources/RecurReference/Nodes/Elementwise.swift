// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The sum of values of the same shape: y = x₁ + x₂ + ….
public struct ReferenceSum<R: ReferenceNumber>: ReferenceLayer {
  /// Creates a layer.
  public init() {}

  public func forward(_ x: [ReferenceValue<R>], from state: [R]) -> ReferenceLayerOutput<R> {
    ReferenceLayerOutput(value: x.dropFirst().reduce(x[0]) { combine($0, $1, sum) })
  }

  public func backward(
    x: [ReferenceValue<R>], from state: [R], dy: ReferenceValue<R>, dFinal: [R]
  ) -> ReferenceLayerBackward<R> {
    // dxₖ = dy
    ReferenceLayerBackward(dx: x.map { _ in dy })
  }
}

/// The elementwise product of values of the same shape: y = x₁ ∘ x₂ ∘ ….
public struct ReferenceProduct<R: ReferenceNumber>: ReferenceLayer {
  /// Creates a layer.
  public init() {}

  public func forward(_ x: [ReferenceValue<R>], from state: [R]) -> ReferenceLayerOutput<R> {
    ReferenceLayerOutput(value: x.dropFirst().reduce(x[0]) { combine($0, $1, hadamard) })
  }

  public func backward(
    x: [ReferenceValue<R>], from state: [R], dy: ReferenceValue<R>, dFinal: [R]
  ) -> ReferenceLayerBackward<R> {
    // dxₖ = dy ∘ the product of all values except xₖ
    ReferenceLayerBackward(
      dx: x.indices.map { k in
        x.indices.filter { $0 != k }.reduce(dy) { combine($0, x[$1], hadamard) }
      })
  }
}

/// Combines two values of the same shape position by position.
func combine<R: ReferenceNumber>(
  _ a: ReferenceValue<R>, _ b: ReferenceValue<R>, _ operation: ([R], [R]) -> [R]
) -> ReferenceValue<R> {
  zip(a, b).map { a, b in zip(a, b).map { operation($0, $1) } }
}
