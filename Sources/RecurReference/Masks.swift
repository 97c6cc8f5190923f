// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The random values of one sequence; an empty list means that the option is off.
public struct ReferenceMasks<R: ReferenceNumber> {
  /// Dropout: the factors of the outputs of every layer but the last in the input of the next, (L −
  /// 1) x T x D·P.
  public var betweenLayers: [[[R]]]

  /// Recurrent dropout: the factors of h_{t−1} in its product with W_hh at every step, L·D x P.
  public var recurrent: [[R]]

  /// Zoneout: the share of h and of c that stays as it was at every step, 0 or 1 if drawn, L·D x T.
  public var zoneout: [[ReferenceState<R>]]

  /// Random values of one sequence.
  ///
  /// - Parameters:
  ///   - betweenLayers: dropout, (L − 1) x T x D·P.
  ///   - recurrent: recurrent dropout, L·D x P.
  ///   - zoneout: the share that stays as it was, L·D x T.
  public init(
    betweenLayers: [[[R]]] = [], recurrent: [[R]] = [], zoneout: [[ReferenceState<R>]] = []
  ) {
    (self.betweenLayers, self.recurrent, self.zoneout) = (betweenLayers, recurrent, zoneout)
  }
}
