// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurCommand

/// The formats of numbers in reports and files.
@Suite struct NumberFormatTests {
  @Test(
    arguments: [
      (0, 0, "0"), (2.5, 1, "2.5"), (-123.45678, 3, "-123.457"), (0.0004, 3, "0.000"),
      (999_999_999_999_999, 1, "999999999999999.0"), (1e15, 1, "1e+15"), (-1e15, 1, "-1e+15"),
      (1.25e300, 3, "1.25e+300"), (.infinity, 3, "inf"),
    ] as [(Double, Int, String)])
  func decimalsAreFixed(value: Double, decimals: Int, text: String) {
    #expect(fixed(value, decimals: decimals) == text)
  }

  @Test func digitsAreFew() {
    #expect(
      [1.23456, 12345.6, 0.00001234567, 2].map(fourDigits) == [
        "1.235", "1.235e+04", "1.235e-05", "2",
      ])
    #expect(
      [0.1 + 0.2, 1234567.5, 44_100, 1e-7].map(shortest) == [
        "0.3", "1.23457e+06", "44100", "1e-07",
      ])
    #expect([0.1, 0.005, 1, 0.123456789].map(percent) == ["10%", "0.5%", "100%", "12.3457%"])
  }

  /// Twelve significant digits, or fifteen from 10⁹ on, without those that come from rounding.
  @Test(
    arguments: [
      (nil, ""), (0.1, "0.1"), (0.1 + 0.2, "0.3"), (4320, "4320"), (1.0 / 3, "0.333333333333"),
      (1e9, "1000000000"), (1_234_567_895, "1234567895"), (12_345_678_901, "12345678901"),
      (123_456_789_012, "123456789012"), (-2_363_206_773_094.25, "-2363206773094.25"),
      (1_000_000_000_211.5, "1000000000211.5"), (1_234_567_890.0625, "1234567890.0625"),
      (999_999_999_999_999, "999999999999999"), (1e15, "1e+15"), (-2.5e-300, "-2.5e-300"),
    ] as [(Double?, String)])
  func fieldsHaveAllDigits(value: Double?, text: String) {
    #expect(field(value) == text)
  }

  @Test(
    arguments: [
      ([0.395, 2.063], 0, ["0.395", "2.063"]), ([12, 3.25], 0, ["12.00", "3.25"]),
      ([250, 1000], 0, ["250", "1000"]), ([1.5, 2], 3, ["1.500", "2.000"]),
      ([0, 0.0012, 3], 0, ["0.00000", "0.00120", "3.00000"]), ([0, 0], 3, ["0.000", "0.000"]),
      ([1.4e27, 3400, .infinity], 0, ["1.40e+27", "3400", "inf"]),
      ([3.46e-6, 9e-301], 0, ["3.46e-06", "9.00e-301"]),
      ([999_999_999, 1e9], 0, ["999999999", "1.00e+09"]),
      ([.nan], 0, ["nan"]), ([], 0, []),
    ] as [([Double], Int, [String])])
  func columnsHaveThreeDigits(values: [Double], decimals: Int, texts: [String]) {
    #expect(columnTexts(values, decimals: decimals) == texts)
  }

  @Test func thingsAreCounted() {
    #expect([0, 1, 2].map { counted($0, "step") } == ["0 steps", "1 step", "2 steps"])
  }

  @Test func aCrossEntropyIsAlsoInBits() {
    #expect(inBits(0) == "0.000 bits/character  perplexity 1.00")
    #expect(inBits(1.3862943611198906) == "2.000 bits/character  perplexity 4.00")
  }

  @Test(arguments: [
    (1, "1 s"), (61.25, "61.2 s"), (0.9999, "1e+03 ms"), (0.001, "1 ms"), (0.0123, "12.3 ms"),
    (0.000999, "999 µs"), (1e-6, "1 µs"), (2.5e-9, "0.0025 µs"), (0, "0 µs"),
  ])
  func timesHaveUnits(seconds: Double, text: String) {
    #expect(shortTime(seconds) == text)
  }
}
