// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing
@testable import RecurTraining

@Suite struct SeriesFormTests {
  private let values = (0..<40).map { Double($0 * $0 % 17) + 0.3 * Double($0) }

  /// A network that outputs exactly the targets forecasts exactly the values.
  @Test(arguments: SeriesForm.allCases)
  func targetsAreWhatForecastsMean(form: SeriesForm) {
    let scaling = SeriesScaling(
      fitting: values, form: form, .init(period: 4, horizon: 7, seasons: 2))
    let said = scaling.targets(values, known: 20).map { [$0] }
    let meant = scaling.values(said, after: Array(values[..<20]))
    for step in 0..<7 {
      #expect(abs(meant[step][0] - values[20 + step]) < 1e-12 * 40)
    }
  }

  @Test func inputsAreDifferencesOrLevels() {
    let rising = (0..<20).map { Double($0 * $0) }
    #expect(SeriesForm.values.read(rising, period: 3) == rising)
    #expect(SeriesForm.seasonalDifferences.read(rising, period: 3).prefix(3) == [9, 15, 21])
    for form in SeriesForm.allCases {
      let scaling = SeriesScaling(fitting: rising, form: form, .init(period: 3, horizon: 2))
      let inputs = scaling.inputs(rising)
      #expect(inputs.count == 20 - form.offset(period: 3))
      #expect(abs(inputs.reduce(0, +)) < 1e-12 * 20)
      #expect(abs(inputs.reduce(0) { $0 + $1 * $1 } / Double(inputs.count) - 1) < 1e-12)
    }
  }

  /// The base is the last season's mean, 4.5, plus the mean of the deviations of (1, 2) and (3, 6)
  /// from their means: ∓1.
  @Test func whatIsAddedToIsTheLastSeasonWithTheMeanShape() {
    let values: [Double] = [9, 1, 2, 3, 6]
    func bases(_ form: SeriesForm, _ seasons: Int) -> [Double] {
      form.bases(values, known: 5, horizon: 3, period: 2, seasons: seasons)
    }
    #expect(bases(.seasonalDifferences, 2) == [3.5, 5.5, 3.5])
    #expect(bases(.seasonalDifferences, 1) == [3, 6, 3])
    #expect(bases(.values, 2) == [0, 0, 0])
  }

  @Test func theFormThatLiesNearerIsChosen() {
    // In a trend, the last season is closer than the mean; in noise around a mean, the mean is
    // closer.
    let trend = (0..<60).map { Double($0) }
    #expect(SeriesForm(of: trend, period: 4, horizon: 4) == .seasonalDifferences)
    var generator = SplitMix64(seed: 5)
    let noise = (0..<60).map { _ in generator.nextUnit() }
    #expect(SeriesForm(of: noise, period: 4, horizon: 4) == .values)
  }
}
