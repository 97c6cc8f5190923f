// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

/// Tests of runs that are interrupted and resumed.
extension TrainCommandTests {
  /// Interrupts a run as soon as its checkpoint exists.
  private func interrupt(_ process: Process, _ folder: URL, _ signal: Int32 = SIGINT) throws {
    let checkpoint = folder.appendingPathComponent("checkpoint.safetensors").path
    while process.isRunning && !FileManager.default.fileExists(atPath: checkpoint) {
      usleep(5000)
    }
    kill(process.processIdentifier, signal)
  }

  @Test func aResumedRunIsBitIdentical() throws {
    try withFolder { folder in
      let options = smallModel + ["--epochs", "15", "--dropout", "0.2", "--patience", "0"]
      let whole = try trainText(in: folder, to: "whole", options)
      #expect(whole.status == 0, "\(whole.errors)")
      let output = folder.appendingPathComponent("cut")
      for (signal, status) in [(SIGINT, Int32(130)), (SIGTERM, 143)] {
        try? FileManager.default.removeItem(at: output)
        let cut = try trainText(
          in: folder, to: "cut", options + ["--checkpoint-every", "1", "--threads", "2"]
        ) {
          try interrupt($0, output, signal)
        }
        #expect(cut.status == status, "\(cut.errors)")
        #expect(!FileManager.default.fileExists(atPath: output.path + "/model.safetensors"))
        #expect(cut.errors.contains("stopped after step "))

        // A shell can run the command line in the message.
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
        let threads = arguments.firstIndex(of: "--threads")
        #expect(threads.map { arguments[$0 + 1] } == "2")
        let resumed = try recur(arguments: arguments)
        #expect(resumed.status == 0, "\(resumed.errors)")
        try expectSame(files, "whole", "cut", in: folder)
      }
    }
  }

  @Test func aFinishedRunResumesWithMoreEpochs() throws {
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

      func refused(_ from: String, _ epochs: String, _ message: String) throws {
        let result = try trainText(
          in: folder, to: "none",
          ["--resume", "\(folder.path)/\(from)/checkpoint.safetensors", "--epochs", epochs])
        #expect(result.status == 2)
        #expect(result.errors == "recur: \(message)\n")
      }
      try refused("more", "4", "--epochs is 4, expected at least 5, the number of epochs started")
      let cosine =
        "--epochs cannot be changed: the learning rate decays along a cosine over all epochs of the run"
      for (name, more) in [("cosine", []), ("warm", ["--warm-up-steps", "3"])] {
        _ = try trainText(
          in: folder, to: name, smallModel + ["--epochs", "2", "--schedule", "cosine"] + more)
        try refused(name, "4", cosine)
      }
      let stopped = try trainText(
        in: folder, to: "stopped",
        [
          "--hidden-size", "32", "--sequence-length", "10", "--batch-size", "4", "--learning-rate",
          "0.3",
          "--patience", "1",
        ])
      let found = try #require(stopped.output.firstMatch(of: /after epoch \d+ of (\d+)/))
      try refused(
        "stopped", "99",
        "--epochs is 99, but --patience 1 ended the run after epoch \(found.output.1)")
      let series = ["--horizon", "4", "--period", "4", "--hidden-size", "3", "--members", "1"]
      _ = try trainSeries(in: folder, to: "series", series + ["--epochs", "2"])
      let resumed = try trainSeries(
        in: folder, to: "none",
        ["--resume", folder.path + "/series/checkpoint.safetensors", "--epochs", "4"])
      #expect(resumed.status == 2)
      #expect(resumed.errors == "recur: \(cosine)\n")
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/none"))
    }
  }

  @Test func aSecondSignalEndsTheProcessAtOnce() throws {
    try withFolder { folder in
      let output = folder.appendingPathComponent("out")
      // Each step is slow, and the whole run takes minutes.
      let result = try recur(
        arguments: [
          "train", "text", try smallText(in: folder).path, "--output", output.path, "--hidden-size",
          "600", "--sequence-length", "100", "--batch-size", "16", "--checkpoint-every", "1",
        ]
      ) { process in
        try interrupt(process, output)
        usleep(20_000)
        kill(process.processIdentifier, SIGINT)
      }
      // The status is that of the second signal, or of the first one if the step had ended.
      #expect([SIGINT, 130].contains(result.status), "\(result.status) \(result.errors)")
    }
  }

  @Test func aResumedSeriesIsBitIdentical() throws {
    try withFolder { folder in
      let options = [
        "--horizon", "4", "--period", "4", "--window", "6", "--hidden-size", "3", "--members", "3",
        "--epochs", "40", "--batch-size", "8", "--validation-fraction", "0.2",
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
}
