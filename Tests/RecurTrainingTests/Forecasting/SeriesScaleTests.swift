// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

@Suite struct SeriesScaleTests {
  /// Seasons that grow with the level are equal on the logarithmic scale.
  @Test func theScaleMakesSeasonsEqual() {
    let growing = (0..<96).map { exp(0.01 * Double($0)) * [1, 1.5, 2, 0.8][$0 % 4] }
    #expect(SeriesScale(of: growing, period: 4) == .logarithmic)
    let rising = (0..<96).map { 100 + Double($0) + [1, 1.5, 2, 0.8][$0 % 4] }
    #expect(SeriesScale(of: rising, period: 4) == .linear)
  }

  @Test func aLogarithmNeedsPositiveValues() throws {
    let growing = (0..<96).map { exp(0.01 * Double($0)) * [1, 1.5, 2, 0.8][$0 % 4] }
    #expect(SeriesScale(of: growing.map { $0 - 1 }, period: 4) == .linear)
    #expect(SeriesScale(of: [1, 2, 4], period: 4) == .linear)
    #expect(SeriesScale(of: Array(repeating: 3, count: 20), period: 4) == .linear)
    #expect(try SeriesScale.logarithmic.applied(to: [1, 2]) == [0, log(2)])
    #expect(
      message { try SeriesScale.logarithmic.applied(to: [1, 0]) }
        == "values has 0.0 at index 1, expected positive values for a logarithmic scale")
  }

  @Test(arguments: [-1000, 0, 900])
  func magnitudesDoNotMatter(exponent: Int) {
    let growing = (0..<96).map {
      scalbn(exp(0.01 * Double($0)) * [1, 1.5, 2, 0.8][$0 % 4], exponent)
    }
    #expect(SeriesScale(of: growing, period: 4) == .logarithmic)
  }

  @Test func momentsOfEqualValuesAreExact() {
    for value in [0.1, 45, 2.5e-9, 1e300, -1e-320] {
      let moments = Moments(of: Array(repeating: value, count: 144)[...])
      #expect(moments.mean == value)
      #expect(moments.deviation == 0)
    }
  }
}
