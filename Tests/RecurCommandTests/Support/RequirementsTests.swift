// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Testing

@testable import RecurCommand

/// The limits of options.
@Suite struct RequirementsTests {
  /// The nearest values to the limits that have a double.
  @Test func theLevelsOfEveryCoverageAreDistinct() throws {
    for coverage in [1e-12, 0.8, 1 - 1e-12] {
      let levels = try IntervalArguments.parse(["--coverage", "\(coverage)"]).levels
      #expect(0 < levels[0] && levels[0] < 0.5 && 0.5 < levels[2] && levels[2] < 1, "\(levels)")
    }
    for coverage in [(1e-12).nextDown, (1 - 1e-12).nextUp, .nan] {
      #expect(throws: (any Error).self) {
        try IntervalArguments.parse(["--coverage", "\(coverage)"])
      }
    }
  }

  @Test func countsHaveLimits() throws {
    try requireCounts([("--epochs", 1), ("--epochs", 1_000_000)])
    try requireCounts([("--warm-up", 0)], from: 0)
    for (value, minimum) in [(0, 1), (1_000_001, 1), (-1, 0), (Int.max, 0)] {
      let error = #expect(throws: ValidationError.self) {
        try requireCounts([("--epochs", value)], from: minimum)
      }
      #expect(error?.message == "--epochs is \(value), expected \(minimum) to 1000000")
    }
  }
}
