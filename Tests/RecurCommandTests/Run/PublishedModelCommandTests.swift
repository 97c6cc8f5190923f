// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

/// Published models with expected outputs, which do not belong to the project: in the folder
/// `RECUR_MODELS`, or `../shared/models`. Without it, these tests are skipped.
private let folder = ProcessInfo.processInfo.environment["RECUR_MODELS"] ?? "../shared/models"

private let exists = FileManager.default.fileExists(atPath: folder)

@Suite(.enabled(if: exists, "There is no folder of published models."))
struct PublishedModelCommandTests {
  @Test(
    arguments: ["conditioned-ds1", "ht11", "ht12", "lstm-lpb1"],
    [[], ["--stream", "--block", "64"]])
  func guitars(name: String, stream: [String]) throws {
    let expected = "\(folder)/guitar/expected.safetensors"
    let result = try recur(
      arguments: [
        "run", "\(folder)/guitar/\(name).json", "--input", "\(expected):\(name).x", "--compare",
        "\(expected):\(name).y",
      ] + stream)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }

  @Test(arguments: ["conv", "dense", "gru", "lstm"]) func rtNeural(name: String) throws {
    let result = try recur(
      "run", "\(folder)/rtneural/\(name).json", "--input",
      "\(folder)/rtneural/\(name)_x_python.csv", "--compare",
      "\(folder)/rtneural/\(name)_y_python.csv")
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }

  @Test(arguments: [1, 2]) func noiseSuppression(part: Int) throws {
    let expected = "\(folder)/dtln/expected.safetensors"
    let result = try recur(
      "run", "\(folder)/dtln/model_\(part).onnx", "--input", "\(expected):x_\(part)", "--compare",
      "\(expected):y_\(part)", "--stream")
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }

  /// Frames of 512 samples, each after the last 64 samples of the one before.
  @Test func voiceActivity() throws {
    try withModels { files in
      let expected = "\(folder)/silero-vad/expected.safetensors"
      let samples = try #require(
        try SafeTensors(contentsOf: URL(filePath: expected))["samples"]
      ).floats
      let padded = Array(repeating: 0, count: 64) + samples
      let frames = stride(from: 0, to: samples.count, by: 512).map { padded[$0..<$0 + 576] }
      try SafeTensors.Tensor(
        "frames", shape: [frames.count, 576], elements: frames.flatMap { $0 }
      ).writeNPY(to: files.url("frames.npy"))
      // This one computes one step. The table is one sequence, not a step of many.
      let step = try recur(
        "run", "\(folder)/silero-vad/silero_vad_16k_op15.onnx", "--size", "sequence=576", "--input",
        files.path("frames.npy"), "--compare", "output=\(expected):probabilities")
      #expect(step.status == 0, "\(step.output)\(step.errors)")
      let open = try recur(
        "run", "\(folder)/silero-vad/silero_vad_16k_op15.onnx", "--input", files.path("frames.npy"))
      #expect(open.errors.hasSuffix("; give the size of sequence: --size sequence=N\n"))

      let model = "\(folder)/silero-vad/silero_vad_16k_sequence.onnx"
      let converted = files.path("voice.safetensors")
      #expect(try recur("convert", model, converted).status == 0)
      for (model, states) in [
        (model, ["hn=\(expected):hidden", "cn=\(expected):cell"]), (converted, []),
      ] {
        for stream in [[], ["--stream", "--block", "7"]] {
          let result = try recur(
            arguments: [
              "run", model, "--input", files.path("frames.npy"), "--compare",
              "speech_probs=\(expected):probabilities",
            ] + states.flatMap { ["--compare", $0] } + stream)
          #expect(result.status == 0, "\(result.output)\(result.errors)")
          #expect(result.output.split(separator: "\n").count == 1 + states.count)
        }
      }
    }
  }
}
