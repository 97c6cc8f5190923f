// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurAudio
import RecurTraining
import Testing

/// The sampling rates of recordings and models.
@Suite(.enabled(if: Recording.readsFiles, "This build has no libsndfile."))
struct SampleRateTests {
  private func record(_ name: String, _ rate: Int, in files: SmallModels) throws -> String {
    let samples = try Matrix<Float>(rows: 4, columns: 1, elements: [0.5, 0.25, -0.5, 0])
    try Recording(samples: samples, sampleRate: rate).save(to: files.url(name), as: .float32)
    return files.path(name)
  }

  @Test func otherRatesAreRefused() throws {
    try withModels { files in
      let nam = try files.nam()
      let (own, other) = (
        try record("8.wav", 8000, in: files), try record("44.wav", 44_100, in: files)
      )
      let output = files.path("y.wav")
      #expect(try recur("run", nam, "--input", own, "--output", output).status == 0)
      #expect(try Recording(contentsOf: files.url("y.wav")).sampleRate == 8000)
      for (arguments, message) in [
        (["--input", other], "\(other): has 44100 Hz, expected 8000 Hz as \(nam)"),
        (
          ["--input", own, "--compare", other], "\(other): has 44100 Hz, expected 8000 Hz as \(nam)"
        ),
      ] {
        let result = try recur(arguments: ["run", nam] + arguments)
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors == "recur: \(message)\n")
      }

      // Two recordings for a model without a rate.
      let (a, b) = (
        ModelValue.features(size: 1).named("a"), ModelValue.features(size: 1).named("b")
      )
      try Model<Float>(outputs: (a + b).named("y"), seed: 1).save(to: files.url("sum.safetensors"))
      let result = try recur(
        "run", files.path("sum.safetensors"), "--input", "a=" + own, "--input", "b=" + other)
      #expect(
        result.errors == "recur: \(other): has 44100 Hz, expected 8000 Hz as \(own)\n")
    }
  }

  /// A model of another program keeps its rate when it is trained further.
  @Test func trainingKeepsTheRate() throws {
    try withModels { files in
      let tensors = try ["x", "sum"].map {
        try SafeTensors.Tensor(
          $0, shape: [3, 2, 1], elements: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6] as [Float])
      }
      try SafeTensors(tensors: tensors).write(to: files.url("data.safetensors"))
      let x = ModelValue.features(size: 1).named("x")
      let y = (x.lstm(hiddenSize: 2).dense(size: 1).named("head") + x).named("sum")
      try Model<Float>(outputs: y, seed: 1).writeRTNeural(
        to: files.url("amp.json"), sampleRate: 48_000)
      let result = try recur(
        "train", "model", files.path("amp.json"), files.path("data.safetensors"), "--epochs", "1",
        "--validation-fraction", "0", "--output", files.path("out"))
      #expect(result.status == 0, "\(result.errors)")
      let file = try SafeTensors(contentsOf: files.url("out/model.safetensors"))
      #expect(try file.info["sampleRate"] == "48000.0")
    }
  }
}
