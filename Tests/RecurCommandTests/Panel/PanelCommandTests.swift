// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import RecurCommand

@Suite struct PanelCommandTests {
  /// Twelve monthly series of 48 values with a season.
  private func panel(in folder: URL, ids: Range<Int> = 0..<12) throws -> URL {
    let rows = ids.map { id in
      (0..<48).map {
        "s\(id),\(ReadPanel.month($0)),\(100 * (id + 1) + 10 * ($0 % 12) + ($0 * 7 + id) % 5)\n"
      }.joined()
    }
    let file = folder.appendingPathComponent("panel.csv")
    try Data(("store,month,sales\n" + rows.joined()).utf8).write(to: file)
    return file
  }

  private let small = ["--horizon", "3", "--steps", "4", "--hidden-size", "3", "--window", "12"]

  private func text(_ name: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  @Test func forecastsAndScores() throws {
    try withFolder { folder in
      let file = try panel(in: folder)
      let result = try recur(
        arguments: ["forecast", file.path, "--id", "store", "--output", folder.path] + small)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.hasPrefix("backtest from 1 origin, 12 series, mean MASE:\n  forecast "))
      #expect(result.output.contains("  prediction interval: covered "))
      let forecast = try text("forecast.csv", in: folder).split(separator: "\n")
      #expect(forecast.count == 1 + 12 * 3)
      #expect(forecast[0] == "store,date,forecast,quantile_0.1,quantile_0.9")
      #expect(forecast[1].hasPrefix("s0,2005-01,1"))
      #expect(forecast.last!.hasPrefix("s11,2005-03,12"))
      let scores = try text("scores.csv", in: folder).split(separator: "\n")
      #expect(scores[0].hasPrefix("store,mae,mase,mase_naive,mase_seasonal_naive,"))
      #expect(scores.count == 13)
      #expect(
        result.errors.hasPrefix(
          "\(file.path): series named by \"store\", values in \"sales\", dates in \"month\" (YYYY-MM), "
            + "1 month apart\n  values per season: 12\n"))
      #expect(result.errors.hasSuffix("forecast 12 series\n"))
    }
  }

  @Test("As a filter, the command writes the same rows for each part of a panel")
  func filter() throws {
    try withFolder { folder in
      let file = try panel(in: folder)
      let trained = try recur(
        arguments: ["train", "panel", file.path, "--id", "store", "--output", folder.path] + small)
      #expect(trained.status == 0, "\(trained.errors)")
      let model = folder.appendingPathComponent("model.safetensors").path
      func rows(_ ids: Range<Int>, _ more: String = "") throws -> [Substring] {
        let part = try panel(in: folder, ids: ids)
        let result = try recurInShell(
          "recur forecast - --model '\(model)' --output - --quiet \(more) < '\(part.path)'")
        #expect(result.status == 0 && result.errors == "", "\(result.errors)")
        return result.output.split(separator: "\n")
      }
      let all = try rows(0..<12)
      #expect(all.count == 1 + 12 * 3)
      #expect(try rows(0..<12, "--threads 1") == all)
      let parts = try rows(0..<5) + rows(5..<6).dropFirst() + rows(6..<12).dropFirst()
      #expect(parts == all)
      #expect(try rows(0..<0) == Array(all.prefix(1)))
      let json = try rows(3..<4, "--json")
      #expect(json.count == 3)
      #expect(json[0].hasPrefix("{\"id\":\"s3\",\"date\":\"2005-01\",\"forecast\":"))
      #expect(json[0].contains(",\"quantile_0.9\":"))
      let object = try JSONSerialization.jsonObject(with: Data(json[0].utf8)) as? [String: Any]
      #expect(object?.count == 5)
    }
  }

  @Test func inputsThatEndTooEarly() throws {
    try withFolder { folder in
      let file = try panel(in: folder)
      let trained = try recur(
        arguments: ["train", "panel", file.path, "--id", "store", "--output", folder.path] + small)
      #expect(trained.status == 0, "\(trained.errors)")
      let model = folder.appendingPathComponent("model.safetensors").path
      func run(_ input: String) throws -> CommandResult {
        try recurInShell("recur forecast - --model '\(model)' --output - --quiet \(input)")
      }
      #expect(try run("< /dev/null").output == "store,date,forecast,quantile_0.1,quantile_0.9\n")
      let cut = try run("< <(head -n 40 '\(file.path)'; printf 's0,2005-01,1')")
      #expect(cut.status == 0)
      #expect(
        cut.errors
          == "warning: standard input: the last line has no line feed and may be incomplete\n")
      let folders = try run("< /")
      #expect(folders.status == 2 && folders.errors == "recur: standard input: cannot be read\n")
    }
  }

  @Test func aTrainingRunResumes() throws {
    try withFolder { folder in
      let file = try panel(in: folder)
      let whole = folder.appendingPathComponent("whole").path
      let half = folder.appendingPathComponent("half").path
      let first = try recur(
        arguments: ["train", "panel", file.path, "--id", "store", "--output", whole] + small)
      #expect(first.status == 0, "\(first.errors)")
      let again = try recur(
        "train", "panel", file.path, "--resume", whole + "/checkpoint.safetensors", "--output", half
      )
      #expect(again.status == 0, "\(again.errors)")
      let models = try [whole, half].map {
        try Data(contentsOf: URL(fileURLWithPath: $0 + "/model.safetensors"))
      }
      #expect(models[0] == models[1])
      let info = try recur("info", whole + "/model.safetensors")
      #expect(info.status == 0 && info.output.contains("LSTM"), "\(info.output)")
    }
  }

  @Test("A model is tested on the last values of other series, and without training anything")
  func backtestsOfAModel() throws {
    try withFolder { folder in
      let trained = try recur(
        arguments: [
          "train", "panel", panel(in: folder).path, "--id", "store", "--output", folder.path,
        ] + small)
      #expect(trained.status == 0, "\(trained.errors)")
      let file = try panel(in: folder, ids: 12..<15)
      let model = folder.appendingPathComponent("model.safetensors").path
      let result = try recur(
        "forecast", file.path, "--model", model, "--backtest", "2", "--output", folder.path)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.hasPrefix("backtest from 2 origins, 3 series, mean MASE:\n"))
      #expect(try text("scores.csv", in: folder).split(separator: "\n").count == 4)
      for (more, message) in [
        (["--each-column"], "--each-column is given, expected --id or neither"),
        (
          ["--id", "store", "--separate"],
          "--separate cannot be changed: the file given by --model sets it"
        ),
        (["--id", "month"], "--id is \"month\", expected \"store\" as in the training file"),
      ] {
        let refused = try recur(arguments: ["forecast", file.path, "--model", model] + more)
        #expect(refused.status == 2 && refused.errors.contains(message), "\(refused.errors)")
      }
    }
  }

  @Test func aSeriesInEachColumn() throws {
    try withFolder { folder in
      let rows = (0..<48).map { row in
        ReadPanel.month(row)
          + (0..<4).map { ",\(100 * ($0 + 1) + 10 * (row % 12) + (row * 7 + $0) % 5)" }.joined()
      }
      let file = folder.appendingPathComponent("columns.csv")
      let lines = ["month,north,south,east,west"] + rows
      try Data(lines.joined(separator: "\n").utf8).write(to: file)
      let trained = try recur(
        arguments: ["train", "panel", file.path, "--each-column", "--output", folder.path] + small)
      #expect(trained.status == 0, "\(trained.errors)")
      let result = try recur(
        arguments: ["forecast", file.path, "--each-column", "--output", folder.path] + small)
      #expect(result.status == 0, "\(result.errors)")
      let forecast = try text("forecast.csv", in: folder)
      #expect(forecast.hasPrefix("series,date,forecast,quantile_0.1,quantile_0.9\nnorth,2005-01,1"))
      #expect(
        result.errors.hasPrefix(
          "\(file.path): one series in each of 4 columns, dates in \"month\" (YYYY-MM), 1 month apart\n"
        ))
      let again = try recur(
        "forecast", file.path, "--model", folder.appendingPathComponent("model.safetensors").path,
        "--output", "-", "--quiet")
      #expect(again.status == 0 && again.output == forecast, "\(again.errors)")
    }
  }

  @Test("Each series has the forecast that the command gives to it alone")
  func separateForecasters() throws {
    try withFolder { folder in
      let file = try panel(in: folder, ids: 0..<3)
      let options = ["--horizon", "3", "--members", "1", "--epochs", "1", "--period", "12"]
      let result = try recur(
        arguments: ["forecast", file.path, "--id", "store", "--separate", "--output", folder.path]
          + options)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.hasPrefix("backtest from 1 origin, 3 series, mean MASE:\n"))
      let rows = try text("forecast.csv", in: folder).split(separator: "\n")
      #expect(rows.count == 10)
      let alone = try recur(
        arguments: [
          "forecast", file.path, "--where", "store=s1", "--column", "sales", "--backtest", "0",
          "--no-plot", "--output", folder.path,
        ] + options)
      #expect(alone.status == 0, "\(alone.errors)")
      let own = try text("forecast.csv", in: folder).split(separator: "\n").dropFirst()
      for (row, other) in zip(rows[4...6], own) {
        // The date, the median and two quantiles.
        #expect(row == "s1," + other.split(separator: ",").prefix(4).joined(separator: ","))
      }
    }
  }

  @Test("If all series are too short for --backtest, the command fails")
  func seriesTooShortForABacktest() throws {
    try withFolder { folder in
      let file = try panel(in: folder, ids: 0..<2)
      let arguments = ["forecast", file.path, "--id", "store", "--output", folder.path] + small
      let result = try recur(arguments: arguments + ["--backtest", "12"])
      #expect(result.status == 2)
      #expect(
        result.errors.hasSuffix(
          "recur: \(file.path): --backtest is 12, expected a series with at least 55 values for it\n"
        ))
      try Data(("store,month,sales\n" + ReadPanel.months("a", 18)).utf8).write(to: file)
      let short = try recur(
        arguments: [
          "forecast", file.path, "--id", "store", "--output", folder.path, "--horizon", "3",
          "--method", "autoregressive",
        ])
      #expect(short.status == 0, "\(short.errors)")
      #expect(
        short.errors.contains("  no backtest: it requires a series with at least 22 values\n"),
        "\(short.errors)")
    }
  }

  @Test("Separate forecasts of more series than are forecast together")
  func manySeparateForecasters() throws {
    try withFolder { folder in
      let file = try panel(in: folder, ids: 0..<70)
      let result = try recur(
        arguments: [
          "forecast", file.path, "--id", "store", "--separate", "--output", "-", "--method",
          "autoregressive", "--horizon", "1", "--threads", "1",
        ])
      #expect(result.status == 0, "\(result.errors)")
      let ids = result.output.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } }
      #expect(ids == (0..<70).map { "s\($0)" })
      #expect(result.errors.contains("forecast 70 series\n"), "\(result.errors)")
    }
  }

  @Test("The report has the number of origins that the longest series allows")
  func originsOfSeparateForecasters() throws {
    try withFolder { folder in
      let file = try panel(in: folder, ids: 0..<2)
      let result = try recur(
        arguments: [
          "forecast", file.path, "--id", "store", "--separate", "--output", folder.path,
          "--method", "autoregressive", "--horizon", "6", "--backtest", "50",
        ])
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.output.hasPrefix(
          "backtest from 4 origins (no series has 50), 2 series, mean MASE:\n"))
    }
  }

  @Test func scoresOfAnEarlierRunAreRemoved() throws {
    try withFolder { folder in
      let file = try panel(in: folder, ids: 0..<2)
      let arguments = ["forecast", file.path, "--id", "store", "--output", folder.path] + small
      #expect(try recur(arguments: arguments).status == 0)
      let scores = folder.appendingPathComponent("scores.csv")
      #expect(FileManager.default.fileExists(atPath: scores.path))
      let result = try recur(arguments: arguments + ["--backtest", "0"])
      #expect(result.status == 0)
      #expect(result.errors.contains("removed \(scores.path) of an earlier run\n"))
      #expect(!FileManager.default.fileExists(atPath: scores.path))
    }
  }

  @Test func skippedSeriesAreCounted() throws {
    try withFolder { folder in
      let file = try panel(in: folder)
      let text = try String(contentsOf: file, encoding: .utf8)
      try Data((text + "bad,2001-01,x\n").utf8).write(to: file)
      func run(_ more: String...) throws -> CommandResult {
        try recur(
          arguments: [
            "forecast", file.path, "--id", "store", "--output", "-", "--method", "autoregressive",
            "--horizon", "3",
          ] + more)
      }
      let stopped = try run()
      #expect(stopped.status == 2 && stopped.output == "")
      #expect(stopped.errors.contains("panel.csv:578: sales is \"x\""), "\(stopped.errors)")
      let skipped = try run("--on-error", "skip")
      #expect(skipped.status == 0 && skipped.output.split(separator: "\n").count == 37)
      #expect(
        skipped.errors.hasSuffix("warning: 1 series could not be forecast and were skipped\n"))
    }
  }

  @Test("A series in several places of a file has no forecast")
  func cutSeriesAreSkipped() throws {
    try withFolder { folder in
      let file = try panel(in: folder)
      let text = try String(contentsOf: file, encoding: .utf8)
      try Data((text + "s0,2005-01,1\n").utf8).write(to: file)
      let arguments = ["--id", "store", "--on-error", "skip"] + small
      let result = try recur(
        arguments: ["forecast", file.path, "--output", "-", "--quiet"] + arguments)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.split(separator: "\n").count == 1 + 11 * 3)
      #expect(!result.output.contains("\ns0,"))
      #expect(result.errors.components(separatedBy: "appears again").count == 2)
      let trained = try recur(
        arguments: ["train", "panel", file.path, "--output", folder.path] + arguments)
      #expect(trained.status == 0, "\(trained.errors)")
    }
  }

  @Test func optionsThatDoNotFit() throws {
    try withFolder { folder in
      let file = try panel(in: folder).path
      for (options, message) in [
        (["--id", "store", "--refit", "--backtest", "2"], "--refit cannot be given with --id"),
        (["--id", "store", "--unit", "kg"], "--unit cannot be given with --id"),
        (["--known-input", "x"], "--known-input, --past-input and --feature need a panel"),
        (["--separate"], "--separate cannot be given without --id or --each-column"),
        (
          ["--id", "store", "--separate", "--steps", "3"], "--steps cannot be given with --separate"
        ),
        (["--id", "store", "--separate", "--feature", "x"], "--feature cannot be given with"),
        (["--id", "store", "--each-column"], "--id cannot be combined with --each-column"),
        (["--each-column", "--column", "x"], "--column cannot be combined with --each-column"),
        (["--id", "store", "--steps", "0"], "--steps is 0, expected 1 to 1000000"),
        (["--id", "store", "--json", "--output", "x"], "expected no folder --output"),
        (["--steps", "10"], "--steps cannot be given without --id or --each-column"),
        (["--on-error", "skip"], "--on-error cannot be given without --id or --each-column"),
        (["--threads", "2"], "--threads cannot be given without --id or --each-column"),
        (
          ["--id", "store", "--feature", "x", "--method", "autoregressive"],
          "--feature need the network"
        ),
        (["--id", "nothing"], "expected --id to be one of them"),
      ] {
        let result = try recur(arguments: ["forecast", file, "--horizon", "3"] + options)
        #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
      }
      let missing = try recur("train", "panel", file, "--horizon", "3")
      #expect(missing.status == 2 && missing.errors.contains("--id is missing"))
    }
  }
}
