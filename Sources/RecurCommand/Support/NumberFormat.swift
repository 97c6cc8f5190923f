// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A number for people, with so many decimals.
func fixed(_ value: Double, decimals: Int) -> String {
  String(format: "%.\(decimals)f", value)
}

/// A number for people, with four significant digits.
func fourDigits(_ value: Double) -> String { String(format: "%.4g", value) }

/// A number such as 0.1 without the digits that rounding made.
func shortest(_ value: Double) -> String { String(format: "%.6g", value) }

func percent(_ share: Double) -> String { "\(shortest(100 * share)) %" }

/// A number for files and gnuplot; empty if it is missing.
func field(_ value: Double?) -> String {
  value.map { String(format: "%.9g", $0) } ?? ""
}

/// A cross-entropy in nats per character, in bits and as a perplexity.
func inBits(_ loss: Double) -> String {
  "\(fixed(loss / log(2), decimals: 3)) bits/character  perplexity \(fixed(exp(loss), decimals: 2))"
}
