// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// An ``Autoregression`` of a series in one of its forms.
struct SeasonalAutoregression: ClassicalModel {
  let form: SeriesForm
  let period: Int
  let model: Autoregression

  /// Fits a model to a series of more than `period` values, in a form or in the one that suits it.
  init(
    fitting values: [Double], period: Int, horizon: Int, form: SeriesForm? = nil
  ) throws(RecurError) {
    self.form = form ?? SeriesForm(of: values, period: period, horizon: horizon)
    self.period = period
    model = try Autoregression(fitting: self.form.read(values, period: period))
  }

  var deviation: Double { model.deviation }

  func forecast(after values: [Double], horizon: Int) -> [Double] {
    let known = form.read(values, period: period)
    let predicted = model.forecast(after: known, horizon: horizon)
    return summed(predicted, after: Array(values.suffix(period)))
  }

  func impulseResponse(horizon: Int) -> [Double] {
    var response: [Double] = []
    for _ in 0..<horizon {
      let next = zip(model.coefficients, response.reversed()).reduce(0) { $0 + $1.0 * $1.1 }
      response.append(response.isEmpty ? 1 : next)
    }
    return summed(response, after: Array(repeating: 0, count: period))
  }

  /// Converts numbers in the form of the model to values that follow one season.
  private func summed(_ numbers: [Double], after season: [Double]) -> [Double] {
    guard form == .seasonalDifferences else { return numbers }
    var values = season
    for number in numbers { values.append(values[values.count - period] + number) }
    return Array(values.suffix(numbers.count))
  }
}
