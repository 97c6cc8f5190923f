// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

@testable import RecurCommand
@testable import RecurTraining

/// More refusals of the commands that read models, and messages about the results.
@Suite struct RunRefusalTests {
  private func expect(_ arguments: [String], status: Int32 = 2, _ message: String) throws {
    let result = try recur(arguments: arguments)
    #expect(result.status == status, "\(arguments): \(result.errors)")
    #expect(result.errors.hasSuffix("recur: \(message)\n"), "\(result.errors)")
  }

  @Test func outputsThatDifferAreNamed() throws {
    try withModels { files in
      let results = try files.speech()(files.speechInputs(steps: 2, sequences: 1))
      let (model, input) = (files.path("speech.safetensors"), files.path("speech-in.safetensors"))
      try SafeTensors(
        tensors: ["states", "mood"].map {
          let batch = try #require(results[$0])
          return try .init(
            $0, shape: [batch.steps, 1, batch.features], elements: batch.elements.map { $0 + 0.5 })
        }
      ).write(to: files.url("y.safetensors"))
      let arguments = ["run", model, "--input", input, "--compare", files.path("y.safetensors")]
      try expect(arguments, status: 1, "\(model): states, mood differ by more than 1e-05")
      try expect(
        arguments + ["--tolerance", "0.25"], status: 1,
        "\(model): states, mood differ by more than 0.25")
      #expect(try recur(arguments: arguments + ["--tolerance", "0.75"]).status == 0)
      try expect(
        ["run", model, "--input", input, "--compare", input],
        "--compare \(input): has none of the outputs states, mood")
    }
  }

  @Test func theTimeIsReported() throws {
    try withModels { files in
      _ = try files.amplifier(of: Float.self)
      let result = try recur(
        "run", files.path("amp.safetensors"), "--input", files.csvInput(steps: 4).path)
      let time = #/Recur model, 4 steps in [\d.e+]+ (s|ms|µs), [\d.e+]+ (s|ms|µs) a step\n$/#
      #expect(result.errors.firstMatch(of: time) != nil, "\(result.errors)")
      let one = try recur(
        "run", files.path("amp.safetensors"), "--input", files.csvInput(steps: 1).path)
      #expect(one.errors.contains(": Recur model, 1 step in "), "\(one.errors)")
    }
  }

  @Test func modelsToTrainAreOfSinglePrecision() throws {
    try withModels { files in
      _ = try files.amplifier(of: Double.self)
      let amp = files.path("amp.safetensors")
      try expect(
        ["train", "model", amp, "d.safetensors", "--output", files.path("out")],
        "\(amp): is in double precision, expected single precision")
      let nam = try files.nam()
      try expect(
        ["train", "model", nam, "d.safetensors", "--output", files.path("out")],
        "\(nam): has an initial state, which training would not use")
    }
  }

  @Test func doublePrecisionIsKept() throws {
    try withModels { files in
      let model = try files.amplifier(of: Double.self)
      let (amp, weights) = (files.path("amp.safetensors"), files.path("w.safetensors"))
      let written = try recur("convert", amp, weights, "--format", "pytorch")
      #expect(written.status == 0 && written.output == "y: no difference\n", "\(written.errors)")
      #expect(written.errors == "wrote \(weights)\ncompared on 2 random sequences of 64 steps\n")
      let types = try SafeTensors(contentsOf: files.url("w.safetensors")).tensors.map(\.type)
      #expect(Set(types) == [.double])
      let graph = try files.write(model.graph.json, to: "graph.json")
      let read = try recur("convert", weights, files.path("again.safetensors"), "--graph", graph)
      #expect(read.status == 0 && read.output == "y: no difference\n", "\(read.errors)")
      #expect(
        try Data(contentsOf: files.url("again.safetensors"))
          == Data(contentsOf: files.url("amp.safetensors")))
      let json = files.path("copy.safetensors")
      #expect(try recur("convert", amp, json, "--format", "recur").status == 0)
      try expect(
        ["convert", amp, files.path("a.json"), "--format", "recur"],
        "\(files.path("a.json")): --format recur expects a file .safetensors")
    }
  }

  @Test func stepsOfAComparisonAreWholeBlocks() throws {
    func steps(_ strides: [Int]) throws -> Int {
      var value = ModelValue.features(size: 1)
      for stride in strides {
        var convolution = Convolution.causal(outputSize: 1, kernelSize: 1)
        convolution.stride = stride
        value = value.convolution(convolution)
      }
      return ConversionCheck.steps(of: try Model<Float>(outputs: value.named("y"), seed: 1))
    }
    #expect(try steps([]) == 64 && steps([1]) == 64 && steps([2]) == 64)
    #expect(try steps([3]) == 66 && steps([5, 13]) == 65 && steps([100]) == 100)
    #expect(try steps([100, 100]) == 10_000 && steps([100, 101]) == 64)
  }

  @Test func largeInputsAreNotCompared() throws {
    let x = { (size: Int) in ModelValue.features(size: size).named("x") }
    func refusal(_ size: Int) throws -> String? {
      let model = try Model<Float>(outputs: x(size).slice(channels: 0..<1).named("y"), seed: 1)
      do { try ConversionCheck.requireSizes(of: LoadedModel("m", model)) } catch {
        return "\(error)"
      }
      return nil
    }
    #expect(try refusal(781_250) == nil)
    #expect(
      try refusal(781_251) == "m: has the input x of 781251 channels, expected at most 781250")
  }

  @Test func textModelsHaveTheirVocabulary() throws {
    try withFolder { folder in
      let text = folder.appendingPathComponent("t")
      try Data(String(repeating: "bca", count: 60).utf8).write(to: text)
      let trained = try recur(
        "train", "text", text.path, "--output", folder.path, "--hidden-size", "3", "--layers", "1",
        "--sequence-length", "5", "--batch-size", "2", "--epochs", "1")
      #expect(trained.status == 0, "\(trained.errors)")
      let model = folder.appendingPathComponent("model.safetensors")
      // Without a newline, the text follows the first character.
      let generated = try recur("generate", model.path, "--length", "7", "--temperature", "0")
      #expect(generated.output.count == 8, "\(generated.output)")
      let named = try recur(
        "generate", model.path, "--length", "7", "--temperature", "0", "--prompt", "a")
      #expect(named.output == "a" + generated.output)
      #expect(try recur("generate", model.path).output.count == 401)
      let small = try craft(model, "recur.info", #""abc""#, #""ab""#)
      try expect(
        ["generate", small],
        "\(small): has a vocabulary of 2 characters, expected 3, the output size of the model")
      let none = try craft(model, "recur.info", #""vocabulary""#, #""vocabularx""#)
      try expect(
        ["generate", none],
        "\(none): has no vocabulary, expected a model written by recur train text")
      try expect(
        [
          "gradients", "--model", model.path, "--text", text.path, "--sequence-length", "60",
          "--batch-size", "3",
        ],
        "\(text.path): has 180 characters, expected at least 181 for --batch-size 3 and "
          + "--sequence-length 60")
    }
  }

  @Test func forecastersKnowTheirSeries() throws {
    try withFolder { folder in
      let series = try smallSeries(in: folder, complete: true).path
      let trained = try recur(
        "train", "series", series, "--output", folder.path, "--horizon", "4", "--period", "4",
        "--window", "6", "--hidden-size", "3", "--members", "1", "--epochs", "1")
      #expect(trained.status == 0, "\(trained.errors)")
      #expect(
        trained.errors.hasPrefix(
          "\(series): \"value\" (column 2), dates in \"date\": 60 values, 2000 to 2059, 12 months apart, "
            + "no usual season, none missing; values per season: 4\n"), "\(trained.errors)")
      let model = folder.appendingPathComponent("model.safetensors")
      let crafted = try craft(model, "recur.info", #""interval""#, #""intervax""#)
      try expect(
        ["forecast", series, "--model", crafted, "--output", folder.path],
        "\(crafted): has no information about its training series, expected a file written by recur "
          + "train series")
      let date = try craft(model, "recur.info", #""2059""#, #""x""#)
      try expect(
        ["forecast", series, "--model", date, "--output", folder.path],
        "\(date): date is \"x\", expected a date such as 2001, 2001-Q3, 2001-07, 2001-07-05 or "
          + "2001-07-05T18:30")
      let once = try recur("forecast", series, "--model", model.path, "--output", folder.path)
      let note =
        "  no backtest: it requires at least 22 values up to 2059, the end of the training data, and "
        + "at least 4 after that date\n"
      #expect(once.errors.contains(note), "\(once.errors)")
      #expect(once.output == "forecast: 4 values, 2060 to 2063\n")
    }
  }

  @Test func foldersForOutputsAreWritable() throws {
    try withFolder { folder in
      let text = try smallText(in: folder).path
      try expect(
        ["train", "text", text, "--output", text + "/x", "--batch-size", "4"],
        "\(text)/x: is not writable, expected a folder for the output files")
    }
  }

  @Test func archivesAreRead() throws {
    let golden = GoldenCase.folder.deletingLastPathComponent()
    let tensors = try TensorFormat.npz.read(
      golden.appending(path: "numpy/stored.npz").path(percentEncoded: false))
    let vector = try #require(tensors.first { $0.name == "vector" })
    #expect(vector.shape == [3] && vector.elements == [0, 1, 2] && !vector.isSteps)
    #expect(vector.place.hasSuffix("numpy/stored.npz: tensor vector"))
  }
}
