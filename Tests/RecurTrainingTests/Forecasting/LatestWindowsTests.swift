// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

@testable import RecurTraining

@Suite struct LatestWindowsTests {
  private let values = (0..<40).map { Double($0 % 4) + Double($0 * $0) / 100 }

  private func forecaster(_ form: SeriesForm) throws -> SeriesForecaster<Double> {
    try SeriesForecaster(
      fitting: values,
      options: ForecasterOptions(
        period: 4, horizon: 3, scale: .linear, window: 5, form: form, seasons: 2, hiddenSize: 2,
        members: 1,
        epochs: 1, validationShare: 0.2))
  }

  @Test(arguments: SeriesForm.allCases) func theyEndAHorizonBeforeTheEnd(form: SeriesForm) throws {
    let forecaster = try forecaster(form)
    let batch = try forecaster.latestWindows(2, of: values)
    guard case .features(let input) = batch.input, case .values(let targets) = batch.targets else {
      Issue.record("the input has no features")
      return
    }
    #expect(input.steps == 5 && input.batchSize == 2 && input.features == 1)
    let scaling = try #require(forecaster.scaling)
    let all = scaling.inputs(values)
    for (sequence, known) in [36, 37].enumerated() {
      let expected = all.prefix(known - form.offset(period: 4)).suffix(5)
      #expect((0..<5).map { input[$0, sequence, 0] } == Array(expected))
      let said = scaling.targets(values, known: known)
      #expect((0..<3).map { targets[sequence, $0] } == said)
    }
    #expect(forecaster.options.loss == .quantiles([0.1, 0.5, 0.9]))
  }

  @Test func theyMayNotBeMoreThanThereAre() throws {
    let forecaster = try forecaster(.values)
    #expect(
      message { try forecaster.latestWindows(31, of: values) }
        == "count is 31, expected 1 to 30")
    #expect(try forecaster.latestWindows(30, of: values).batchSize == 30)
    #expect(message { try forecaster.latestWindows(0, of: values) }.hasPrefix("count is 0"))
    #expect(
      message { try forecaster.latestWindows(1, of: Array(values.prefix(15))) }
        == "values has 15 elements, expected at least 16")
  }
}
