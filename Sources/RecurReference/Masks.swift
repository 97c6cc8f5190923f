// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The random values of one sequence. An empty list means that the option is off.
public struct ReferenceMasks<R: ReferenceNumber> {
  /// Dropout: the factors of the outputs of every layer but the last, as inputs of the next layer, (L −
  /// 1) x T x D·P.
  public var betweenLayers: [[[R]]]

  /// Recurrent dropout: the factors of hₜ₋₁ in its product with Wₕₕ at every step, L·D x P.
  public var recurrent: [[R]]

  /// Zoneout: the weights of the previous h and c at every step, which are 0 or 1 if they are drawn, L·D
  /// x T.
  public var zoneout: [[ReferenceState<R>]]

  /// Creates the random values of one sequence.
  ///
  /// - Parameters:
  ///   - betweenLayers: Dropout, (L − 1) x T x D·P.
  ///   - recurrent: Recurrent dropout, L·D x P.
  ///   - zoneout: The weights of the previous states, L·D x T.
  public init(
    betweenLayers: [[[R]]] = [], recurrent: [[R]] = [], zoneout: [[ReferenceState<R>]] = []
  ) {
    (self.betweenLayers, self.recurrent, self.zoneout) = (betweenLayers, recurrent, zoneout)
  }
}
