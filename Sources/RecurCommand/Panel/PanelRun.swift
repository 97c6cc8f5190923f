// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurTraining

/// A run of `recur forecast` over a panel.
struct PanelRun {
  let command: ForecastCommand

  /// The name of the file in messages.
  private var name: String { Series.name(of: command.file) }

  private var isToStandardOutput: Bool { command.output.output.folder == "-" }

  func run() throws {
    guard !command.format.json || [".", "-"].contains(command.output.output.folder) else {
      throw ValidationError(
        "--json writes the forecasts of a panel to standard output, expected no folder --output")
    }
    let threads = try command.panelRun.makeThreads()
    if let model = command.forecast.model {
      try forecastOfModel(SafeTensors(path: model), threads)
    } else {
      try forecastOfNewModel(threads)
    }
  }

  private func source(_ path: String, _ horizon: Int, _ form: PanelForm?) -> PanelSource {
    PanelSource(
      path: path, name: name, horizon: horizon, reading: command.panel.reading(command.series),
      skips: command.panel.onError == .skip, form: form)
  }

  private func forecastOfModel(_ file: SafeTensors, _ threads: Threads) throws {
    let forecaster = try PanelForecaster<Float>(file)
    let form = try PanelInfo.form(of: file, forecaster.options)
    guard command.series.reading == SeriesReading() else {
      throw ValidationError(
        "--model is that of a panel, which sets how the file is read: expected no option that describes the file"
      )
    }
    try requireSameLayout(form)
    let source = source(command.file, forecaster.options.horizon, form)
    var forecast = PanelForecast(forecaster, source, threads, isJSON: command.format.json)
    if let origins = command.forecast.backtest, origins > 0 {
      forecast.backtest = (forecaster, origins)
      note("  the backtest is fair if the network was not trained on the last values of the file")
    }
    try write(forecast)
  }

  /// Checks that the file is described as the training file was.
  private func requireSameLayout(_ form: PanelForm) throws {
    let panel = command.panel
    guard !panel.isGiven || panel.eachColumn == (form.layout == .columns) else {
      throw BadInput(
        "--\(panel.eachColumn ? "each-column" : "id") is given, expected --"
          + "\(panel.eachColumn ? "id" : "each-column") or neither as for the training file")
    }
    guard panel.id ?? form.idName == form.idName else {
      throw BadInput(
        "--id is \"\(panel.id!.printable)\", expected \"\(form.idName.printable)\" as in the training file"
      )
    }
  }

  private func forecastOfNewModel(_ threads: Threads) throws {
    let (path, copy) =
      try command.file == "-" ? TemporaryCopy.ofStandardInput() : (command.file, nil)
    defer { copy?.remove() }
    let first = source(path, command.series.horizon!, nil)
    guard !command.panelRun.separate else {
      try forecastSeparately(first, threads)
      return
    }
    var sample = PanelSample()
    let (form, found) = try first.forEach { entries, form in
      try requireLength(entries, command.panelOptions(form))
      sample.add(entries)
    }
    sample.reduce()
    note(form.summary(of: name))
    if sample.series.count < sample.offered {
      note("  the network is trained on \(sample.series.count) of \(sample.offered) series")
    }
    let options = command.panelOptions(form)
    let fit = PanelFit(options: options, threads: threads, name: name)
    note("  values per season: \(options.period)")
    let tested = origins > 0 ? try fit.withoutLast(origins, sample.series) : nil
    if tested == nil, origins > 0 { try reportNoBacktest(options) }
    let forecaster = try fit(sample.series, label: "forecast")
    var second = source(path, options.horizon, form)
    second.cut = found.cut
    var forecast = PanelForecast(
      forecaster, second, threads, isJSON: command.format.json)
    forecast.backtest = tested.map { ($0, origins) }
    try write(forecast)
  }

  /// No series is long enough for the backtest, which is an error if --backtest is given.
  private func reportNoBacktest(_ options: PanelOptions) throws {
    let fewest = origins * options.horizon + options.fewestForBacktest
    guard command.forecast.backtest == nil else {
      throw BadInput(
        "\(name): --backtest is \(origins), expected a series with at least \(fewest) values for it"
      )
    }
    note("  no backtest: it requires a series with at least \(fewest) values")
  }

  /// The number of origins of the backtest of a new forecaster.
  private var origins: Int { command.forecast.backtest ?? (isToStandardOutput ? 0 : 1) }

  private func forecastSeparately(_ source: PanelSource, _ threads: Threads) throws {
    let form = try source.recognizedForm
    note(form.summary(of: name))
    let options = command.separateOptions(form)
    note("  values per season: \(options.period)")
    note("  each series has a separate forecaster, which takes about a second to fit")
    let forecasters = SeparateForecasters<Float>(options: options)
    var forecast = PanelForecast(
      forecasters, self.source(source.path, options.horizon, form), threads,
      isJSON: command.format.json)
    forecast.backtest = origins > 0 ? (forecasters, origins) : nil
    // Few, so that the progress is shown, but several for each thread.
    forecast.seriesAtATime = max(16, 4 * threads.count)
    try write(forecast)
  }

  /// Without a network, short series have no forecast. The error appears before anything is fitted.
  private func requireLength(_ entries: [PanelEntry], _ options: PanelOptions) throws {
    guard command.panel.onError == .stop,
      let short = entries.first(where: { $0.series.values.count < options.fewestValues })
    else { return }
    throw BadInput(
      "\(name): series \"\(short.series.id.printable)\" has \(counted(short.series.values.count, "value")), "
        + "expected at least \(options.fewestValues) without a network")
  }

  private func write(_ forecast: PanelForecast) throws {
    var forecast = forecast
    let count: PanelSource.Count
    if isToStandardOutput || command.format.json {
      count = try forecast.run { StandardOutput.write(data: $0) }
    } else {
      let folder = try OutputFolder(
        command.output.output.folder, for: ["forecast.csv", "scores.csv"],
        keeping: [command.file, command.forecast.model])
      count = try write(&forecast, to: folder)
    }
    if forecast.backtest != nil {
      let show = isToStandardOutput || command.format.json ? alert : { print($0) }
      show(forecast.report)
    }
    let skipped = count.skipped + forecast.failures
    note("forecast \(count.series - forecast.failures) series")
    if skipped > 0 { alert("warning: \(skipped) series could not be forecast and were skipped") }
  }

  private func write(
    _ forecast: inout PanelForecast, to folder: OutputFolder
  ) throws -> PanelSource.Count {
    var (result, count) = (forecast, PanelSource.Count())
    try OutputFile.write(folder.file("forecast.csv").relativePath) { url in
      try WholeFile.replace(url) { write in count = try result.run(write) }
    }
    if result.backtest != nil {
      try folder.write(result.scoreTable, to: "scores.csv")
    } else {
      try folder.removeEarlier("scores.csv")
    }
    forecast = result
    return count
  }
}
