// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// What random options draw for one sequence; what is empty is not there.
public struct ReferenceMasks<R: ReferenceNumber> {
  /// Dropout: what the outputs of every layer but the last are multiplied by on their way to the next,
  /// (L − 1) x T x D·P.
  public var betweenLayers: [[[R]]]

  /// Recurrent dropout: what h_{t−1} is multiplied by on its way to W_hh, at every step, L·D x P.
  public var recurrent: [[R]]

  /// Zoneout: the share of h and of c that stays as it was, 0 or 1 if drawn, at every step, L·D x T.
  public var zoneout: [[ReferenceState<R>]]

  public init(
    betweenLayers: [[[R]]] = [], recurrent: [[R]] = [], zoneout: [[ReferenceState<R>]] = []
  ) {
    (self.betweenLayers, self.recurrent, self.zoneout) = (betweenLayers, recurrent, zoneout)
  }
}
