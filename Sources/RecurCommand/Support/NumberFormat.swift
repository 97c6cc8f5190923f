// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A number as it is written to files; nothing if it is missing.
func number(_ value: Double?) -> String {
  value.map { String(format: "%.9g", $0) } ?? ""
}

/// A level without the digits that rounding made.
func levelText(_ level: Double) -> String { String(format: "%.6g", level) }

func percent(_ share: Double) -> String { "\(levelText(100 * share)) %" }

/// What a loss in nats is to people who count in bits.
func inBits(_ loss: Double) -> String {
  "\(fixed(loss / log(2), decimals: 3)) bits/character  perplexity \(fixed(exp(loss), decimals: 2))"
}

/// A number with so many decimals.
func fixed(_ value: Double, decimals: Int) -> String {
  String(format: "%.\(decimals)f", value)
}

/// Four digits.
func short(_ value: Double) -> String { String(format: "%.4g", value) }
