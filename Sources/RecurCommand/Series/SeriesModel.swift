// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// A forecaster written by `recur train series`, and a series to forecast.
struct SeriesModel {
  let forecaster: SeriesForecaster<Float>
  let series: Series
  private let file: String

  /// The date of the last training value.
  let lastDate: SeriesDate

  /// Reads a forecaster and a series.
  ///
  /// - Parameters:
  ///   - path: The path of the forecaster's file.
  ///   - file: The path of the series' file.
  ///   - reading: How to read the file of the series; what is not given is as in training.
  /// - Throws: `BadInput` or `FileError` if a file is invalid or the series does not fit the forecaster.
  init(_ path: String, for file: String, _ reading: SeriesReading = .init()) throws {
    let name = Series.name(of: file)
    let saved = try SafeTensors(path: path)
    forecaster = try SeriesForecaster<Float>(saved)
    let info = try SeriesInfo(saved.info)
    guard let info else {
      throw BadInput(
        "\(path): has no information about its training series, expected a file written by recur train series"
      )
    }
    series = try Series.read(file, reading.completed(by: info.reading))
    try series.requireNetworks(forecaster.options, path: name)
    let found = "\(try series.interval())"
    guard found == info.interval else {
      throw BadInput(
        "\(name): dates are \(found) apart, expected \(info.interval.printable) as in the training series"
      )
    }
    let isNumber = series.dates[0].form == .number
    lastDate =
      if isNumber, let number = Int(info.lastDate) {
        SeriesDate(time: number, form: .number)
      } else {
        try SeriesDate(info.lastDate, at: path)
      }
    self.file = name
    warnOfOtherName(info.name)
    warnOfOtherScale(info.range)
  }

  private func warnOfOtherName(_ trained: String?) {
    guard let trained, let found = series.recognition?.column, found != trained else { return }
    alert(
      "warning: \(file): the series is \"\(found.printable)\", but the model was trained on "
        + "\"\(trained.printable)\"")
  }

  /// The networks standardize values with the mean and the deviation of the training series. Values of
  /// another magnitude are forecast badly.
  private func warnOfOtherScale(_ trained: ClosedRange<Double>?) {
    guard let trained, let found = series.range else { return }
    let (size, other) = (
      trained.upperBound / 2 - trained.lowerBound / 2, found.upperBound / 2 - found.lowerBound / 2
    )
    let isNear = found.overlaps(
      (trained.lowerBound - 2 * size)...(trained.upperBound + 2 * size))
    guard !isNear || other > Self.mostGrowth * size || size > Self.mostGrowth * other else {
      return
    }
    alert(
      "warning: \(file): values are \(shortest(found.lowerBound)) to \(shortest(found.upperBound)), but the "
        + "model was trained on values of \(shortest(trained.lowerBound)) to "
        + "\(shortest(trained.upperBound))")
  }

  private static let mostGrowth = 5.0

  /// The latest windows of the series, as a batch.
  func batch(_ count: Int) throws -> TrainingBatch<Float> {
    try BadInput.naming(file, "--batch-size: ") {
      try forecaster.latestWindows(count, of: series.interpolatedValues)
    }
  }
}
