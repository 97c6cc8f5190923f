// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// One row for a sequence: its first or last step, or the mean or the maximum of its steps, element by element. A
/// sequence without steps gives zeros.
public struct ReferenceReduction<R: ReferenceNumber>: ReferenceFunction {
  /// The kinds of reductions.
  public enum Kind: Sendable, CaseIterable {
    /// y = x₁
    case firstStep

    /// y = x_T
    case lastStep

    /// y = (x₁ + … + x_T) / T
    case mean

    /// y = max xₜ
    case maximum
  }

  /// The kind.
  public let kind: Kind

  /// The number of positions Q, which a sequence without steps does not show.
  public let positions: Int

  /// The number of channels C.
  public let channels: Int

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - kind: The kind.
  ///   - positions: The number of positions Q of the value that the layer reads.
  ///   - channels: The number of its channels C.
  public init(_ kind: Kind, positions: Int, channels: Int) {
    (self.kind, self.positions, self.channels) = (kind, positions, channels)
  }

  public func callAsFunction(_ x: ReferenceValue<R>) -> ReferenceValue<R> {
    let y = (0..<positions).map { q in (0..<channels).map { c in reduced(x.map { $0[q][c] }) } }
    return [y]
  }

  public func backward(
    x: ReferenceValue<R>, dy: ReferenceValue<R>, into gradients: inout ReferenceReduction
  ) -> ReferenceValue<R> {
    var dx = zeros(like: x)
    for q in 0..<positions {
      for c in 0..<channels {
        let d = backward(x.map { $0[q][c] }, dy: dy[0][q][c])
        for t in x.indices { dx[t][q][c] = d[t] }
      }
    }
    return dx
  }

  // One element at all steps

  private func reduced(_ x: [R]) -> R {
    if x.isEmpty { return 0 }
    switch kind {
    case .firstStep: return x[0]
    case .lastStep: return x[x.count - 1]
    case .mean: return mean(x)
    case .maximum: return x[stepOfMaximum(x)]
    }
  }

  private func backward(_ x: [R], dy: R) -> [R] {
    x.indices.map { t in
      switch kind {
      // dx₁ = dy
      case .firstStep: t == 0 ? dy : 0
      // dx_T = dy
      case .lastStep: t == x.count - 1 ? dy : 0
      // dxₜ = dy / T
      case .mean: dy / R(Double(x.count))
      // dxₜ = dy at the first step t with the maximum
      case .maximum: t == stepOfMaximum(x) ? dy : 0
      }
    }
  }

  private func stepOfMaximum(_ x: [R]) -> Int {
    x.indices.reduce(0) { x[$1] > x[$0] ? $1 : $0 }
  }
}
