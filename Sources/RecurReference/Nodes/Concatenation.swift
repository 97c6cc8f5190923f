// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The channels of several values with the same steps and positions: y = [x₁, x₂, …] at each position.
public struct ReferenceConcatenation<R: ReferenceNumber>: ReferenceLayer {
  /// Creates a layer.
  public init() {}

  public func forward(_ x: [ReferenceValue<R>], from state: [R]) -> ReferenceLayerOutput<R> {
    ReferenceLayerOutput(value: x.dropFirst().reduce(x[0]) { combine($0, $1, +) })
  }

  public func backward(
    x: [ReferenceValue<R>], from state: [R], dy: ReferenceValue<R>, dFinal: [R]
  ) -> ReferenceLayerBackward<R> {
    // dy = [dx₁, dx₂, …]
    var rest = dy
    return ReferenceLayerBackward(
      dx: x.map { x in
        let dx = combine(x, rest) { x, rest in Array(rest[..<x.count]) }
        rest = combine(x, rest) { x, rest in Array(rest[x.count...]) }
        return dx
      })
  }
}
