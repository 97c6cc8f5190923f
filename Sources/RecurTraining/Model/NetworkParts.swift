// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension NetworkDescription {
  /// Every layer and direction, in the order of a state's rows.
  var recurrences: [(layer: Int, direction: Direction)] {
    (0..<layers).flatMap { layer in
      Direction.allCases.prefix(directions).map { (layer, $0) }
    }
  }

  /// Of a cell with several gates.
  var gateNames: [String]? {
    switch (gates, forgetGate) {
    case (4, _): ["i", "f", "g", "o"]
    case (3, .coupledToInput): ["i", "g", "o"]
    case (3, _): ["r", "z", "n"]
    default: nil
    }
  }
}
