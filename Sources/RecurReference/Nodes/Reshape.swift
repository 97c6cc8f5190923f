// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The same columns as another number of positions: the channels of all positions, one after another, are cut
/// into Q equal parts.
public struct ReferenceReshape<R: ReferenceNumber>: ReferenceFunction {
  /// The number of positions Q.
  public let positions: Int

  /// Creates a layer.
  ///
  /// - Parameter positions: The number of positions Q, which divides the number of columns.
  public init(positions: Int) { self.positions = positions }

  public func callAsFunction(_ x: ReferenceValue<R>) -> ReferenceValue<R> {
    x.map { step in matrix(step.flatMap { $0 }, rows: positions) }
  }

  public func backward(
    x: ReferenceValue<R>, dy: ReferenceValue<R>, into gradients: inout ReferenceReshape
  ) -> ReferenceValue<R> {
    zip(x, dy).map { x, dy in matrix(dy.flatMap { $0 }, rows: x.count) }
  }
}
