// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

/// Tests of errors and warnings.
extension TrainCommandTests {
  @Test func errorsAreReported() throws {
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
      let calls: [(arguments: [String], message: String)] = [
        (["text", text, "--hidden-size", "0"], "--hidden-size is 0"),
        (["text", text, "--dropout", "1"], "--dropout is 1.0"),
        (["text", text, "--dropout", "0.5", "--layers", "1"], "between layers"),
        (
          ["text", text, "--momentum", "0.9"],
          "--momentum requires --optimizer sgd or rmsprop, found adam"
        ),
        (["text", text, "--validation-fraction", "0.5"], "--validation-fraction is 0.5"),
        (
          ["text", text, "--schedule", "plateau", "--validation-fraction", "0"],
          "--schedule plateau requires validation"
        ),
        (
          ["text", text, "--patience", "3", "--validation-fraction", "0"],
          "which --validation-fraction 0 disables"
        ),
        (["text", text, "--patience", "3", "--overfit-batch"], "which --overfit-batch disables"),
        (["text", text, "--patience", "-1"], "--patience"),
        (["text", text, "--warm-up-steps=-1"], "--warm-up-steps is -1, expected 0 to 1000000"),
        (
          ["text", text, "--validation-fraction", "0.2", "--overfit-batch"],
          "which disables validation"
        ),
        (["text", text, "--config", "a", "--config", "b"], "--config is given 2 times"),
        (["--config", "a", "text", text], "--config"),
        (
          ["text", text, "--schedule", "cosine", "--warm-up-steps", "9999", "--batch-size", "4"],
          "--warm-up-steps is 9999"
        ),
        (["text", text, "--threads", "65"], "--threads is 65"),
        (["text", text, "--horizon", "4"], "--horizon"),
        (["text", text, "--batch-size", "100"], "training characters, expected at least 6401"),
        (["text", bad.path], "is not UTF-8"),
        (["text", folder.path], "is neither a regular file nor a pipe"),
        (
          ["text", text, "--resume", run + "/model.safetensors"],
          "is a model, expected a checkpoint"
        ),
        (
          ["text", other, "--resume", checkpoint],
          "differs from the training text of the checkpoint"
        ),
        (
          ["text", text, "--resume", checkpoint, "--hidden-size", "8"],
          "--hidden-size cannot be changed"
        ),
        (["text", text, "--resume", bad.path], "bad.txt"),
        (["series", series, "--resume", checkpoint], "expected a forecaster-checkpoint"),
        (["series", series], "--horizon is missing, expected the number"),
        (["series", series, "--horizon", "50", "--period", "4"], "has 60 values, expected"),
        (["series", text, "--horizon", "4"], "expected"),
      ]
      for call in calls {
        let result = try recur(
          arguments: ["train"] + call.arguments + ["--output", folder.path + "/none"])
        #expect(result.status == 2, "\(call.arguments): \(result.status)")
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(call.message), "\(call.arguments): \(result.errors)")
        #expect(result.errors.hasPrefix("recur: "))
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/none"))
    }
  }

  @Test func nonFiniteValuesAreLocated() throws {
    try withFolder { folder in
      let result = try trainText(
        in: folder, to: "out",
        smallModel + ["--optimizer", "sgd", "--learning-rate", "1e300", "--checkpoint-every", "1"])
      #expect(result.status == 1, "\(result.errors)")
      #expect(
        result.errors.contains(
          /recur: update 1: the parameter embedding.weight would not be finite/))
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/out/model.safetensors"))
    }
  }

  @Test func aLossThatDoesNotDecreaseIsReported() throws {
    try withFolder { folder in
      for (options, warns) in [
        (["--learning-rate", "300", "--epochs", "1"], true),
        (["--learning-rate", "300", "--epochs", "4"], true),
        (["--learning-rate", "300", "--epochs", "4", "--validation-fraction", "0"], true),
        (["--learning-rate", "0.01", "--epochs", "4"], false),
      ] {
        let result = try trainText(
          in: folder, to: "out",
          smallModel + ["--optimizer", "sgd", "--clip-norm", "100"] + options)
        #expect(result.status == 0, "\(result.errors)")
        let hasWarned = result.errors.contains(
          /\nwarning: the loss did not decrease: [\d.]+ at the start, [\d.e+]+ in epoch \d; try/
        )
        #expect(hasWarned == warns, "\(options): \(result.errors)")
      }
      let info = try recur("info", folder.path + "/out/checkpoint.safetensors").output
      #expect(info.contains("momentum 0, nesterov no, weightDecay 0\n"), "\(info)")
      let series = try trainSeries(
        in: folder, to: "out",
        [
          "--horizon", "4", "--period", "4", "--hidden-size", "3", "--members", "2", "--epochs",
          "40",
        ]
          + ["--learning-rate", "100", "--clip-norm", "1e9"])
      #expect(series.status == 0, "\(series.errors)")
      #expect(
        series.errors.contains("warning: network 2/2: the loss did not decrease"),
        "\(series.errors)")
    }
  }
}
