// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import SwiftCSV
import Testing

/// A forecast of the last values of a series in Examples/data from several origins.
struct SeriesTask: Sendable, CustomTestStringConvertible {
  let file: String
  let column: String

  /// The default options of the networks alone, without calibration.
  let options: ForecasterOptions

  /// The number of values, and the number of missing values.
  let count: (all: Int, missing: Int)

  static func co2(members: Int) -> SeriesTask {
    SeriesTask(
      file: "co2-weekly-mauna-loa.csv", column: "co2_ppm",
      options: ForecasterOptions(
        period: 52, horizon: 104, components: [.network], scale: .linear, members: members,
        calibrates: false),
      count: (2284, 59))
  }

  /// The season is a cycle of eleven years.
  static func sunspots(members: Int) -> SeriesTask {
    SeriesTask(
      file: "sunspots-monthly.csv", column: "sunspots",
      options: ForecasterOptions(
        period: 132, horizon: 24, components: [.network], scale: .linear, window: 264,
        members: members, calibrates: false),
      count: (2820, 0))
  }

  var testDescription: String { column }

  func values() throws -> [Double?] {
    let csv = try CSV<Named>(string: String(decoding: TaskTests.data(file), as: UTF8.self))
    let values = try #require(csv.columns?[column]).map { Double($0) }
    try #require(values.count == count.all && values.count { $0 == nil } == count.missing)
    return values
  }

  /// Returns the mean absolute errors of the network and of the baselines.
  func run(origins: Int) throws -> (reached: Double, baselines: [Baseline: Double]) {
    let start = ContinuousClock.now
    var steps = 0
    let result = try SeriesForecaster<Float>.backtest(
      values(), options: options,
      backtest: BacktestOptions(origins: origins, refits: true)
    ) { _, _ in steps += 1 }
    let errors = result.baselineScores.map(\.meanAbsoluteError)
    TaskRow(
      task: "\(column), \(options.horizon) ahead, origins: \(origins)",
      model: "\(options.members) x \(options.cell), H = \(options.hiddenSize)", seed: options.seed,
      steps: steps, reached: result.score.meanAbsoluteError, baselines: errors, start: start
    ).show()
    return (
      result.score.meanAbsoluteError,
      Dictionary(uniqueKeysWithValues: zip(result.baselines, errors))
    )
  }

  /// Returns the coverage of 80% intervals with and without calibration, for the series without
  /// its last `withheld` values.
  func ranges(origins: Int, withheld: Int) throws -> (stretched: Double, plain: Double) {
    var options = options
    options.calibrates = true
    let result = try SeriesForecaster<Float>.backtest(
      values().dropLast(withheld), options: options,
      backtest: BacktestOptions(origins: origins, refits: true))
    let held = try result.trials.flatMap { trial in
      let stretch = try #require(trial.forecast.calibration).factors[0]
      return zip(trial.observed, trial.forecast.steps).compactMap { observed, step in
        observed.map { value in
          let (median, end) = (step[1], value < step[1] ? step[0] : step[2])
          return abs(value - median) <= abs(end - median) / stretch
        }
      }
    }
    let plain = Double(held.count(where: \.self)) / Double(held.count)
    print(
      "| \(column), \(options.horizon) ahead, origins: \(origins) "
        + String(format: "| %.3f | %.3f |", plain, result.coverage))
    return (result.coverage, plain)
  }
}

extension TaskTests {
  @Test(arguments: [SeriesTask.co2(members: 1), .sunspots(members: 1)])
  func series(_ task: SeriesTask) throws {
    let (reached, baselines) = try task.run(origins: 1)
    #expect(try reached < #require(baselines[.seasonalNaive]))
  }

  /// Coverage below 0.8 arises because the future differs from the last quarter of the known
  /// values.
  @Test(
    .enabled(if: slow),
    arguments: [(SeriesTask.co2(members: 4), 8, 104), (.sunspots(members: 4), 16, 0)])
  func ranges(_ task: SeriesTask, origins: Int, withheld: Int) throws {
    let (stretched, plain) = try task.ranges(origins: origins, withheld: withheld)
    #expect(stretched > plain && stretched > 0.7)
  }

  @Test(.enabled(if: slow), arguments: [SeriesTask.co2(members: 4), .sunspots(members: 4)])
  func longSeries(_ task: SeriesTask) throws {
    let (reached, baselines) = try task.run(origins: 5)
    #expect(try reached < #require(baselines[.seasonalNaive]))
  }
}
