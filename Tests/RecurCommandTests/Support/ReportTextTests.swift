// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// The whole text that commands print, in which N stands for numbers with decimals and for times.
@Suite struct ReportTextTests {
  private static let small = [
    "--period", "4", "--window", "6", "--horizon", "8", "--hidden-size", "3", "--epochs", "2",
  ]

  /// Runs the command, and replaces its numbers and the folder.
  private func run(_ folder: URL, _ arguments: [String]) throws -> (output: String, errors: String)
  {
    let result = try recur(arguments: arguments)
    #expect(result.status == 0, "\(result.errors)")
    func plain(_ text: String) -> String {
      text.replacing(folder.path, with: "F").replacing(#/\d+\.\d+(e[-+]\d+)?/#, with: "N")
        .replacing(#/\d+ s left/#, with: "N s left")
    }
    return (plain(result.output), plain(result.errors))
  }

  private static let end = "gradient/parameter norm N  learning rate N  N ms/step  N s left\n"

  private static let recognized =
    #"F/series.csv: "value" (column 2), dates in "date": 60 values, 2000 to 2059, 12 months apart, "#
    + "no usual season, none missing"

  /// The lines of two epochs of some networks.
  private func epochs(_ names: [String], validation: String = "") -> String {
    names.flatMap { name in
      (1...2).map { "\(name)epoch \($0)/2  loss N  \(validation)\(Self.end)" }
    }.joined()
  }

  private func table(_ unit: String, seasonal: Bool = true) -> String {
    let error = "MAE" + unit
    let names = ["forecast", "naive"] + (seasonal ? ["seasonal-naive"] : [])
    let header = String(repeating: " ", count: 40 - error.count) + error + "        MASE"
    return
      ([header]
      + (names + ["seasonal-naive with drift", "autoregressive", "exponential smoothing"]).map {
        "  " + $0 + " N N"
      })
      .joined(separator: "\n") + "\n"
  }

  /// Replaces the spaces of a table's rows by one.
  private func narrow(_ text: String) -> String {
    text.replacing(#/ +N +N\n/#, with: " N N\n").replacing(#/covered \d+%/#, with: "covered N%")
  }

  @Test func aDemo() throws {
    try withFolder { folder in
      let data = try smallSeries(in: folder).path
      let (output, errors) = try run(
        folder,
        ["demo", "--data", data, "--output", folder.path + "/d", "--unit", "kg"] + Self.small)
      #expect(
        narrow(output) == table(", kg")
          + "  prediction interval: covered N% (nominal 80%)\n"
          + "demo: mean absolute error: forecast N kg, seasonal-naive N kg, "
          + "seasonal-naive with drift N kg, autoregressive N kg\n")
      #expect(
        errors
          == "F/series.csv: 52 training values, 2000 to 2051\n"
          + "  missing values: 2, filled by linear interpolation\n"
          + "held out: 8 values, 2052 to 2059\n  missing values: 0, excluded from the errors\n"
          + "  no value is negative: the forecast is at least 0\n"
          + "training 2 networks, 2 epochs each\nwrote F/d/forecast.csv\nwrote F/d/forecast.png\n")
      let (plain, _) = try run(
        folder,
        ["demo", "--data", data, "--output", folder.path + "/d"] + Self.small
          + ["--period", "1", "--members", "1"])
      #expect(narrow(plain).hasPrefix(table(", ppm", seasonal: false)), "\(plain)")
      #expect(
        plain.hasSuffix(
          "demo: mean absolute error: forecast N ppm, naive N ppm, seasonal-naive with drift N ppm, "
            + "autoregressive N ppm\n"), "\(plain)")
    }
  }

  @Test func aForecastWithRefits() throws {
    try withFolder { folder in
      let data = try smallSeries(in: folder, complete: true).path
      let (output, errors) = try run(
        folder,
        ["forecast", data, "--output", folder.path + "/d"] + Self.small
          + ["--members", "2", "--backtest", "2", "--refit"])
      #expect(
        narrow(output)
          == "backtest from 2 origins, 8 values each:\n" + table("")
          + "  prediction interval: covered N% (nominal 80%)\nforecast: 8 values, 2060 to 2067\n")
      let fits = (1...3).map { "fit \($0)/3: training 2 networks, 2 epochs each\n" }.joined()
      let lines = errors.replacing(#/combines .*: the weights/#, with: "combines N: the weights")
      #expect(
        lines
          == Self.recognized + "\n"
          + "  no value is negative: the forecast is at least 0 (override with --minimum, -inf for none)\n"
          + fits
          + "the forecast combines N: the weights come from the last 25% of the values\n"
          + "wrote F/d/forecast.csv\nwrote F/d/backtest.csv\nwrote F/d/forecast.png\n", "\(lines)")
      // One network, without a backtest of several origins.
      let (one, progress) = try run(
        folder,
        ["forecast", data, "--output", folder.path + "/d", "--unit", "t"] + Self.small
          + ["--members", "1"])
      #expect(
        narrow(one).hasPrefix("backtest from 2 origins, 8 values each:\n" + table(", t")), "\(one)")
      #expect(progress.contains("\nfit 2/2: training 1 network, 2 epochs\n"), "\(progress)")
    }
  }

  @Test func aTrainedSeries() throws {
    try withFolder { folder in
      let data = try smallSeries(in: folder, complete: true).path
      let arguments =
        ["train", "series", data, "--output", folder.path + "/d"] + Self.small
        + ["--members", "2"]
      let (output, errors) = try run(folder, arguments + ["--validation-fraction", "0.2"])
      let results = ["network 1/2", "network 2/2", "calibration network"]
      #expect(
        output
          == results.map { $0 + ": validation loss N  after epoch 2 of 2\n" }.joined()
          + "model: F/d/model.safetensors\n")
      let wrote =
        "wrote F/d/model.safetensors\nwrote F/d/history.csv\nwrote F/d/history.png\n"
      #expect(
        errors == Self.recognized + "; values per season: 4\n"
          + epochs(results.map { $0 + "  " }, validation: "validation N  ") + wrote)
      let (plain, _) = try run(folder, arguments)
      #expect(
        plain
          == results.map { $0 + ": loss N  after epoch 2 of 2\n" }.joined()
          + "model: F/d/model.safetensors\n")
    }
  }

  @Test func aTrainedText() throws {
    try withFolder { folder in
      let text = try smallText(in: folder).path
      let arguments = [
        "train", "text", text, "--output", folder.path + "/d", "--epochs", "2", "--batch-size", "2",
        "--sequence-length", "5", "--hidden-size", "4", "--layers", "1",
      ]
      let (output, errors) = try run(folder, arguments)
      #expect(
        output == "validation loss N nats  N bits/character  perplexity N  after epoch 2 of 2\n"
          + "model: F/d/model.safetensors\n")
      let model =
        "model: Embedding(vocabularySize: 19, size: 4), LSTM(inputSize: 4, hiddenSize: 4), "
        + "Linear(inputSize: 4, outputSize: 19), parameters: 331\n"
      let wrote =
        "wrote F/d/model.safetensors\nwrote F/d/history.csv\nwrote F/d/history.png\n"
      let loss = "N bits/character  perplexity N  "
      #expect(
        errors
          == "F/text 7.txt: vocabulary size: 19, training characters: 1800, validation characters: 200\n"
          + model + epochs([""], validation: "validation N  " + loss) + wrote)
      let (plain, progress) = try run(folder, arguments + ["--validation-fraction", "0"])
      #expect(
        plain == "loss N nats  N bits/character  perplexity N  after epoch 2 of 2\n"
          + "model: F/d/model.safetensors\n")
      #expect(
        progress == "F/text 7.txt: vocabulary size: 19, training characters: 2000\n" + model
          + epochs([""], validation: loss) + wrote)
    }
  }

  @Test func aDiscardedUpdate() throws {
    try withFolder { folder in
      let result = try recur(
        "train", "text", smallText(in: folder).path, "--output", folder.path, "--hidden-size", "4",
        "--layers", "1", "--sequence-length", "10", "--batch-size", "4", "--optimizer", "sgd",
        "--learning-rate", "1e300")
      #expect(result.status == 1 && result.output.isEmpty)
      #expect(
        result.errors.hasSuffix(
          "\nrecur: update 1: the parameter embedding.weight would not be finite\n"
            + "  this update was discarded; try a lower --learning-rate or --clip-norm\n"),
        "\(result.errors)")
    }
  }
}
