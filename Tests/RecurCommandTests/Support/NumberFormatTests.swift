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
    #expect(
      [1.0 / 3, 1e9, 12_345_678_901].map { field($0) } == [
        "0.333333333", "1e+09", "1.23456789e+10",
      ])
    #expect(field(nil) == "")
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
