// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@Suite struct TrainCommandTests {
  private let smallModel = [
    "--hidden", "8", "--sequence", "10", "--batch", "4", "--learning-rate", "0.01",
  ]

  private func trainText(
    in folder: URL, to output: String, _ more: [String],
    meanwhile: (Process) throws -> Void = { _ in }
  ) throws -> CommandResult {
    try recur(
      arguments: [
        "train", "text", smallText(in: folder).path, "--output",
        folder.appendingPathComponent(output).path,
      ] + more, meanwhile: meanwhile)
  }

  private func trainSeries(in folder: URL, to output: String, _ more: [String]) throws
    -> CommandResult
  {
    try recur(
      arguments: [
        "train", "series", smallSeries(in: folder, complete: true).path, "--output",
        folder.appendingPathComponent(output).path,
      ] + more)
  }

  private func expectSame(_ files: [String], _ one: String, _ other: String, in folder: URL) throws
  {
    for file in files {
      let contents = try [one, other].map {
        try Data(contentsOf: folder.appendingPathComponent("\($0)/\(file)"))
      }
      #expect(contents[0] == contents[1], "\(file) of \(one) and \(other)")
    }
  }

  private let files = ["model.safetensors", "checkpoint.safetensors", "history.csv"]

  /// Interrupts a run as soon as there is a checkpoint.
  private func interrupt(_ process: Process, _ folder: URL, _ signal: Int32 = SIGINT) throws {
    let checkpoint = folder.appendingPathComponent("checkpoint.safetensors").path
    while process.isRunning && !FileManager.default.fileExists(atPath: checkpoint) {
      usleep(5000)
    }
    kill(process.processIdentifier, signal)
  }

  @Test func aTextIsLearnedAndReported() throws {
    try withFolder { folder in
      let result = try trainText(in: folder, to: "out", smallModel + ["--epochs", "5"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.output.contains(/validation loss [\d.]+ nats  [\d.]+ bits\/character  perplex/))
      #expect(result.output.contains("after epoch 5 of 5"))
      for word in [
        "epoch 5/5", "loss ", "validation ", "gradient/parameters ", "learning rate 1.0e-02",
      ] {
        #expect(result.errors.contains(word), "\(word): \(result.errors)")
      }
      #expect(result.errors.contains("ms/step") && result.errors.contains("s left"))
      // Nothing that a terminal obeys, where there is none.
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

  @Test func anInterruptedRunGoesOnToTheSameBits() throws {
    try withFolder { folder in
      let options = smallModel + ["--epochs", "40", "--dropout", "0.2", "--patience", "0"]
      let whole = try trainText(in: folder, to: "whole", options)
      #expect(whole.status == 0, "\(whole.errors)")
      let output = folder.appendingPathComponent("cut")
      for (signal, status) in [(SIGINT, Int32(130)), (SIGTERM, 143)] {
        try? FileManager.default.removeItem(at: output)
        let cut = try trainText(in: folder, to: "cut", options + ["--checkpoint-every", "1"]) {
          try interrupt($0, output, signal)
        }
        #expect(cut.status == status, "\(cut.errors)")
        #expect(!FileManager.default.fileExists(atPath: output.path + "/model.safetensors"))
        #expect(cut.errors.contains("stopped after step "))

        // The line that it says is one that a shell can run.
        let line = try #require(cut.errors.split(separator: "\n").last { $0.hasPrefix("  recur ") })
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", "printf '%s\\n' \(line.dropFirst("  recur ".count))"]
        let words = Pipe()
        shell.standardOutput = words
        try shell.run()
        let text = String(decoding: words.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let arguments = text.split(separator: "\n").map(String.init)
        #expect(arguments.contains("--checkpoint-every"))
        let resumed = try recur(arguments: arguments)
        #expect(resumed.status == 0, "\(resumed.errors)")
        try expectSame(files, "whole", "cut", in: folder)
      }
    }
  }

  @Test func anEndedRunGoesOnWithMoreEpochs() throws {
    try withFolder { folder in
      let options = smallModel + ["--dropout", "0.2", "--patience", "0"]
      _ = try trainText(in: folder, to: "whole", options + ["--epochs", "5"])
      let short = try trainText(in: folder, to: "more", options + ["--epochs", "2"])
      #expect(short.status == 0, "\(short.errors)")
      let checkpoint = folder.path + "/more/checkpoint.safetensors"
      let more = try trainText(
        in: folder, to: "more", ["--resume", checkpoint, "--epochs", "5"])
      #expect(more.status == 0, "\(more.errors)")
      #expect(more.output.contains("of 5\n"))
      try expectSame(files, "whole", "more", in: folder)

      func refused(_ from: String, _ epochs: String, _ says: String) throws {
        let result = try trainText(
          in: folder, to: "none",
          ["--resume", "\(folder.path)/\(from)/checkpoint.safetensors", "--epochs", epochs])
        #expect(result.status == 2)
        #expect(result.errors == "recur: \(says)\n")
      }
      try refused("more", "4", "--epochs is 4, expected at least 5, as many as were begun")
      let cosine =
        "--epochs cannot be changed: the learning rate falls as a cosine over all epochs of the run"
      for (name, more) in [("cosine", []), ("warm", ["--warm-up", "3"])] {
        _ = try trainText(
          in: folder, to: name, smallModel + ["--epochs", "2", "--schedule", "cosine"] + more)
        try refused(name, "4", cosine)
      }
      let stopped = try trainText(
        in: folder, to: "stopped",
        [
          "--hidden", "32", "--sequence", "10", "--batch", "4", "--learning-rate", "0.3",
          "--patience", "1",
        ])
      let found = try #require(stopped.output.firstMatch(of: /after epoch \d+ of (\d+)/))
      try refused(
        "stopped", "99",
        "--epochs is 99, and a patience of 1 ended the run after epoch \(found.output.1)")
      let series = ["--horizon", "4", "--period", "4", "--hidden", "3", "--members", "1"]
      _ = try trainSeries(in: folder, to: "series", series + ["--epochs", "2"])
      let resumed = try trainSeries(
        in: folder, to: "none",
        ["--resume", folder.path + "/series/checkpoint.safetensors", "--epochs", "4"])
      #expect(resumed.status == 2)
      #expect(resumed.errors == "recur: \(cosine)\n")
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/none"))
    }
  }

  @Test func aSecondSignalEndsAtOnce() throws {
    try withFolder { folder in
      let output = folder.appendingPathComponent("out")
      // A step of this takes long, and all of them minutes.
      let result = try recur(
        arguments: [
          "train", "text", try smallText(in: folder).path, "--output", output.path, "--hidden",
          "600", "--sequence", "100", "--batch", "16", "--checkpoint-every", "1",
        ]
      ) { process in
        try interrupt(process, output)
        usleep(20_000)
        kill(process.processIdentifier, SIGINT)
      }
      // Of the signal itself, or of the first one if the step was over.
      #expect([SIGINT, 130].contains(result.status), "\(result.status) \(result.errors)")
    }
  }

  @Test func aSeriesGoesOnToTheSameBits() throws {
    try withFolder { folder in
      let options = [
        "--horizon", "4", "--period", "4", "--window", "6", "--hidden", "3", "--members", "3",
        "--epochs", "40", "--batch", "8", "--validation", "0.2",
      ]
      let whole = try trainSeries(in: folder, to: "whole", options)
      #expect(whole.status == 0, "\(whole.errors)")
      #expect(whole.output.contains("network 3/3: validation loss "))
      let output = folder.appendingPathComponent("cut")
      let cut = try recur(
        arguments: [
          "train", "series", folder.appendingPathComponent("series.csv").path, "--output",
          output.path, "--checkpoint-every", "1",
        ] + options
      ) { try interrupt($0, output) }
      #expect(cut.status == 130, "\(cut.errors)")
      let resumed = try trainSeries(
        in: folder, to: "cut", ["--resume", output.path + "/checkpoint.safetensors"])
      #expect(resumed.status == 0, "\(resumed.errors)")
      try expectSame(files, "whole", "cut", in: folder)
    }
  }

  @Test func aTrainedSeriesIsForecastWithoutTraining() throws {
    try withFolder { folder in
      let options = [
        "--horizon", "4", "--period", "4", "--window", "6", "--hidden", "3", "--members", "2",
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
      #expect(once.errors.contains("were trained on values to 2059"))
      // The same networks, trained for this forecast.
      _ = try forecast("again", options)
      try expectSame(["forecast.csv"], "once", "again", in: folder)

      let more =
        try String(contentsOf: series, encoding: .utf8) + "\n2060,20\n2061,1\n2062,4\n2063,9\n"
      try more.write(to: series, atomically: true, encoding: .utf8)
      let tested = try forecast("later", ["--model", model])
      #expect(tested.output.contains("from one origin, 4 values each"))
      #expect(tested.output.contains("forecast: 4 values, 2064 to 2067"))
      let table = try String(
        contentsOf: folder.appendingPathComponent("later/backtest.csv"), encoding: .utf8)
      let starts = table.split(separator: "\n").dropFirst().map { $0.prefix(9) }
      #expect(starts == ["2059,2060", "2059,2061", "2059,2062", "2059,2063"])
      let refused = try recur("forecast", series.path, "--model", model, "--hidden", "4")
      #expect(refused.status == 2)
      #expect(refused.errors.contains("--hidden cannot be changed"))
      let months = (0..<24).map { String(format: "%d-%02d,1", 2000 + $0 / 12, $0 % 12 + 1) }
      try (["date,value"] + months).joined(separator: "\n").write(
        to: series, atomically: true, encoding: .utf8)
      let other = try recur("forecast", series.path, "--model", model)
      #expect(other.status == 2)
      #expect(other.errors.contains("dates 1 month apart, expected 12 months"), "\(other.errors)")
    }
  }

  @Test func aConfigurationFileIsOptions() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("options.json")
      func write(_ text: String) throws {
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
      try write(
        """
        {"hidden": 8, "sequence": 10, "batch": 4, "learning-rate": 0.01, "cell": "gru", "epochs": 99}
        """)
      let one = try trainText(
        in: folder, to: "one", ["--config", file.path, "--epochs=2", "--cell", "lstm"])
      #expect(one.status == 0, "\(one.errors)")
      _ = try trainText(in: folder, to: "other", smallModel + ["--epochs", "2"])
      try expectSame(files, "one", "other", in: folder)
      try write("{\"overfit-batch\": true, \"epochs\": 2, \"json\": true}")
      let overfit = try trainText(in: folder, to: "overfit", smallModel + ["--config=\(file.path)"])
      #expect(overfit.output.hasPrefix("{"), "\(overfit.errors)")

      let refused = [
        ("{\"hiden\": 8}", "--hiden"), ("{\"hidden\": 8, \"hidden\": 8}", "duplicate"),
        ("{\"hidden\": \"many\"}", "many"), ("{\"hidden\": [8]}", "hidden is not a number"),
        ("{\"overfit-batch\": false}", "leave out"), ("[8]", "is no JSON object"), ("{", ":1: "),
        ("{\"Hidden\": 8}", "\"Hidden\""), ("{\"config\": \"x\"}", "\"config\""),
        ("{\"hidden\": 8.5}", "8.5"), ("{\"horizon\": 8}", "--horizon"),
        ("{\"epochs\": 0}", "--epochs is 0"), ("{\"cell=lstm --x\": 0}", "name of an option"),
      ]
      for (text, says) in refused {
        try write(text)
        let result = try trainText(in: folder, to: "out", ["--config", file.path])
        #expect(result.status == 2)
        #expect(result.errors.contains(says), "\(text): \(result.errors)")
        #expect(result.errors.contains("options.json"), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
      }
    }
  }

  @Test func whatIsWrongIsSaid() throws {
    try withFolder { folder in
      let text = try smallText(in: folder).path
      let other = try smallText(in: folder, seed: 8).path
      let series = try smallSeries(in: folder).path
      let bad = folder.appendingPathComponent("bad.txt")
      try Data([0x61, 0xFF]).write(to: bad)
      let run = folder.appendingPathComponent("run").path
      let trained = try trainText(in: folder, to: "run", smallModel + ["--epochs", "1"])
      #expect(trained.status == 0)
      let checkpoint = run + "/checkpoint.safetensors"
      let calls: [(arguments: [String], says: String)] = [
        (["text", text, "--hidden", "0"], "--hidden is 0"),
        (["text", text, "--dropout", "1"], "--dropout is 1.0"),
        (["text", text, "--dropout", "0.5", "--layers", "1"], "between layers"),
        (["text", text, "--momentum", "0.9"], "--momentum is of sgd"),
        (["text", text, "--validation", "0.5"], "--validation is 0.5"),
        (["text", text, "--schedule", "plateau", "--validation", "0"], "goes by validation"),
        (["text", text, "--patience", "3", "--validation", "0"], "--patience goes by validation"),
        (["text", text, "--patience", "3", "--overfit-batch"], "--patience goes by validation"),
        (["text", text, "--validation", "0.2", "--overfit-batch"], "nothing is validated with"),
        (["text", text, "--config", "a", "--config", "b"], "--config is given 2 times"),
        (["--config", "a", "text", text], "--config"),
        (
          ["text", text, "--schedule", "cosine", "--warm-up", "9999", "--batch", "4"],
          "--warm-up is 9999"
        ),
        (["text", text, "--threads", "65"], "--threads is 65"),
        (["text", text, "--horizon", "4"], "--horizon"),
        (["text", text, "--batch", "100"], "characters to train on, expected at least 6401"),
        (["text", bad.path], "is not UTF-8"), (["text", folder.path], "expected a text file"),
        (
          ["text", text, "--resume", run + "/model.safetensors"],
          "is a model, expected a checkpoint"
        ),
        (["text", other, "--resume", checkpoint], "is not the text that the run began with"),
        (["text", text, "--resume", checkpoint, "--hidden", "8"], "--hidden cannot be changed"),
        (["text", text, "--resume", bad.path], "bad.txt"),
        (["series", series, "--resume", checkpoint], "expected a forecaster-checkpoint"),
        (["series", series], "--horizon is missing"),
        (["series", series, "--horizon", "50", "--period", "4"], "has 60 values, expected"),
        (["series", text, "--horizon", "4"], "expected"),
      ]
      for call in calls {
        let result = try recur(
          arguments: ["train"] + call.arguments + ["--output", folder.path + "/none"])
        #expect(result.status == 2, "\(call.arguments): \(result.status)")
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(call.says), "\(call.arguments): \(result.errors)")
        #expect(result.errors.hasPrefix("recur: "))
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/none"))
    }
  }

  @Test func whatIsNotFiniteIsNamed() throws {
    try withFolder { folder in
      let result = try trainText(
        in: folder, to: "out",
        smallModel + ["--optimizer", "sgd", "--learning-rate", "1e300", "--checkpoint-every", "1"])
      #expect(result.status == 1, "\(result.errors)")
      #expect(
        result.errors.contains(
          /recur: update 2: .*what the network reads, at time step 0 of sequence 0/))
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/out/model.safetensors"))
    }
  }

  @Test func aLossThatDoesNotFallIsSpokenOf() throws {
    try withFolder { folder in
      for (options, warns) in [
        (["--learning-rate", "300", "--epochs", "1"], true),
        (["--learning-rate", "300", "--epochs", "4"], true),
        (["--learning-rate", "300", "--epochs", "4", "--validation", "0"], true),
        (["--learning-rate", "0.01", "--epochs", "4"], false),
      ] {
        let result = try trainText(
          in: folder, to: "out", smallModel + ["--optimizer", "sgd", "--clip", "100"] + options)
        #expect(result.status == 0, "\(result.errors)")
        let says = result.errors.contains(
          /\nwarning: the loss did not fall: [\d.]+ at the beginning, [\d.e+]+ in epoch \d; a lower/
        )
        #expect(says == warns, "\(options): \(result.errors)")
      }
      let info = try recur("info", folder.path + "/out/checkpoint.safetensors").output
      #expect(info.contains("momentum 0, nesterov no, weightDecay 0\n"), "\(info)")
      let series = try trainSeries(
        in: folder, to: "out",
        ["--horizon", "4", "--period", "4", "--hidden", "3", "--members", "2", "--epochs", "40"]
          + ["--learning-rate", "100", "--clip", "1e9"])
      #expect(series.status == 0, "\(series.errors)")
      #expect(
        series.errors.contains("warning: network 2/2: the loss did not fall"), "\(series.errors)")
    }
  }

  @Test func trainingStopsEarlyAndKeepsTheBest() throws {
    try withFolder { folder in
      // So fast that it soon is too good on what it was shown.
      let options = [
        "--hidden", "32", "--sequence", "10", "--batch", "4", "--learning-rate", "0.03", "--epochs",
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
