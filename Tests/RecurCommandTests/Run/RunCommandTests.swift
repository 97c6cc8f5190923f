// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

@testable import RecurCommand

@Suite struct RunCommandTests {
  @Test func outputsAreThoseOfTheModel() throws {
    try withModels { files in
      let model = try files.amplifier(of: Float.self)
      let (csv, x) = try files.csvInput(steps: 6)
      let y = try model(x).output
      let result = try recur("run", files.path("amp.safetensors"), "--input", csv)
      #expect(result.status == 0, "\(result.errors)")
      let lines = (0..<6).map { "\(y[$0, 0, 0]),\(y[$0, 0, 1])\n" }
      #expect(result.output == "y.0,y.1\n" + lines.joined())
      #expect(result.errors.contains("amp.safetensors: Recur model, 6 steps in "))
    }
  }

  @Test func eachFormatHasTheSameNumbers() throws {
    try withModels { files in
      let model = try files.amplifier(of: Float.self)
      let (csv, x) = try files.csvInput(steps: 6)
      try SafeTensors.Tensor("x", shape: [6, 2], elements: x.elements).writeNPY(
        to: files.url("x.npy"))
      try SafeTensors(tensors: [.init("any", shape: [6, 2], elements: x.elements)])
        .write(to: files.url("x.safetensors"))
      let y = try model(x).output.elements
      for input in [csv, files.path("x.npy"), files.path("x.safetensors")] {
        let result = try recur(
          "run", files.path("amp.safetensors"), "--input", input, "--output", files.path("y.npy"),
          "--output", files.path("y.safetensors"), "--output", files.path("y.csv"))
        #expect(result.status == 0, "\(result.errors)")
        let npy = try SafeTensors.Tensor(contentsOfNPY: files.url("y.npy"))
        let all = try SafeTensors(contentsOf: files.url("y.safetensors"))
        #expect(npy.shape == [6, 2] && all.tensors.map(\.name) == ["y"])
        #expect(try npy.floats == y)
        #expect(try all["y"]?.floats == y)
        let compared = try recur(
          "run", files.path("amp.safetensors"), "--input", input, "--compare", files.path("y.csv"),
          "--tolerance", "0")
        #expect(compared.output == "y: no difference\n" && compared.status == 0)
      }
      let replaced = try recur(
        "run", files.path("amp.safetensors"), "--input", csv, "--output", files.path("y.csv"))
      #expect(replaced.errors.contains("replaced \(files.path("y.csv"))\n"))
    }
  }

  @Test func modelsOfDoublePrecisionComputeInDoublePrecision() throws {
    try withModels { files in
      let model = try files.amplifier(of: Double.self)
      let (csv, x) = try files.csvInput(steps: 6)
      let result = try recur(
        "run", files.path("amp.safetensors"), "--input", csv, "--output",
        files.path("y.safetensors"))
      #expect(result.status == 0, "\(result.errors)")
      let y = try SafeTensors(contentsOf: files.url("y.safetensors"))["y"]
      // Text of single precision is not exact in double precision.
      let exact = try SequenceBatch<Double>(
        steps: 6, batchSize: 1, features: 2, elements: x.elements.map { Double("\($0)")! })
      #expect(try y?.elements() == model(exact).output.elements)
    }
  }

  @Test func severalInputsAndOutputsHaveNames() throws {
    try withModels { files in
      let model = try files.speech()
      let results = try model(files.speechInputs(steps: 6, sequences: 2))
      let result = try recur(
        "run", files.path("speech.safetensors"), "--input", files.path("speech-in.safetensors"),
        "--output", files.path("all.safetensors"), "--output", "mood=" + files.path("mood.npy"))
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.isEmpty)
      let all = try SafeTensors(contentsOf: files.url("all.safetensors"))
      #expect(all.tensors.map(\.shape) == [[3, 2, 4], [1, 2, 3]])
      #expect(try all["states"]?.floats == results["states"]?.elements)
      let mood = try SafeTensors.Tensor(contentsOfNPY: files.url("mood.npy"))
      #expect(try mood.floats == results["mood"]?.elements)
    }
  }

  /// One file can have the inputs and the outputs.
  @Test func streamsAreBitIdentical() throws {
    try withModels { files in
      _ = try files.speech()
      _ = try files.speechInputs(steps: 14, sequences: 2)
      let (model, input) = (
        files.path("speech.safetensors"), files.path("speech-in.safetensors")
      )
      #expect(
        try recur("run", model, "--input", input, "--output", files.path("y.safetensors")).status
          == 0)
      let both = try SafeTensors(
        tensors: SafeTensors(contentsOf: files.url("speech-in.safetensors")).tensors
          + SafeTensors(contentsOf: files.url("y.safetensors")).tensors)
      try both.write(to: files.url("case.safetensors"))
      let example = files.path("case.safetensors")
      for block in [[], ["--block", "4"], ["--block", "14"], ["--block", "100"]] {
        let result = try recur(
          arguments: [
            "run", model, "--input", example, "--compare", example, "--tolerance", "0", "--stream",
          ] + block)
        #expect(
          result.output == "states: no difference\nmood: no difference\n",
          "\(block): \(result.output)\(result.errors)")
      }
      let odd = try recur("run", model, "--input", example, "--stream", "--block", "3")
      #expect(odd.errors.contains("expected --output or --compare"))
      let refused = try recur(
        "run", model, "--input", example, "--stream", "--block", "3", "--compare", example)
      #expect(refused.status == 2)
      #expect(refused.errors == "recur: \(model): steps is 3, expected a multiple of 2\n")
    }
  }

  @Test func modelsOfWholeSequencesAreNotStreamed() throws {
    try withModels { files in
      let x = ModelValue.features(size: 2)
      let model = try Model<Float>(outputs: x.gru(hiddenSize: 2).mean().named("average"), seed: 1)
      try model.save(to: files.url("mean.safetensors"))
      let result = try recur(
        "run", files.path("mean.safetensors"), "--input", files.csvInput(steps: 3).path, "--stream")
      #expect(result.status == 2)
      #expect(
        result.errors.hasSuffix(
          "mean.safetensors: stream needs whole sequences, because node 2 (\"average\") is a mean over "
            + "steps\n"), "\(result.errors)")
    }
  }

  @Test func theLargestDifferenceAndItsPlaceAreShown() throws {
    try withModels { files in
      let model = try files.amplifier(of: Float.self)
      let (csv, x) = try files.csvInput(steps: 6)
      var y = try model(x).output.elements
      y[7] += 0.25
      y[2] -= 0.125
      try SafeTensors(tensors: [.init("y", shape: [6, 1, 2], elements: y)])
        .write(to: files.url("y.safetensors"))
      func compare(_ more: String...) throws -> CommandResult {
        try recur(
          arguments: [
            "run", files.path("amp.safetensors"), "--input", csv, "--compare",
            files.path("y.safetensors"),
          ] + more)
      }
      let result = try compare("--output", files.path("out.csv"))
      #expect(result.status == 1)
      #expect(
        result.output.hasPrefix("y: largest difference 0.25 at step 3, channel 1: "),
        "\(result.output)")
      #expect(
        result.errors.hasSuffix("amp.safetensors: y differs by more than 1e-05\n"),
        "\(result.errors)")
      #expect(FileManager.default.fileExists(atPath: files.path("out.csv")))
      #expect(try compare("--tolerance", "0.26").status == 0)
    }
  }

  @Test func theSamplingRateOfAModelIsKnown() throws {
    try withModels { files in
      let model = try files.amplifier(of: Float.self)
      try model.save(to: files.url("trained.safetensors"), info: ["sampleRate": "44100"])
      let result = try recur(
        "run", files.path("trained.safetensors"), "--input", files.csvInput(steps: 3).path)
      #expect(result.errors.contains(", real-time factor "), "\(result.errors)")
      #expect(result.errors.hasSuffix(" at 44100 Hz\n"), "\(result.errors)")
      try model.save(to: files.url("trained.safetensors"), info: ["sampleRate": "high"])
      let refused = try recur("info", files.path("trained.safetensors"))
      #expect(refused.status == 2)
      #expect(
        refused.errors.hasSuffix(
          "has the sampleRate \"high\", expected a positive finite number\n"),
        "\(refused.errors)")
    }
  }

  /// Exporters to ONNX name values by numbers.
  @Test func headersOfNumbersAreNotSteps() throws {
    try withModels { files in
      for (columns, header) in [(1, "output 42"), (2, "output 42.0,output 42.1")] {
        let tensor = ResultTensor<Float>(
          name: "42", shape: [3, columns], elements: Array(repeating: 0.5, count: 3 * columns),
          axes: ["step", "channel"])
        let text = try tensor.textAsCSV(for: "y.csv")
        #expect(text.hasPrefix(header + "\n"), "\(text)")
        let read = try FileTensor(csv: files.write(text, to: "y.csv"))
        #expect(read.shape == [3, columns] && read.elements == tensor.elements.map { Double($0) })
      }
    }
  }

  /// Large values have relative differences, and values that are not numbers differ.
  @Test(arguments: [
    (1000 as Float, 1001 as Double, 1.0 / 1001), (0.5, 0.75, 0.25), (.nan, 1, .infinity),
    (.infinity, .infinity, 0),
  ])
  func differencesAreRelativeToLargeValues(found: Float, expected: Double, difference: Double)
    throws
  {
    let tensor = ResultTensor(name: "y", shape: [1], elements: [found], axes: ["step"])
    #expect(TensorComparison(tensor, [expected]).largest == difference)
  }

  /// Numbers that differ are printed with digits that tell them apart.
  @Test func differentNumbersArePrintedDifferently() {
    let found: Float = -0.142592
    let tensor = ResultTensor(name: "y", shape: [1], elements: [found], axes: ["step"])
    func text(_ expected: Double) -> String {
      String(TensorComparison(tensor, [expected]).description.split(separator: ": ").last!)
    }
    #expect(text(Double(found) + 1e-7) == "-0.142592 instead of -0.1425919")
    #expect(text(1) == "-0.142592 instead of 1")
  }

  @Test func theInitialStateOfAFileIsThatOfEachSequence() throws {
    try withModels { files in
      let nam = try files.nam()
      let imported = try ImportedModel<Float>(contentsOf: URL(fileURLWithPath: nam))
      let x = try SequenceBatch<Float>(
        steps: 3, batchSize: 1, features: 1, elements: [0.5, -0.25, 0.125])
      let y = try imported.model(x, initialState: imported.initialState).output.elements
      #expect(try imported.model(x).output.elements != y)
      try SafeTensors(tensors: [
        .init("x", shape: [3, 2, 1], elements: x.elements.flatMap { [$0, $0] })
      ]).write(to: files.url("x.safetensors"))
      for stream in [[], ["--stream"]] {
        let result = try recur(
          arguments: [
            "run", nam, "--input", files.path("x.safetensors"), "--output", files.path("y.npy"),
          ] + stream)
        #expect(result.errors.contains("NAM model, 3 steps of 2 sequences in "), "\(result.errors)")
        #expect(result.errors.contains(", real-time factor "))
        #expect(result.errors.contains(" at 8000 Hz\n"))
        let both = try SafeTensors.Tensor(contentsOfNPY: files.url("y.npy"))
        #expect(try both.floats == y.flatMap { [$0, $0] })
      }
    }
  }
}
