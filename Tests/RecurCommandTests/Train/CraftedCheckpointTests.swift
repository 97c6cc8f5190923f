// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@testable import RecurCommand

/// Checkpoints with a right checksum and wrong contents.
extension TrainCommandTests {
  @Test func anInvalidReadingOfATextIsAnError() throws {
    try withFolder { folder in
      let trained = try trainText(in: folder, to: "run", smallModel + ["--epochs", "2"])
      #expect(trained.status == 0, "\(trained.errors)")
      let checkpoint = folder.appendingPathComponent("run/checkpoint.safetensors")
      for (old, new, message) in [
        (#"batch\":4"#, #"batch\":4611686018427387904"#, "--batch-size is 4611686018427387904"),
        (#"batch\":4"#, #"batch\":0"#, "--batch-size is 0"),
        (#"sequence\":10"#, #"sequence\":4611686018427387904"#, "--sequence-length is 46116860"),
        (#"validation\":0.1"#, #"validation\":1e19"#, "--validation-fraction is 1e+19"),
        (#"validation\":0.1"#, #"validation\":-0.5"#, "--validation-fraction is -0.5"),
      ] {
        let crafted = try craft(checkpoint, "recur.info", old, new)
        let result = try trainText(in: folder, to: "none", ["--resume", crafted])
        #expect(result.status == 2, "\(new): \(result.status)")
        #expect(
          result.errors.hasPrefix("recur: \(crafted): describes an invalid run: " + message),
          "\(new): \(result.errors)")
      }
    }
  }

  /// The data of a text or a series are the same in every epoch, so the position of a run determines the
  /// number of its steps.
  @Test func stepsAndExamplesAreThoseOfTheData() throws {
    try withFolder { folder in
      let text = try trainText(
        in: folder, to: "text", smallModel + ["--epochs", "2", "--patience", "0"])
      #expect(text.status == 0, "\(text.errors)")
      let series = try trainSeries(
        in: folder, to: "series",
        [
          "--horizon", "4", "--period", "4", "--hidden-size", "3", "--members", "1", "--epochs",
          "3",
        ])
      #expect(series.status == 0, "\(series.errors)")
      for (name, data) in [("text", "text 7.txt"), ("series", "series.csv")] {
        let checkpoint = folder.appendingPathComponent("\(name)/checkpoint.safetensors")
        let saved = try SafeTensors(contentsOf: checkpoint)
        let training = try #require(saved.metadata["recur.training"])
        for key in ["step", "examples"] {
          let entry = try #require(training.firstMatch(of: try Regex("\"\(key)\":([0-9]+)")))
          let old = String(training[entry.range])
          for number in ["9007199254740991", "10000"] {
            let crafted = try craft(checkpoint, "recur.training", old, "\"\(key)\":\(number)")
            let result = try recur(
              "train", name, folder.appendingPathComponent(data).path, "--resume", crafted,
              "--output", folder.path)
            #expect(result.status == 2, "\(name) \(key) \(number): \(result.errors)")
            #expect(
              result.errors.hasPrefix("recur: \(crafted): describes an invalid run: position "),
              "\(name) \(key) \(number): \(result.errors)")
          }
        }
      }
    }
  }

  /// Either the file is refused, or its numbers are only shown.
  @Test func aHistoryWithAnyEpochsDoesNotEndTheProcess() throws {
    try withFolder { folder in
      let trained = try trainText(in: folder, to: "run", smallModel + ["--epochs", "2"])
      #expect(trained.status == 0, "\(trained.errors)")
      let checkpoint = folder.appendingPathComponent("run/checkpoint.safetensors")
      for epoch in ["9223372036854775807", "-9223372036854775808", "3"] {
        let crafted = try craft(
          checkpoint, "recur.training", #"[{"epoch":0,"#, #"[{"epoch":\#(epoch),"#)
        for call in [
          ["info", crafted], ["info", crafted, "--json"],
          [
            "train", "text", try smallText(in: folder).path, "--resume", crafted, "--output",
            folder.path,
          ],
        ] {
          let result = try recur(arguments: call)
          #expect([0, 2].contains(result.status), "\(call): \(result.status) \(result.errors)")
        }
      }
    }
  }

  @Test func resultsDependOnNoEpochOfTheFile() throws {
    let history = try JSONDecoder().decode(
      [TrainingEpoch].self,
      from: Data(
        #"[{"epoch":9223372036854775807,"loss":3},{"epoch":-7,"loss":2,"validationLoss":1}]"#.utf8))
    let result = try #require(TrainingResult(history, network: 1, name: nil))
    #expect(result.epoch == 2 && result.epochs == 2 && result.validationLoss == 1)
    #expect(TrainingResult([], network: 1, name: nil) == nil)
    let written = TrainingHistory([[], history])
    #expect(written.table == "network,epoch,loss,validation_loss\n2,1,3,\n2,2,2,1\n")
    #expect(written.plot.contains("1 3\n2 2\n"))
  }

  @Test func theProgressOfAnyNumberOfStepsIsShown() {
    let frame = ProgressLine.Frame(epochs: .max, stepsPerEpoch: .max)
    #expect(frame.steps(perEpoch: .max) == 0x1p126)
  }

  @Test func metadataIsPrintable() throws {
    try withFolder { folder in
      let trained = try trainSeries(
        in: folder, to: "run",
        [
          "--horizon", "4", "--period", "4", "--hidden-size", "3", "--members", "1", "--epochs",
          "1",
        ])
      #expect(trained.status == 0, "\(trained.errors)")
      let model = folder.appendingPathComponent("run/model.safetensors")
      let series = folder.appendingPathComponent("series.csv").path
      let crafted = try craft(
        model, "recur.info", #""interval":"12 months""#, #""interval":"\u001b[2Jm""#)
      let forecast = try recur("forecast", series, "--model", crafted)
      #expect(forecast.status == 2)
      #expect(forecast.errors.contains(#"expected \u{1B}[2Jm as in"#), "\(forecast.errors)")
      let other = try craft(
        model, "recur.info", #""interval""#, #""column":"\u001b[2J\#u{202E}","interval""#)
      let column = try recur("forecast", series, "--model", other)
      #expect(column.errors.contains(#"found "\u{1B}[2J\u{202E}""#), "\(column.errors)")
      for file in [crafted, other] {
        let info = try recur("info", file)
        #expect(info.output.split(separator: "\n").allSatisfy { $0.isPrintable }, "\(info.output)")
      }
    }
  }
}
