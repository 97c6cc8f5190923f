// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// A forecaster, as `recur train series` writes it, and a series of its kind.
struct SeriesModel {
  let forecaster: SeriesForecaster<Float>
  let series: Series
  private let file: String

  /// Of the values that it was trained on.
  let lastDate: SeriesDate

  /// A forecaster and a series to forecast.
  ///
  /// - Parameters:
  ///   - path: the forecaster's file.
  ///   - file: the series' file.
  ///   - column: the name of the column of values; the column trained on if nil.
  /// - Throws: `BadInput` or `FileError` for a file that does not fit.
  init(_ path: String, for file: String, column: String? = nil) throws {
    let saved = try SafeTensors(contentsOf: URL(fileURLWithPath: path))
    forecaster = try SeriesForecaster<Float>(saved)
    let info = try SeriesInfo(saved.info)
    series = try Series.read(file, column: column ?? info?.column)
    try series.require(count: forecaster.options.valuesNeeded, path: file)
    guard let info else {
      throw BadInput(
        "\(path): does not say what it was trained on, expected one of recur train series")
    }
    let found = "\(try series.interval())"
    guard found == info.interval else {
      throw BadInput(
        "\(file): has dates \(found) apart, expected \(info.interval) as the networks were trained on"
      )
    }
    lastDate = try SeriesDate(info.lastDate, at: path)
    self.file = file
  }

  /// The latest windows of the series, to measure gradients of.
  func batch(_ count: Int) throws -> TrainingBatch<Float> {
    do {
      return try forecaster.latestWindows(count, of: series.interpolatedValues)
    } catch {
      throw BadInput("\(file): --batch \(count): \(error)")
    }
  }
}
