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

  @Test func numbersHaveLimits() throws {
    try requirePositive([("--a", .leastNonzeroMagnitude), ("--b", .greatestFiniteMagnitude)])
    try requireNonNegative([("--a", 0), ("--b", .greatestFiniteMagnitude)])
    for value in [0, -1, .infinity, .nan] as [Double] {
      let error = #expect(throws: ValidationError.self) {
        try requirePositive([("--a", 1), ("--b", value)])
      }
      #expect(error?.message == "--b is \(value), expected a positive finite number")
    }
    for value in [-0x1p-1074, .infinity, .nan] as [Double] {
      let error = #expect(throws: ValidationError.self) {
        try requireNonNegative([("--a", 1), ("--b", value)])
      }
      #expect(error?.message == "--b is \(value), expected a finite number of at least 0")
    }
  }

  @Test func fractionsHaveLimits() throws {
    try requireFraction("--a", 0)
    try requireFraction("--a", (0.5).nextDown)
    for value in [-0x1p-1074, 0.5, .nan] as [Double] {
      let error = #expect(throws: ValidationError.self) { try requireFraction("--a", value) }
      #expect(error?.message == "--a is \(value), expected at least 0 and below 0.5")
    }
  }

  @Test func thePredictionIntervalIsSymmetric() throws {
    #expect(try IntervalArguments.parse([]).levels == [0.1, 0.5, 0.9])
    #expect(try IntervalArguments.parse(["--coverage", "0.5"]).levels == [0.25, 0.5, 0.75])
  }

  @Test func namesAndValuesAreSeparated() throws {
    let values = try ONNXArguments.parse([
      "--size", "B=2", "--constant", "sr=16000.5", "--size", "T=30",
    ]).values()
    #expect(values.sizes == ["B": 2, "T": 30] && values.constants == ["sr": 16000.5])
    #expect(values.option == "--size")
    #expect(try ONNXArguments.parse(["--constant", "a=-1"]).values().option == "--constant")
    #expect(try ONNXArguments.parse([]).values().option == nil)
    #expect(try ONNXArguments.parse(["--size", "B=1"]).values().sizes == ["B": 1])
    #expect(try namePair("a=b=c", of: "--x", expected: "Y") == ("a", "b=c"))
    #expect(try namePair("a=", of: "--x", expected: "Y") == ("a", ""))
    for argument in ["", "=a", "a\u{1B}"] {
      let error = #expect(throws: ValidationError.self) {
        try namePair(argument, of: "--x", expected: "A=B")
      }
      #expect(error?.message == "--x is \(argument.printable), expected A=B")
    }
  }
}
