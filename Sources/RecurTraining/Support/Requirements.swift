// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Throws an error if an option is out of range.
func require(
  _ name: String, _ value: some Numeric, _ isExpected: Bool, _ expected: String
) throws(RecurError) {
  guard isExpected else {
    // For infinity, "expected at least 0" alone would be confusing.
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
