// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurCommand

/// The range and the labels of a plot's vertical axis.
@Suite struct PlotAxisTests {
  @Test(
    arguments: [
      ([0, 100], 0, ["0", "20", "40", "60", "80", "100"]),
      ([-1, 1], 0, ["-1.0", "-0.5", "0.0", "0.5", "1.0"]),
      ([313.5, 371], 0, ["320", "330", "340", "350", "360", "370"]),
      ([0.0001, 0.0005], 0, ["0.0001", "0.0002", "0.0003", "0.0004", "0.0005"]),
      ([1.2e9, 1.25e9], 9, ["1.20", "1.21", "1.22", "1.23", "1.24", "1.25"]),
      ([2e6, 8e6], 0, (2...8).map { "\($0)000000" }),
      ([1e9 + 1, 1e9 + 2], 0, [0, 2, 4, 6, 8].map { "1000000001.\($0)" } + ["1000000002.0"]),
      ([-3e-300, 4e-300], -300, ["-3", "-2", "-1", "0", "1", "2", "3", "4"]),
      ([-1e300, 1e300], 300, ["-1.0", "-0.5", "0.0", "0.5", "1.0"]),
      ([5, .infinity, 6, .nan], 0, ["5.0", "5.2", "5.4", "5.6", "5.8", "6.0"]),
    ] as [([Double], Int, [String])])
  func labelsAreShort(values: [Double], exponent: Int, labels: [String]) {
    let axis = PlotAxis(of: values)
    #expect(axis.exponent == exponent)
    #expect(axis.marks.map(\.label) == labels)
    for value in values where value.isFinite {
      #expect(axis.low < axis.position(value) && axis.position(value) < axis.high)
    }
  }

  /// The range has a height if all values are equal, and the labels differ.
  @Test(arguments: [0, 2.5e-9, -7, 45, 1e9, 1e300, 5e-324])
  func equalValuesHaveARange(value: Double) {
    let axis = PlotAxis(of: [value, value])
    let labels = axis.marks.map(\.label)
    #expect(axis.low < axis.position(value) && axis.position(value) < axis.high)
    #expect(labels.count >= 2 && Set(labels).count == labels.count, "\(labels)")
    #expect(labels.allSatisfy { $0.count <= 8 }, "\(labels)")
  }

  @Test func noValuesHaveARange() {
    let axis = PlotAxis(of: [.infinity])
    #expect(axis.low == -1 && axis.high == 1)
  }

  @Test(arguments: [
    (1, "sales", "kg", "kg"), (1, "sales", "", "sales"), (1, "", "", ""),
    (1e9, "sales", "kg", "10⁹ kg"), (1e9, "sales", "", "sales, in 10⁹"),
    (1e-12, "", "", "in 10⁻¹²"),
  ])
  func theNameHasThePower(scale: Double, column: String, unit: String, name: String) {
    #expect(PlotAxis(of: [scale, 2 * scale]).name(column: column, unit: unit) == name)
  }
}
