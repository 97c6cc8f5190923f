// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// The forecasts of all series of a panel, written part by part.
struct PanelForecast {
  let forecaster: any PanelMethod
  let source: PanelSource
  let threads: Threads
  let isJSON: Bool

  /// The forecaster of the backtest, which was fitted without the last values, and its origins.
  var backtest: (forecaster: any PanelMethod, origins: Int)?

  /// The scores of all series, and of each as rows of a table.
  private(set) var score: PanelScore
  private(set) var scoreRows: [String] = []

  /// The name of the column of the names.
  private var idName = "id"

  /// The number of series without a forecast.
  private(set) var failures = 0

  /// The maximum number of series that are forecast together.
  var seriesAtATime = Int.max
  private var progress = SeriesProgress()

  init(
    _ forecaster: any PanelMethod, _ source: PanelSource, _ threads: Threads,
    isJSON: Bool
  ) {
    (self.forecaster, self.source, self.threads) = (forecaster, source, threads)
    self.isJSON = isJSON
    score = PanelScore(period: forecaster.period)
  }

  /// Forecasts all series.
  ///
  /// - Parameter write: Receives the rows of the forecasts.
  /// - Returns: The number of series.
  mutating func run(_ write: (Data) throws -> Void) throws -> PanelSource.Count {
    var text: PanelText?
    let (_, count) = try source.forEach { entries, form in
      if text == nil {
        let new = PanelText(
          idName: form.idName, levels: forecaster.levels, isJSON: isJSON)
        try write(new.header)
        idName = new.idName
        text = new
      }
      for first in stride(from: 0, to: entries.count, by: seriesAtATime) {
        let part = Array(entries[first...].prefix(seriesAtATime))
        let (entries, forecasts) = try forecasts(of: part)
        try write(text!.rows(entries, forecasts))
        try addScores(of: entries.map(\.series))
        progress.add(part.count)
      }
    }
    return count
  }

  /// Forecasts the series of a part. Those that are too short or without a finite forecast are skipped, if
  /// series may be.
  private mutating func forecasts(
    of all: [PanelEntry]
  ) throws -> ([PanelEntry], [Forecast]) {
    var entries: [PanelEntry] = []
    for entry in all {
      let count = entry.series.values.count
      guard count >= forecaster.fewestValues else {
        try skip(
          "series \"\(entry.series.id.printable)\" has \(counted(count, "value")), expected at least "
            + "\(forecaster.fewestValues)")
        continue
      }
      entries.append(entry)
    }
    do {
      return (entries, try forecaster.forecast(after: entries.map(\.series), threads: threads))
    } catch {
      guard source.skips else { throw BadInput("\(source.name): \(error)") }
    }
    var (kept, forecasts) = ([PanelEntry](), [Forecast]())
    for entry in entries {
      do {
        forecasts += try forecaster.forecast(after: [entry.series], threads: nil)
        kept.append(entry)
      } catch { try skip("\(error)") }
    }
    return (kept, forecasts)
  }

  /// Reports a series without a forecast, or throws an error if none may be skipped.
  private mutating func skip(_ failure: String) throws {
    guard source.skips else { throw BadInput("\(source.name): \(failure)") }
    failures += 1
    if failures <= 10 { alert("skipped: \(source.name): \(failure)") }
  }

  private mutating func addScores(of series: [PanelSeries]) throws {
    guard let backtest else { return }
    let scores = try backtest.forecaster.scores(
      of: series, origins: backtest.origins, threads: threads)
    for found in scores.compactMap(\.self) {
      score.add(found)
      let errors = [found.meanAbsoluteScaledError] + found.baselineErrors
      scoreRows.append(
        ([PanelText.quoted(found.id), field(found.meanAbsoluteError)]
          + errors.map { field($0?.ifFinite) })
          .joined(separator: ","))
    }
  }

  /// The table of the scores of each series.
  var scoreTable: String {
    let names =
      [PanelText.quoted(idName), "mae", "mase"] + score.baselines.map { "mase_" + $0.column }
    return ([names.joined(separator: ",")] + scoreRows).joined(separator: "\n") + "\n"
  }

  /// The mean scores of the panel.
  var report: String {
    guard let coverage = score.coverage, let asked = backtest?.origins else {
      return "no series was long enough for a backtest"
    }
    let fewer = score.origins < asked ? " (no series has \(asked))" : ""
    guard let error = score.meanAbsoluteScaledError else {
      return "no MASE: seasonal-naive forecasts have no error"
    }
    let levels = forecaster.levels
    let nominal = (1e6 * (levels.last! - levels.first!)).rounded() / 1e6
    let rows = [("forecast", error)] + zip(score.baselines.map(\.rawValue), score.baselineErrors)
    let texts = columnTexts(rows.map(\.1), decimals: 3)
    let lines = zip(rows, texts).map { row, text in
      "  " + row.0.padding(toLength: 28, withPad: " ", startingAt: 0) + text
    }
    return
      ([
        "backtest from \(counted(score.origins, "origin"))\(fewer), \(score.series) series, "
          + "mean MASE:"
      ] + lines + [
        "  prediction interval: covered \(fixed(100 * coverage, decimals: 1))% (nominal \(percent(nominal)))"
      ])
      .joined(separator: "\n")
  }
}
