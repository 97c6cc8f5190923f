// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurAudio
import RecurTraining
import Testing

@Suite(.enabled(if: Recording.readsFiles, "This build has no libsndfile."))
struct TrainAmpTests {
  private let options = [
    "--hidden-size", "8", "--sequence-length", "100", "--batch-size", "8", "--warm-up", "100",
    "--learning-rate", "0.02",
  ]

  /// A decaying noise, and what an asymmetric tanh and a low-pass filter make of it.
  private func record(
    in folder: URL, samples: Int = 6000, wet name: String = "wet.wav", rate: Int = 8000,
    channels: Int = 1
  ) throws {
    var generator = SplitMix64(seed: 4)
    var (dry, wet, smooth) = ([Float](), [Float](), 0.0)
    for n in 0..<samples {
      let x = (2 * generator.nextUnit() - 1) * exp(-Double(n % 500) / 200)
      smooth += 0.4 * (tanh(3 * x + 0.2) - 0.2 - smooth)
      dry.append(Float(x))
      wet.append(Float(0.6 * smooth))
    }
    func save(_ samples: [Float], _ name: String, _ rate: Int) throws {
      let matrix = try Matrix(
        rows: samples.count / channels, columns: channels, elements: samples)
      try Recording(samples: matrix, sampleRate: rate)
        .save(to: folder.appendingPathComponent(name), as: .pcm24)
    }
    try save(dry, "dry.wav", 8000)
    try save(wet, name, rate)
  }

  private func train(
    in folder: URL, to output: String, wet: String = "wet.wav", _ more: [String],
    meanwhile: (Process) throws -> Void = { _ in }
  ) throws -> CommandResult {
    try recur(
      arguments: [
        "train", "amp", folder.path + "/dry.wav", folder.path + "/" + wet, "--output",
        folder.path + "/" + output,
      ] + more, meanwhile: meanwhile)
  }

  @Test func anAmplifierIsLearnedAndReported() throws {
    try withFolder { folder in
      try record(in: folder)
      let result = try train(in: folder, to: "out", options + ["--epochs", "40"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("0.8 s at 8000 Hz, training samples: 4800"))
      let found = try #require(
        result.output.firstMatch(of: /error-to-signal ratio: ([\d.]+)\n/), "\(result.output)")
      #expect(try #require(Double(found.output.1)) < 0.05)
      #expect(result.output.contains(/validation loss [\d.]+  after epoch \d+ of 40/))

      // The model file is that of the best epoch: it has the reported ratio.
      let file = try SafeTensors(
        contentsOf: folder.appendingPathComponent("out/model.safetensors"))
      let model = try Model<Float>(file)
      #expect(model.parameters.slices.map(\.name).suffix(2) == ["head.weight", "head.bias"])
      #expect(try file.info["sampleRate"] == "8000.0")
      #expect(model.outputs.map(\.name) == ["sum"])

      // Other programs get the same model, and it computes recordings.
      let imported = try ImportedModel<Float>(
        contentsOf: folder.appendingPathComponent("out/model.json"))
      #expect(imported.format == .aidaX && imported.sampleRate == 8000)
      #expect(imported.model.outputs.map(\.name) == model.outputs.map(\.name))
      for name in ["model.safetensors", "model.json"] {
        let run = try recur(
          arguments: [
            "run", "\(folder.path)/out/\(name)", "--input", folder.path + "/dry.wav", "--output",
            folder.path + "/played.wav", "--compare", folder.path + "/wet.wav", "--tolerance",
            "0.5",
          ])
        #expect(run.status == 0, "\(run.errors) \(run.output)")
        let played = try Recording(contentsOf: folder.appendingPathComponent("played.wav"))
        let dry = try Recording(contentsOf: folder.appendingPathComponent("dry.wav"))
        #expect(played.sampleRate == 8000 && played.frames == 6000)
        let input = try SequenceBatch(steps: 6000, batchSize: 1, matrix: dry.samples)
        let expected = try model(input).output.elements
        let difference = zip(played.samples.elements, expected).map { abs($0 - $1) }.max()!
        #expect(difference < 1e-5, "\(name)")
      }
      let json = try train(in: folder, to: "json", options + ["--epochs", "1", "--json"])
      #expect(json.output.contains("\"error-to-signal ratio\""), "\(json.output)")
    }
  }

  @Test func aResumedRunIsBitIdentical() throws {
    try withFolder { folder in
      try record(in: folder)
      let long = options + ["--epochs", "30"]
      #expect(try train(in: folder, to: "whole", long).status == 0)
      let checkpoint = folder.path + "/cut/checkpoint.safetensors"
      let cut = try train(in: folder, to: "cut", long + ["--checkpoint-every", "1"]) { process in
        while process.isRunning && !FileManager.default.fileExists(atPath: checkpoint) {
          usleep(5000)
        }
        kill(process.processIdentifier, SIGINT)
      }
      #expect(cut.status == 130, "\(cut.errors)")
      let line = try #require(cut.errors.split(separator: "\n").last { $0.hasPrefix("  recur ") })
      let resumed = try recurInShell(String(line))
      #expect(resumed.status == 0, "\(resumed.errors)")
      for name in ["model.safetensors", "checkpoint.safetensors", "history.csv"] {
        let contents = try ["whole", "cut"].map {
          try Data(contentsOf: folder.appendingPathComponent("\($0)/\(name)"))
        }
        #expect(contents[0] == contents[1], "\(name)")
      }
      func refused(_ message: String, wet: String = "wet.wav", _ more: [String] = []) throws {
        let result = try train(in: folder, to: "none", wet: wet, ["--resume", checkpoint] + more)
        #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
      }
      try record(in: folder, samples: 6001)
      try refused("differ from the recordings of the checkpoint")
      try refused("--hidden-size cannot be changed", ["--hidden-size", "9"])
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/none"))
    }
  }

  @Test func recordingsThatDoNotFitAreRefused() throws {
    try withFolder { folder in
      func refused(_ message: String, wet: String = "wet.wav", _ more: [String] = []) throws {
        let result = try train(in: folder, to: "none", wet: wet, options + more)
        #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
      }
      try record(in: folder)
      try refused("none.wav: No such file", wet: "none.wav")
      try refused(
        "dry.wav: has 4800 samples for training, expected at least 12000 with --batch-size 60, "
          + "--sequence-length 100 and --warm-up 100", ["--batch-size", "60"])
      try refused("--warm-up is -1", ["--warm-up=-1"])
      try refused("--pre-emphasis is 2", ["--pre-emphasis", "2"])
      try record(in: folder, wet: "fast.wav", rate: 16_000)
      try refused("fast.wav: has 16000 Hz, expected 8000 Hz as ", wet: "fast.wav")
      try record(in: folder, samples: 5000)
      try record(in: folder, samples: 6000, wet: "long.wav")
      try record(in: folder, samples: 5000, wet: "other.wav")
      try refused("long.wav: has 6000 samples, expected 5000 as ", wet: "long.wav")
      try Data("{}".utf8).write(to: folder.appendingPathComponent("amp.json"))
      try refused("amp.json: is a JSON file, expected a WAV recording", wet: "amp.json")
      let silence = try Matrix<Float>(
        rows: 5000, columns: 1,
        elements: Array(repeating: 0, count: 4000) + Array(repeating: 0.5, count: 1000))
      try Recording(samples: silence, sampleRate: 8000).save(
        to: folder.appendingPathComponent("silent.wav"), as: .pcm24)
      try refused(
        "silent.wav: is silent in the first 4000 samples, which are for training", wet: "silent.wav"
      )
      try record(in: folder, channels: 2)
      try refused("dry.wav: has 2 channels, expected 1")
    }
  }
}
