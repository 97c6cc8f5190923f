// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Refuses an option that is not as expected.
func require(
  _ name: String, _ value: some Numeric, _ isExpected: Bool, _ expected: String
) throws(RecurError) {
  guard isExpected else {
    // Infinity is at least 0.
    let isFinite = (value as? any FloatingPoint)?.isFinite ?? true
    throw .invalid(
      argument: name,
      reason: "is \(value), expected \(isFinite ? "" : "a finite number, ")\(expected)")
  }
}

extension Double {
  var isPositive: Bool { self > 0 && isFinite }
  var isNotNegative: Bool { self >= 0 && isFinite }
}
