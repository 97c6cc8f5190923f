// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The random values of one sequence. An empty list means that the option is off.
public struct ReferenceMasks<R: ReferenceNumber> {
  /// Dropout, (L − 1) x T x D·P: the factors of the outputs of every layer but the last, as inputs of the
  /// next layer.
  public var betweenLayers: [[[R]]]

  /// Recurrent dropout, L·D x P: the factors of hₜ₋₁ in its product with Wₕₕ at every step.
  public var recurrent: [[R]]

  /// Zoneout, L·D x T: the weights of the previous h and c at every step, which are 0 or 1 if they are
  /// drawn.
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
