// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@Suite struct TrainCommandTests {
  let smallModel = [
    "--hidden-size", "8", "--sequence-length", "10", "--batch-size", "4", "--learning-rate", "0.01",
  ]

  func trainText(
    in folder: URL, to output: String, _ more: [String],
    meanwhile: (Process) throws -> Void = { _ in }
  ) throws -> CommandResult {
    try recur(
      arguments: [
        "train", "text", smallText(in: folder).path, "--output",
        folder.appendingPathComponent(output).path,
      ] + more, meanwhile: meanwhile)
  }

  func trainSeries(in folder: URL, to output: String, _ more: [String]) throws
    -> CommandResult
  {
    try recur(
      arguments: [
        "train", "series", smallSeries(in: folder, complete: true).path, "--output",
        folder.appendingPathComponent(output).path,
      ] + more)
  }

  func expectSame(_ files: [String], _ one: String, _ other: String, in folder: URL) throws {
    for file in files {
      let contents = try [one, other].map {
        try Data(contentsOf: folder.appendingPathComponent("\($0)/\(file)"))
      }
      #expect(contents[0] == contents[1], "\(file) of \(one) and \(other)")
    }
  }

  let files = ["model.safetensors", "checkpoint.safetensors", "history.csv"]

  @Test func aTextIsLearnedAndReported() throws {
    try withFolder { folder in
      let result = try trainText(in: folder, to: "out", smallModel + ["--epochs", "5"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.output.contains(/validation loss [\d.]+ nats  [\d.]+ bits\/character  perplex/))
      #expect(result.output.contains("after epoch 5 of 5"))
      for word in [
        "epoch 5/5", "loss ", "validation ", "gradient/parameter norm ", "learning rate 1.0e-02",
      ] {
        #expect(result.errors.contains(word), "\(word): \(result.errors)")
      }
      #expect(result.errors.contains("ms/step") && result.errors.contains("s left"))
      // Without a terminal, the output has no control characters.
      let controls = (result.output + result.errors).unicodeScalars.filter {
        $0.properties.generalCategory == .control && $0 != "\n"
      }
      #expect(controls.isEmpty)
      let history = try String(
        contentsOf: folder.appendingPathComponent("out/history.csv"), encoding: .utf8)
      let rows = history.split(separator: "\n").map { $0.split(separator: ",") }
      #expect(rows[0] == ["network", "epoch", "loss", "validation_loss"])
      #expect(rows.dropFirst().map { String($0[1]) } == ["1", "2", "3", "4", "5"])
      let losses = try rows.dropFirst().map { try #require(Double($0[2])) }
      #expect(losses[4] < losses[0] - 0.1)
    }
  }

  @Test func aTrainedSeriesIsForecastWithoutTraining() throws {
    try withFolder { folder in
      let options = [
        "--horizon", "4", "--period", "4", "--window", "6", "--hidden-size", "3", "--members", "2",
        "--epochs", "2",
      ]
      let trained = try trainSeries(in: folder, to: "run", options)
      #expect(trained.status == 0, "\(trained.errors)")
      let (series, model) = (
        folder.appendingPathComponent("series.csv"),
        folder.appendingPathComponent("run/model.safetensors").path
      )
      func forecast(_ output: String, _ more: [String]) throws -> CommandResult {
        let result = try recur(
          arguments: [
            "forecast", series.path, "--output", folder.appendingPathComponent(output).path,
          ] + more)
        #expect(result.status == 0, "\(result.errors)")
        return result
      }
      let once = try forecast("once", ["--model", model])
      #expect(!once.errors.contains("epoch"))
      #expect(once.errors.contains("values up to 2059, the end of the training data"))
      // Training the same networks for this forecast gives the same result.
      _ = try forecast("again", options)
      try expectSame(["forecast.csv"], "once", "again", in: folder)

      let more =
        try String(contentsOf: series, encoding: .utf8) + "\n2060,20\n2061,1\n2062,4\n2063,9\n"
      try more.write(to: series, atomically: true, encoding: .utf8)
      let tested = try forecast("later", ["--model", model])
      #expect(tested.output.contains("from one origin, 4 values:"))
      #expect(tested.output.contains("forecast: 4 values, 2064 to 2067"))
      let table = try String(
        contentsOf: folder.appendingPathComponent("later/backtest.csv"), encoding: .utf8)
      let starts = table.split(separator: "\n").dropFirst().map { $0.prefix(9) }
      #expect(starts == ["2059,2060", "2059,2061", "2059,2062", "2059,2063"])
      let refused = try recur("forecast", series.path, "--model", model, "--hidden-size", "4")
      #expect(refused.status == 2)
      #expect(refused.errors.contains("--hidden-size cannot be changed"))
      let months = (0..<24).map { String(format: "%d-%02d,1", 2000 + $0 / 12, $0 % 12 + 1) }
      try (["date,value"] + months).joined(separator: "\n").write(
        to: series, atomically: true, encoding: .utf8)
      let other = try recur("forecast", series.path, "--model", model)
      #expect(other.status == 2)
      #expect(
        other.errors.contains("dates are 1 month apart, expected 12 months"), "\(other.errors)")
    }
  }

  @Test func trainingStopsEarlyAndKeepsTheBest() throws {
    try withFolder { folder in
      // With this learning rate, the model soon overfits.
      let options = [
        "--hidden-size", "32", "--sequence-length", "10", "--batch-size", "4", "--learning-rate",
        "0.03", "--epochs",
        "200",
        "--patience", "2", "--json",
      ]
      let result = try trainText(in: folder, to: "out", options)
      #expect(result.status == 0, "\(result.errors)")
      struct Report: Decodable {
        struct Network: Decodable {
          var epoch: Int
          var epochs: Int
          var validationLoss: Double
        }
        var model: String
        var networks: [Network]
      }
      let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
      #expect(report.networks[0].epochs == report.networks[0].epoch + 2)
      #expect(report.networks[0].epochs < 200)
      let saved = try SafeTensors(contentsOf: URL(fileURLWithPath: report.model))
      let run = try SafeTensors(
        contentsOf: folder.appendingPathComponent("out/checkpoint.safetensors"))
      for tensor in saved.tensors {
        let numbers: [Float] = try tensor.elements()
        #expect(try run["best." + tensor.name]?.elements() == numbers)
        #expect(try run[tensor.name]?.elements() != numbers)
      }
    }
  }
}
