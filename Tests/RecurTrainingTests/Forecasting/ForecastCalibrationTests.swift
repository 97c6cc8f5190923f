// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

@Suite struct ForecastCalibrationTests {
  private typealias Trial = ForecastCalibration.Trial
  private let levels = [0.1, 0.5, 0.9]

  /// The errors of the components are 1 and 2: the weights are 4/5 and 1/5.
  @Test func weightsAreInverseSquaresOfErrors() {
    let trials = [Trial(components: [[[0, 1, 2]], [[0, 2, 5]]], observed: [0])]
    let calibration = ForecastCalibration(trials, .linear, levels)
    #expect(calibration.weights == [0.8, 0.2])
    #expect(abs(calibration.error - 1.2) < 1e-15)
    let exact = [Trial(components: [[[0, 1, 2]], [[0, 2, 5]], [[1, 2, 2]]], observed: [2])]
    #expect(ForecastCalibration(exact, .linear, levels).weights == [0, 0.5, 0.5])
  }

  @Test func errorsOfLogarithmsAreThoseOfValues() {
    let trials = [
      Trial(components: [[[0, log(3), 2]], [[0, log(2), 5]]], observed: [log(4)])
    ]
    let weights = ForecastCalibration(trials, .logarithmic, levels).weights
    #expect(abs(weights[0] - 0.8) < 1e-12)
  }

  /// Nine values, at 1/2 to 9/2 of the interval's half-widths from the median. Intervals of 80% need
  /// 8 of 9: the factor 4, shrunk to 4^(2/3).
  @Test func factorsAreThoseOfConformalPredictionShrunk() {
    let trials = (1...9).map { number in
      let distance = Double(number) / 2 * (number.isMultiple(of: 2) ? 1 : -2)
      return Trial(components: [[[-2, 0, 1]]], observed: [distance])
    }
    let calibration = ForecastCalibration(trials, .linear, levels)
    let factor = pow(4.0, 2.0 / 3)
    #expect(calibration.factors == [factor, 1, factor])
    let steps = ForecastCalibration.combined([[[-2, 0, 1]]], calibration, levels)
    #expect(steps == [[-2 * factor, 0, factor]])
  }

  /// Without the opposite level, 9 of 10 values are below the quantile 0.9 or the median.
  @Test func aLevelAloneCountsItsOwnSide() {
    let trials = (0..<9).map {
      Trial(components: [[[0, 1]]], observed: [$0 < 7 ? -1 : Double($0)])
    }
    let calibration = ForecastCalibration(trials, .linear, [0.5, 0.9])
    #expect(calibration.factors == [1, pow(8, 2.0 / 3)])
  }

  @Test func intervalsWithoutAWidthStayAsTheyAre() {
    let trials = [Trial(components: [[[3, 3, 3]]], observed: [4])]
    #expect(ForecastCalibration(trials, .linear, levels).factors == [1, 1, 1])
    let exact = [Trial(components: [[[3, 3, 3]]], observed: [3])]
    #expect(ForecastCalibration(exact, .linear, levels).factors == [1, 1, 1])
  }

  @Test(arguments: [(1e-9, 0.25), (1e9, 4)])
  func factorsHaveLimits(distance: Double, factor: Double) {
    let trials = [Trial(components: [[[-1, 0, 1]]], observed: [distance])]
    #expect(ForecastCalibration(trials, .linear, levels).factors == [factor, 1, factor])
  }

  @Test func quantilesWithDifferentFactorsDoNotCross() {
    let calibration = ForecastCalibration(weights: [1], factors: [1, 4, 1, 1, 1], error: 0)
    let steps = ForecastCalibration.combined(
      [[[-2, -1, 0, 1, 2]]], calibration, [0.1, 0.25, 0.5, 0.75, 0.9])
    #expect(steps == [[-4, -2, 0, 1, 2]])
  }

  @Test func intervalsOfShortSeriesAreWidened() {
    let components: [[[Double]]] = [[[-2, 0, 2]], [[0, 2, 8]]]
    #expect(ForecastCalibration.combined(components, nil, levels) == [[-1, 1, 5]])
    let widened = ForecastCalibration.combined(components, nil, levels, isTooShort: true)
    #expect(widened == [[-1.5, 1, 6]])
  }

  /// Of 84 windows, 21 are withheld and 4 separate them from the rest.
  @Test func theLastQuarterOfTheWindowsIsWithheld() {
    let options = ForecasterOptions(period: 4, horizon: 5)
    let plan = CalibrationPlan(count: 100, needed: 17, options)
    #expect(plan?.known == 100 - 21 - 4)
    #expect(plan?.origins(count: 100, horizon: 5) == Array(75...95))
    #expect(CalibrationPlan(count: 20, needed: 17, options) == nil)
    var other = options
    other.calibrates = false
    #expect(CalibrationPlan(count: 100, needed: 17, other) == nil)
  }

  @Test func longSeriesHaveEvenlySpacedOrigins() throws {
    let options = ForecasterOptions(period: 4, horizon: 5)
    let plan = try #require(CalibrationPlan(count: 10_016, needed: 17, options))
    let origins = plan.origins(count: 10_016, horizon: 5)
    #expect(origins.count == 200)
    #expect(origins.first == plan.known && origins.last == 10_011)
    #expect(zip(origins, origins.dropFirst()).allSatisfy { 12...13 ~= $1 - $0 })
  }
}
