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

/// Formats a number for files and gnuplot without digits that come from rounding: with up to twelve
/// significant digits, or fifteen from 10⁹ on, where twelve would leave fewer than three decimals. An empty
/// string if it is missing.
func field(_ value: Double?) -> String {
  guard let value else { return "" }
  return String(format: abs(value) < 1e9 ? "%.12g" : "%.15g", value)
}

/// Formats the numbers of a column with the same number of decimals.
///
/// The smallest number but zero has at least three significant digits. Numbers outside 0.001 to
/// 999,999,999 have an exponent.
///
/// - Parameters:
///   - values: The numbers.
///   - decimals: The minimum number of decimals.
/// - Returns: The texts.
func columnTexts(_ values: [Double], decimals: Int = 0) -> [String] {
  func isPlain(_ value: Double) -> Bool { 1e-3..<1e9 ~= abs(value) }
  let least = values.map(abs).filter(isPlain).min() ?? 1
  let decimals = max(decimals, 2 - Int(log10(least).rounded(.down)))
  return values.map { value in
    isPlain(value) || value == 0
      ? fixed(value, decimals: decimals) : String(format: "%.2e", value)
  }
}

/// Formats a cross-entropy, in nats per character, as bits per character and as perplexity.
func inBits(_ loss: Double) -> String {
  "\(fixed(loss / log(2), decimals: 3)) bits/character  perplexity \(fixed(exp(loss), decimals: 2))"
}
