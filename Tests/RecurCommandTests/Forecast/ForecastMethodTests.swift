// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@testable import RecurCommand

/// The methods, the domain, the intervals and the backtest of a forecast.
@Suite struct ForecastMethodTests {
  private static let small = [
    "--period", "4", "--window", "6", "--horizon", "2", "--hidden-size", "3", "--epochs", "1",
    "--no-plot",
  ]

  private func forecast(
    _ folder: URL, _ options: String...
  ) throws -> (result: CommandResult, table: [[Substring]]) {
    let data = try smallSeries(in: folder, complete: true).path
    let result = try recur(
      arguments: ["forecast", data, "--output", folder.path] + Self.small + options)
    let file = folder.appendingPathComponent("forecast.csv")
    let text = try? String(contentsOf: file, encoding: .utf8)
    return (
      result, (text ?? "").split(separator: "\n").map { $0.split(separator: ",") }
    )
  }

  @Test func oneMethodIsItsBaseline() throws {
    try withFolder { folder in
      for (method, column) in [("autoregressive", 7), ("exponential-smoothing", 8)] {
        let (result, table) = try forecast(folder, "--method", method, "--backtest", "0")
        #expect(result.status == 0, "\(result.errors)")
        #expect(table[0][column] == method.replacing("-", with: "_"))
        for row in table.dropFirst() { #expect(row[1] == row[column]) }
        #expect(result.output == "forecast: 2 values, 2060 to 2061\n")
        #expect(!result.errors.contains("training"))
      }
    }
  }

  @Test func intervalsMayBeSeveral() throws {
    try withFolder { folder in
      let (result, table) = try forecast(
        folder, "--coverage", "0.5", "--coverage", "0.9", "--coverage", "0.5", "--backtest", "1")
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        table[0].prefix(6) == [
          "date", "forecast", "quantile_0.05", "quantile_0.25", "quantile_0.75", "quantile_0.95",
        ])
      for row in table.dropFirst() {
        let numbers = row[1...5].compactMap { Double($0) }
        #expect(numbers[1...].sorted() == Array(numbers[1...]))
      }
    }
  }

  @Test func theDomainLimitsTheForecast() throws {
    try withFolder { folder in
      let (result, table) = try forecast(
        folder, "--minimum", "-5", "--maximum", "7.5", "--backtest", "1")
      #expect(result.status == 0, "\(result.errors)")
      #expect(!result.errors.contains("no value is negative"))
      for row in table.dropFirst() { #expect(row[1...3].allSatisfy { Double($0)! <= 7.5 }) }
    }
  }

  @Test func limitsBeyondAllValuesAreReported() throws {
    try withFolder { folder in
      let (low, _) = try forecast(folder, "--maximum", "-1", "--backtest", "0", "--quiet")
      #expect(
        low.errors.hasPrefix("warning: --maximum is -1, less than every value (at least 0)\n"))
      let (high, _) = try forecast(folder, "--minimum", "2000", "--backtest", "0", "--quiet")
      #expect(
        high.errors.hasPrefix("warning: --minimum is 2000, more than every value (at most 20)\n"))
    }
  }

  @Test(arguments: [
    (["--method", "network", "--method", "network"], "--method is given twice with one method"),
    (["--positive", "--scale", "linear"], "--positive cannot be combined with --scale linear"),
    (["--minimum", "2", "--maximum", "2"], "--maximum is 2.0, expected more than --minimum, 2.0"),
    (["--maximum", "nan"], "--maximum is nan, expected a number"),
    (["--coverage", "0.8", "--coverage", "1"], "--coverage is 1.0, expected"),
    (["--backtest", "0", "--refit"], "--refit is given with --backtest 0, expected"),
    (["--backtest=-1"], "--backtest is -1, expected 0 to 1000000"),
    (["--model", "m", "--refit"], "--refit cannot be combined with --model"),
    (["--coverage", "80"], "--coverage is 80.0, expected 1e-12 to 1 - 1e-12, such as 0.8 for 80%"),
  ])
  func badOptionsAreErrors(options: [String], message: String) throws {
    try withFolder { folder in
      let data = try smallSeries(in: folder, complete: true).path
      let result = try recur(arguments: ["forecast", data, "--horizon", "2"] + options)
      #expect(result.status == 2)
      #expect(result.errors.contains(message), "\(result.errors)")
    }
  }

  /// The series of 60 values is positive up to one zero.
  @Test func aLogarithmicScaleNeedsPositiveValues() throws {
    try withFolder { folder in
      let (result, _) = try forecast(folder, "--positive", "--backtest", "1")
      #expect(result.status == 2)
      #expect(
        result.errors.hasSuffix(
          "series.csv: the value of 2000 is 0, expected values above 0 for --positive and --scale logarithmic\n"
        ), "\(result.errors)")
    }
  }

  @Test func aModelKnowsTheMagnitudeOfItsSeries() throws {
    try withFolder { folder in
      let data = try smallSeries(in: folder, complete: true)
      let trained = try recur(
        arguments: ["train", "series", data.path, "--output", folder.path]
          + Self.small.dropLast())
      #expect(trained.status == 0, "\(trained.errors)")
      let other = folder.appendingPathComponent("other.csv")
      let lines = (0..<60).map { "\(2000 + $0),\(1000 * ($0 % 4 * 2 + $0 / 4))" }
      try (["date,sales"] + lines).joined(separator: "\n").write(
        to: other, atomically: true, encoding: .utf8)
      func errors(_ file: URL) throws -> String {
        try recur(
          "forecast", file.path, "--model", folder.path + "/model.safetensors", "--output",
          folder.path, "--no-plot", "--quiet"
        ).errors
      }
      #expect(
        try errors(other).contains(
          "values are 0 to 20000, but the model was trained on values of 0 to 20"))
      #expect(
        try errors(other).contains(
          "the series is \"sales\", but the model was trained on \"value\"\n"))
      #expect(try !errors(data).contains("but the model"))
      let without = try recur(
        "train", "series", data.path, "--horizon", "2", "--method", "autoregressive")
      #expect(without.status == 2)
      #expect(without.errors.contains("--method does not include network"))
    }
  }
}
