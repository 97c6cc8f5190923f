// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@testable import RecurCommand

@Suite struct ForecastCommandTests {
  private func forecast(
    in folder: URL, _ more: String..., path: String? = nil
  ) throws -> CommandResult {
    try recur(
      arguments: [
        "forecast", smallSeries(in: folder, complete: true).path, "--output",
        folder.appendingPathComponent("out").path,
        "--period", "4", "--window", "6", "--horizon", "8", "--hidden-size", "3", "--epochs", "2",
      ] + more, path: path)
  }

  private func lines(_ file: String, in folder: URL) throws -> [[Substring]] {
    try String(contentsOf: folder.appendingPathComponent("out/" + file), encoding: .utf8)
      .split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
  }

  @Test func filesAndTable() throws {
    try withFolder { folder in
      let result = try forecast(in: folder, "--backtest", "2")
      #expect(result.status == 0, "\(result.errors)")
      for name in [
        "forecast ", "naive ", "seasonal-naive ", "autoregressive ", "MASE",
        "  prediction interval: covered ",
      ] {
        #expect(result.output.contains(name), "\(name)")
      }
      // The MASE has three decimals, or an exponent if the forecast is exact but for rounding.
      let forecast = try #require(
        result.output.split(separator: "\n").first { $0.hasPrefix("  forecast ") })
      #expect(
        forecast.firstMatch(of: /\.[0-9]{2}(e-1[0-9])? +[0-9]\.([0-9]{3}|[0-9]{2}e-1[0-9])$/)
          != nil, "\(forecast)")

      let table = try lines("forecast.csv", in: folder)
      #expect(
        table[0] == [
          "date", "forecast", "quantile_0.1", "quantile_0.9", "naive", "seasonal_naive",
          "seasonal_naive_with_drift", "autoregressive", "exponential_smoothing",
        ])
      #expect(table.dropFirst().map { String($0[0]) } == (2060..<2068).map(String.init))
      for row in table.dropFirst() {
        let numbers = try row.dropFirst().map { try #require(Double($0)) }
        #expect(numbers[1] <= numbers[0] && numbers[0] <= numbers[2])
      }
      let tested = try lines("backtest.csv", in: folder)
      #expect(tested[0].prefix(4) == ["last_known", "date", "observed", "forecast"])
      #expect(tested.count == 1 + 2 * 8)
      #expect(tested[1].prefix(2) == ["2043", "2044"])
      #expect(tested[9].prefix(3) == ["2051", "2052", "13"])
    }
  }

  @Test func aForecastBeginsAfterTheLastKnownValue() throws {
    try withFolder { folder in
      let series = try smallSeries(in: folder, complete: true)
      let known = try String(contentsOf: series, encoding: .utf8)
      func outputs() throws -> (result: CommandResult, tables: [String]) {
        let result = try recur(
          arguments: [
            "forecast", series.path, "--output", folder.path, "--period", "4", "--window", "6",
            "--horizon", "8", "--hidden-size", "3", "--epochs", "2",
          ])
        #expect(result.status == 0, "\(result.errors)")
        let tables = try ["forecast.csv", "backtest.csv"].map {
          try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
        }
        return (result, tables)
      }
      let expected = try outputs()
      // 2062 has no line, but that is after the last known value and is not reported.
      for (more, message) in [
        ("\n2060,", "the last value is missing; the series ends at 2059\n"),
        ("\n2060,\n2061,\n2063,\n", "the last 3 values are missing; the series ends at 2059\n"),
      ] {
        try (known + more).write(to: series, atomically: true, encoding: .utf8)
        let found = try outputs()
        #expect(found.result.errors.contains("series.csv: " + message), "\(found.result.errors)")
        #expect(!found.result.errors.contains("dates without a line"))
        #expect(found.result.output == expected.result.output)
        #expect(found.tables == expected.tables)
      }
      try (["d,v"] + (2000..<2009).map { "\($0)," }).joined(separator: "\n").write(
        to: series, atomically: true, encoding: .utf8)
      let none = try recur("forecast", series.path, "--horizon", "1", "--window", "1")
      #expect(none.errors.hasSuffix("series.csv: has no known values\n"), "\(none.errors)")
    }
  }

  @Test func jsonIsOneObject() throws {
    try withFolder { folder in
      let result = try forecast(in: folder, "--json", "--coverage", "0.5")
      #expect(result.status == 0, "\(result.errors)")
      let parsed = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
      let object = try #require(parsed as? [String: Any])
      #expect(object["levels"] as? [Double] == [0.25, 0.5, 0.75])
      #expect(object["period"] as? Int == 4)
      let recognized = try #require(object["series"] as? [String: Any])
      #expect(recognized["column"] as? String == "value")
      #expect(recognized["interval"] as? String == "12 months")
      #expect(recognized["values"] as? Int == 60 && recognized["missing"] as? Int == 0)
      let steps = try #require(object["forecast"] as? [[String: Any]])
      #expect(steps.map { $0["date"] as? String } == (2060..<2068).map(String.init))
      let tested = try #require(object["backtest"] as? [String: Any])
      #expect((tested["forecast"] as? [String: Any])?["mase"] is Double)
      #expect((tested["baselines"] as? [String: Any])?.count == 5)
      #expect(tested["coverage"] is Double)
      // Both the 60 values and the 52 of the backtest are enough for calibration.
      let calibration = try #require(object["calibration"] as? [String: Any])
      #expect((calibration["weights"] as? [Double])?.count == 3)
      #expect((tested["calibrations"] as? [Any])?.count == 2)
      #expect((tested["worseThan"] as? [String])?.isEmpty == true)
    }
  }

  /// Options say how to read a file; a model remembers them.
  @Test func filesAreReadWithOptions() throws {
    try withFolder { folder in
      let data = folder.appendingPathComponent("shops.csv")
      let rows = (0..<60).flatMap { year in
        [
          "A;\(2000 + year);\(year % 4),5",
          "B;\(2000 + year);\(year == 7 ? "-999" : "\(year % 3),25")",
        ]
      }
      try (["shop;year;sales"] + rows).joined(separator: "\n").write(
        to: data, atomically: true, encoding: .utf8)
      let reading = ["--where", "shop=B", "--missing", "-999"]
      let small = [
        "--horizon", "4", "--window", "6", "--hidden-size", "3", "--members", "1", "--epochs", "1",
      ]
      let output = ["--output", folder.path]
      let trained = try recur(
        arguments: ["train", "series", data.path, "--json"] + reading + small + output)
      #expect(
        trained.errors.contains(
          "60 values, 2000 to 2059, 12 months apart, no usual season, 1 missing"),
        "\(trained.errors)")
      #expect(trained.output.contains("\"separator\" : \"semicolon\""), "\(trained.output)")
      let model = folder.appendingPathComponent("model.safetensors").path
      for (options, message) in [
        (["--backtest", "2"], "--backtest cannot be combined with a model of one series"),
        (["--id", "date"], "is a model of one series, expected one of a panel"),
        (["--threads", "2"], "is a model of one series, expected no --on-error and no --threads"),
      ] {
        let refused = try recur(arguments: ["forecast", data.path, "--model", model] + options)
        #expect(refused.status == 2 && refused.errors.contains(message), "\(refused.errors)")
      }
      let later = try recur(arguments: ["forecast", data.path, "--model", model] + output)
      #expect(later.status == 0 && later.errors.contains("1 missing"), "\(later.errors)")
      let piped = try recurInShell(
        "recur forecast - --model '\(model)' --output '\(folder.path)' < '\(data.path)'")
      #expect(
        piped.status == 0 && piped.errors.contains("standard input: \"sales\" (column 3"),
        "\(piped.errors)")
      let other = try recur(arguments: ["forecast", data.path, "--horizon", "4"] + output)
      #expect(
        other.errors.contains(
          "column \"shop\" tells several apart: choose one, as in --where shop=A; recur forecast --id shop forecasts all"
        ),
        "\(other.errors)")
    }
  }

  /// The short series has only 12 windows, too few to hold some out for calibration.
  @Test func howTheIntervalIsCalibratedIsReported() throws {
    try withFolder { folder in
      let tested = try forecast(in: folder, "--members", "1")
      #expect(
        tested.errors.contains(
          #/the forecast combines network [\d.]+%, autoregressive [\d.]+%, exponential smoothing/#),
        "\(tested.errors)")
      #expect(
        tested.errors.contains("\nfit 2/2: training 1 network, 2 epochs\n"), "\(tested.errors)")
      let short = try forecast(
        in: folder, "--window", "30", "--seasons", "3", "--method", "network", "--backtest", "1")
      #expect(short.status == 0, "\(short.errors)")
      #expect(
        short.errors.contains("warning: the prediction interval is probably too narrow"),
        "\(short.errors)")
      let few = try forecast(in: folder, "--backtest", "6")
      #expect(few.errors.contains(" + 48 held-out values"), "\(few.errors)")
    }
  }

  /// Including inputs given through a link.
  @Test func inputsAreNotOverwritten() throws {
    try withFolder { folder in
      let series = try smallSeries(in: folder, complete: true)
      let (output, link) = (
        folder.appendingPathComponent("forecast.csv"), folder.appendingPathComponent("link.csv")
      )
      try FileManager.default.copyItem(at: series, to: output)
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: output)
      let history = folder.appendingPathComponent("history.csv")
      try FileManager.default.copyItem(at: series, to: history)
      let before = try Data(contentsOf: output)
      let to = ["--output", folder.path, "--horizon", "4"]
      let picture = folder.appendingPathComponent("forecast.png").path
      let calls = [
        ["forecast", output.path] + to, ["forecast", link.path] + to,
        ["train", "series", history.path] + to,
        ["demo", "--data", output.path, "--period", "4"] + to,
        ["gradients", "--model", link.path, "--data", output.path, "--plot", picture],
      ]
      for arguments in calls {
        let result = try recur(arguments: arguments)
        #expect(result.status == 2)
        #expect(result.errors.contains("is an input, and the output file"), "\(result.errors)")
      }
      #expect(try Data(contentsOf: output) == before)
      #expect(try Data(contentsOf: history) == before)
    }
  }

  /// Values whose squares overflow, and networks whose parameters are not finite.
  @Test func aForecastThatIsNotFiniteIsAnError() throws {
    try withFolder { folder in
      let data = folder.appendingPathComponent("large.csv")
      let lines = (0..<60).map { "\(2000 + $0),\(1 + $0 * $0 % 7)e300" }
      try (["date,value"] + lines).joined(separator: "\n").write(
        to: data, atomically: true, encoding: .utf8)
      let series = try smallSeries(in: folder, complete: true).path
      let small = [
        "--period", "4", "--window", "6", "--horizon", "4", "--hidden-size", "3", "--epochs", "1",
      ]
      let trained = try recur(
        arguments: ["train", "series", series, "--output", folder.path] + small)
      #expect(trained.status == 0, "\(trained.errors)")
      let model = folder.appendingPathComponent("model.safetensors")
      var file = try SafeTensors(contentsOf: model)
      file.tensors = try file.tensors.map {
        try .init(
          $0.name, shape: $0.shape,
          elements: $0.elements(as: Float.self).map { _ in Float.nan })
      }
      try file.write(to: model)
      let output = folder.appendingPathComponent("none")
      for (call, reason) in [
        (["forecast", data.path] + small, "large.csv:3: value is 2e300"),
        (["demo", "--data", data.path] + small, "large.csv:3: value is 2e300"),
        (["forecast", series, "--model", model.path], "finite"),
      ] {
        for more in call[0] == "demo" ? [[]] : [[], ["--json"]] {
          let result = try recur(arguments: call + more + ["--output", output.path])
          #expect(result.status == 2, "\(result.errors)")
          #expect(result.output.isEmpty)
          let last = result.errors.split(separator: "\n").last ?? ""
          #expect(last.hasPrefix("recur: ") && last.contains(reason), "\(result.errors)")
          let files = try? FileManager.default.contentsOfDirectory(atPath: output.path)
          #expect((files ?? []).isEmpty, "\(files ?? [])")
        }
      }
    }
  }

  @Test func largeNumbersAreReported() {
    #expect(fixed(1.25e300, decimals: 3) == "1.25e+300")
    #expect(fixed(.infinity, decimals: 3) == "inf")
    #expect(fixed(-123.45678, decimals: 3) == "-123.457")
  }

  @Test func aShortSeriesIsNamed() throws {
    try withFolder { folder in
      let data = folder.appendingPathComponent("short.csv")
      for (text, message) in [
        ("d,v\n", "has no dates, only a header, expected at least 2 dates"),
        ("d,v\n2000,1\n", "has one date, expected at least 2 dates"),
        (
          "d,v\n2000,1\n2001,\n",
          "has one date up to the last known value, expected at least 2 dates"
        ),
      ] {
        try text.write(to: data, atomically: true, encoding: .utf8)
        for call in [
          ["forecast", data.path, "--horizon", "1"], ["demo", "--data", data.path],
          ["train", "series", data.path, "--horizon", "1"],
        ] {
          let result = try recur(arguments: call)
          #expect(result.status == 2)
          #expect(result.errors == "recur: \(data.path): \(message)\n")
        }
      }
    }
  }

  /// On a terminal, too.
  @Test func aQuietForecastPrintsNoNotes() throws {
    try withFolder { folder in
      let result = try forecast(in: folder, "--quiet")
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      #expect(result.output.hasSuffix("\nforecast: 8 values, 2060 to 2067\n"))
      let data = try smallSeries(in: folder).path
      let small = [
        "--period", "4", "--window", "6", "--horizon", "8", "--hidden-size", "3", "--epochs", "2",
        "--output", folder.path, "--quiet",
      ]
      let shown = try recurInTerminal(arguments: ["demo", "--data", data] + small)
      #expect(shown.output.hasPrefix("     ") && !shown.output.contains("wrote"), "\(shown.output)")
      let short = try forecast(
        in: folder, "--quiet", "--window", "30", "--seasons", "3", "--method", "network",
        "--backtest", "1")
      #expect(short.errors.hasPrefix("warning: the prediction interval is probably too narrow"))
      let none = try forecast(in: folder, "--quiet", path: folder.path)
      #expect(
        none.errors == "no plot drawn: gnuplot is not installed (Debian package: gnuplot-nox)\n")
      let bad = try recur("forecast", folder.path + "/none.csv", "--horizon", "2", "--quiet")
      #expect(bad.status == 2 && bad.errors.hasPrefix("recur: "), "\(bad.errors)")
    }
  }

  @Test func aForecastWithoutAPlotNeedsNoGnuplot() throws {
    try withFolder { folder in
      let result = try forecast(in: folder, "--no-plot", path: folder.path)
      #expect(result.status == 0, "\(result.errors)")
      #expect(!result.errors.contains("plot"), "\(result.errors)")
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out")
      #expect(files.sorted() == ["backtest.csv", "forecast.csv"])
    }
  }

  @Test func oneValueIsForecast() throws {
    try withFolder { folder in
      let data = try smallSeries(in: folder, complete: true).path
      let result = try recur(
        "forecast", data, "--output", folder.path, "--period", "4", "--window", "6", "--horizon",
        "1", "--hidden-size", "3", "--epochs", "1", "--backtest", "1", "--terminal")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("series.csv, column \"value\": 1 value after 2059"))
      #expect(result.output.contains("backtest from one origin, 1 value:\n"), "\(result.output)")
      #expect(result.output.hasSuffix("\nforecast: 1 value, 2060\n"), "\(result.output)")
    }
  }

  @Test func withoutGnuplotTheTablesAreWritten() throws {
    try withFolder { folder in
      let result = try forecast(in: folder, "--terminal", path: folder.path)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("gnuplot is not installed"))
      #expect(try lines("forecast.csv", in: folder).count == 9)
    }
  }

  @Test func plotsAreDrawn() throws {
    try withFolder { folder in
      let result = try forecast(in: folder, "--terminal", "--plot-format", "svg")
      #expect(result.errors.contains("out/forecast.svg"), "\(result.errors)")
      let picture = try String(
        contentsOf: folder.appendingPathComponent("out/forecast.svg"), encoding: .utf8)
      #expect(picture.contains("<svg"))
      #expect(picture.contains("seasonal-naive"))
      #expect(result.output.contains("series.csv, column \"value\": 8 values after 2059"))
      #expect(!result.output.contains("\u{1B}"))
      let png = try forecast(in: folder)
      #expect(png.errors.contains("forecast.png"))
      let bytes = try Data(contentsOf: folder.appendingPathComponent("out/forecast.png"))
      #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }
  }

  @Test func periodsAreDerivedFromTheDates() throws {
    try withFolder { folder in
      let data = folder.appendingPathComponent("months.csv")
      let lines = (0..<72).map { month in
        "\(2000 + month / 12)-\(String(format: "%02d", month % 12 + 1)),\(month % 12 * 5 + month)"
      }
      try (["date,value"] + lines).joined(separator: "\n").write(
        to: data, atomically: true, encoding: .utf8)
      let result = try recur(
        "forecast", data.path, "--output", folder.path, "--horizon", "3", "--hidden-size", "3",
        "--epochs", "1")
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.errors.contains("values per season: 12, the usual number for dates 1 month apart"))
      #expect(result.output.contains("forecast: 3 values, 2006-01 to 2006-03"))
    }
  }
}
