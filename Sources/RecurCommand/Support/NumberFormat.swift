// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Formats a number with a fixed number of decimals, or a large one with six significant digits.
func fixed(_ value: Double, decimals: Int) -> String {
  abs(value) < 1e15 ? String(format: "%.\(decimals)f", value) : shortest(value)
}

/// Formats a number with four significant digits.
func fourDigits(_ value: Double) -> String { String(format: "%.4g", value) }

/// Formats a number with up to six significant digits, without digits that come from rounding.
func shortest(_ value: Double) -> String { String(format: "%.6g", value) }

/// Formats a number of things, such as `1 step` or `2 steps`.
func counted(_ count: Int, _ thing: String) -> String {
  "\(count) \(thing)\(count == 1 ? "" : "s")"
}

/// Formats a fraction as a percentage.
func percent(_ fraction: Double) -> String { "\(shortest(100 * fraction))%" }

/// Formats a number for files and gnuplot; an empty string if it is missing.
func field(_ value: Double?) -> String {
  value.map { String(format: "%.9g", $0) } ?? ""
}

/// Formats a cross-entropy, in nats per character, as bits per character and as perplexity.
func inBits(_ loss: Double) -> String {
  "\(fixed(loss / log(2), decimals: 3)) bits/character  perplexity \(fixed(exp(loss), decimals: 2))"
}
