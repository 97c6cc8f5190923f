// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

@testable import RecurCommand

/// Commands that read model files: `generate`, `gradients` and `info`.
@Suite struct ModelFileCommandTests {
  /// Trains on a small text, and passes the output folder to `body`.
  private func withRun(_ body: (URL) throws -> Void) throws {
    try withFolder { folder in
      let result = try recur(
        "train", "text", smallText(in: folder).path, "--output", folder.path, "--hidden-size", "8",
        "--sequence-length", "10", "--batch-size", "4", "--epochs", "3")
      #expect(result.status == 0, "\(result.errors)")
      try body(folder)
    }
  }

  @Test func textIsGeneratedFromASeed() throws {
    try withRun { folder in
      let model = folder.appendingPathComponent("model.safetensors").path
      func generate(_ more: String...) throws -> CommandResult {
        try recur(arguments: ["generate", model, "--length", "80"] + more)
      }
      let one = try generate("--prompt", "naïve 日", "--seed", "3")
      #expect(one.status == 0, "\(one.errors)")
      #expect(one.errors.isEmpty)
      #expect(one.output.hasPrefix("naïve 日") && one.output.hasSuffix("\n"))
      #expect(one.output.unicodeScalars.count == 7 + 80 + 1)
      #expect(try generate("--prompt", "naïve 日", "--seed", "3").output == one.output)
      #expect(try generate("--prompt", "naïve 日", "--seed", "4").output != one.output)
      let likeliest = try ["1", "2"].map { try generate("--temperature", "0", "--seed", $0).output }
      #expect(likeliest[0] == likeliest[1])
      #expect(likeliest[0].unicodeScalars.count == 81)

      #expect(try generate("--prompt", "X").status == 2)
      #expect(try generate("--prompt", "X").errors.contains("\"X\" at 0"))
      #expect(try generate("--temperature", "-1").status == 2)
      let checkpoint = folder.appendingPathComponent("checkpoint.safetensors").path
      #expect(
        try recur("generate", checkpoint).errors.contains("is a checkpoint, expected a model"))
    }
  }

  @Test func gradientsOfAModelAreMeasured() throws {
    try withRun { folder in
      let files = [
        "--model", folder.path + "/model.safetensors", "--text",
        try smallText(in: folder).path,
      ]
      let result = try recur(
        arguments: ["gradients", "--sequence-length", "7", "--batch-size", "2"] + files)
      #expect(result.status == 0, "\(result.errors)")
      for words in ["LSTM(inputSize: 8, hiddenSize: 8, layers: 2)", "W_hh of f: ", "clipping at 1"]
      {
        #expect(result.output.contains(words), "\(words): \(result.output)")
      }
      for wrong in [
        ["--hidden-size", "8"], ["--seed", "2"], ["--compare"],
        ["--sequence-length", "100000"],
      ] {
        #expect(try recur(arguments: ["gradients"] + files + wrong).status == 2, "\(wrong)")
      }
      #expect(try recur(arguments: ["gradients"] + files.prefix(2)).status == 2)
    }
  }

  @Test func gradientsOfAForecasterAreMeasured() throws {
    try withFolder { folder in
      let series = try smallSeries(in: folder).path
      let trained = try recur(
        "train", "series", series, "--output", folder.path, "--horizon", "4", "--period", "4",
        "--window", "6", "--hidden-size", "3", "--members", "2", "--epochs", "2")
      #expect(trained.status == 0, "\(trained.errors)")
      let info = try recur("info", folder.path + "/model.safetensors")
      #expect(info.output.contains("options.calibrates yes\n"), "\(info.output)")
      #expect(info.output.contains("options.levels 0.1, 0.5, 0.9\n"), "\(info.output)")
      let files = ["--model", folder.path + "/model.safetensors", "--data", series]
      func gradients(_ more: String...) throws -> CommandResult {
        try recur(arguments: ["gradients"] + files + more)
      }
      let result = try gradients("--batch-size", "2")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("measuring the first of 2 networks"))
      #expect(result.output.contains("LSTM(inputSize: 1, hiddenSize: 3)"), "\(result.output)")
      // The table has one line per step of the window.
      let steps = result.output.split(separator: "\n").filter { $0.hasPrefix("    ") }
      #expect(
        steps.map { $0.prefix(5) }.suffix(6).map { Int($0.filter(\.isNumber)) } == [
          1, 2, 3, 4, 5, 6,
        ])
      #expect(try gradients("--batch-size", "3").output != result.output)
      let calls: [(more: [String], message: String)] = [
        (["--batch-size", "1000"], "--batch-size: count is 1000, expected 1 to "),
        (["--sequence-length", "6"], "--sequence-length cannot be combined with --data"),
        (["--text", series], "--model must be given together with either --text or --data"),
        (["--hidden-size", "3"], "--hidden-size cannot be combined with --model"),
      ]
      for (more, message) in calls {
        let result = try recur(arguments: ["gradients"] + files + more)
        #expect(result.status == 2)
        #expect(result.errors.contains(message), "\(result.errors)")
      }
      let text = try recur(arguments: ["gradients"] + files.prefix(2) + ["--text", series])
      #expect(text.errors.contains("is a forecaster, expected a model"), "\(text.errors)")
      #expect(try recur("gradients", "--data", series).status == 2)
    }
  }

  @Test func infoDescribesAModelAndARun() throws {
    try withRun { folder in
      let model = try recur("info", folder.path + "/model.safetensors")
      #expect(model.status == 0, "\(model.errors)")
      for words in [
        "Recur model, checksum verified", "LSTM(inputSize: 8, hiddenSize: 8, layers: 2)",
        "network.weight_hh_l1  F32  32 x 8  norm ", "vocabulary  \\n a",
      ] {
        #expect(model.output.contains(words), "\(words): \(model.output)")
      }
      let run = try recur("info", folder.path + "/checkpoint.safetensors")
      for words in [
        "Recur checkpoint", "options.learningRate 0.002", "position.epoch 3",
        "optimizer.mean.head.bias", "options.clipping norm 1\n", "options.schedule constant\n",
        "options.optimizer adam beta1 0.9, beta2 0.999, epsilon 1e-08, weightDecay 0\n",
        "last epochs", "epoch 3  loss ",
      ] {
        #expect(run.output.contains(words), "\(words): \(run.output)")
      }
    }
  }

  @Test func infoIsOneJSONObject() throws {
    try withRun { folder in
      func object(_ file: String) throws -> [String: Any] {
        let result = try recur("info", folder.path + "/" + file, "--json")
        #expect(result.status == 0, "\(result.errors)")
        let parsed = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require(parsed as? [String: Any])
      }
      let model = try object("model.safetensors")
      #expect(model["kind"] as? String == "model")
      #expect(model["verified"] as? Bool == true)
      let tensors = try #require(model["tensors"] as? [[String: Any]])
      let file = try SequenceModel<Float>(
        contentsOf: folder.appendingPathComponent("model.safetensors"))
      #expect(tensors.map { $0["name"] as? String } == file.parameters.slices.map(\.name))
      let squares = tensors.compactMap { $0["norm"] as? Double }.reduce(0) { $0 + $1 * $1 }
      let norm = Double(file.parameters.norm)
      #expect(abs(squares.squareRoot() - norm) < 1e-5 * norm)
      let run = try object("checkpoint.safetensors")
      let training = try #require(run["training"] as? [String: Any])
      #expect((training["history"] as? [Any])?.count == 3)
    }
  }

  @Test func infoDescribesANestedEnumeration() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("run.safetensors")
      let network = try LSTM<Float>(inputSize: 1, hiddenSize: 2, seed: 0)
      let model = try SequenceModel(
        network: network, head: Linear(inputSize: 2, outputSize: 2, seed: 0), reading: .lastStep)
      let options = TrainingOptions(
        loss: .quantiles([0.1, 0.9]), schedule: .warmUp(steps: 9, then: .cosine(steps: 7)))
      try Training(model, options: options).save(to: file)
      let output = try recur("info", file.path).output
      for words in [
        "options.schedule warmUp steps 9, then (cosine minimumFactor 0, steps 7)\n",
        "options.loss quantiles (0.1, 0.9)\n", "options.batching shuffled size 32\n",
        "options.clipping none\n",
      ] {
        #expect(output.contains("  " + words), "\(words): \(output)")
      }
    }
  }

  /// Of a file of another program, the names and strings are foreign text; a type is quoted in a message.
  @Test func namesAndTypesArePrintable() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("other.safetensors")
      func info(type: String) throws -> CommandResult {
        let long = String(repeating: "n", count: 10_000)
        let header =
          #"{"__metadata__":{"k\u001b[1m\u202e":"v\u009b\u200b"},"t\u001b[2J":{"dtype":"\#(type)","#
          + #""shape":[1],"data_offsets":[0,4]},"\#(long)":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}"#
        var data = Data()
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
        try (data + header.utf8 + [0, 0, 0, 0]).write(to: file)
        return try recur("info", file.path)
      }
      let result = try info(type: "F32")
      #expect(result.status == 0, "\(result.errors)")
      for line in [#"t\u{1B}[2J"#, #"k\u{1B}[1m\u{202E}  v\u{009B}\u{200B}"#] {
        #expect(result.output.contains("  " + line), "\(result.output)")
      }
      #expect(result.output.split(separator: "\n").allSatisfy { $0.isPrintable && $0.count < 300 })
      for type in [#"\u001b[31mF32"#, String(repeating: "F", count: 1_000_000)] {
        let wrong = try info(type: type)
        #expect(wrong.status == 2)
        #expect(wrong.errors.dropLast().allSatisfy { String($0).isPrintable }, "\(wrong.errors)")
        #expect(wrong.errors.count < 5100)
      }
    }
  }

  @Test func infoDescribesFilesOfOtherPrograms() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("other.safetensors")
      let header =
        "{\"__metadata__\":{\"format\":\"pt\\u001b\"},\"w\":{\"dtype\":\"F32\","
        + "\"shape\":[1,2],\"data_offsets\":[0,8]}}"
      var data = Data()
      withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
      data.append(contentsOf: header.utf8)
      for number in [Float(3), 4] { withUnsafeBytes(of: number) { data.append(contentsOf: $0) } }
      try data.write(to: file)
      let result = try recur("info", file.path)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("tensors not written by Recur"))
      #expect(result.output.contains("w  F32  1 x 2  norm 5\n"))
      #expect(result.output.contains("format  pt\\u{1B}"))

      let narrow = Data(
        (#"{"i":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"w":{"dtype":"BF16","#
          + #""shape":[2],"data_offsets":[8,12]}}"#).utf8)
      let bytes: [UInt8] = [7, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x40, 0x80, 0xC0]
      try (Data([UInt8(narrow.count), 0, 0, 0, 0, 0, 0, 0]) + narrow + bytes).write(to: file)
      let other = try recur("info", file.path)
      #expect(other.status == 0, "\(other.errors)")
      #expect(other.output.contains("i  I64   1  -\n"), "\(other.output)")
      #expect(other.output.contains("w  BF16  2  norm 5\n"), "\(other.output)")
      let json = try recur("info", file.path, "--json").output
      #expect(json.ranges(of: "\"norm\"").count == 1 && json.contains("\"norm\" : 5"), "\(json)")

      try data.dropLast().write(to: file)
      #expect(try recur("info", file.path).status == 2)
      #expect(try recur("info", folder.path + "/missing").errors.contains("No such file"))
    }
  }
}
