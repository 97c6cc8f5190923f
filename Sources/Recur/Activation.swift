// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The function φ of a recurrent cell.
public enum Activation: Sendable, Equatable, CaseIterable {
  case tanh
  case relu

  var inC: recur_activation {
    switch self {
    case .tanh: RECUR_TANH
    case .relu: RECUR_RELU
    }
  }
}
