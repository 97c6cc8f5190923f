// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

/// The models of `Tests/golden/onnx`, with their inputs and the outputs of ONNX Runtime.
struct GoldenCase: Decodable {
  struct Tensor: Decodable {
    let shape: [Int]
    let values: [Float]
  }

  let inputs: [String: Tensor]
  let outputs: [String: Tensor]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "golden/onnx")

  static let all: [String: GoldenCase] = {
    struct File: Decodable { let models: [String: GoldenCase] }
    let data = try! Data(contentsOf: folder.appending(path: "models.json"))
    return try! JSONDecoder().decode(File.self, from: data).models
  }()

  static func path(_ name: String) -> String { folder.appending(path: "\(name).onnx").path }

  /// Writes a file with the inputs and the expected outputs.
  func write(to url: URL) throws {
    try SafeTensors(
      tensors: inputs.merging(outputs) { $1 }.map { name, tensor in
        try .init(name, shape: tensor.shape, elements: tensor.values)
      }
    ).write(to: url)
  }
}

/// ONNX models in the shapes of ONNX, with their states.
@Suite struct RunONNXTests {
  @Test(arguments: GoldenCase.all.keys.sorted()) func outputsAreThoseOfONNXRuntime(name: String)
    throws
  {
    try withModels { files in
      try GoldenCase.all[name]!.write(to: files.url("case.safetensors"))
      let example = files.path("case.safetensors")
      let result = try recur(
        "run", GoldenCase.path(name), "--input", example, "--compare", example)
      #expect(result.status == 0, "\(result.output)\(result.errors)")
      let lines = result.output.split(separator: "\n")
      #expect(lines.count == GoldenCase.all[name]!.outputs.count)
    }
  }

  /// A Recur model that was made from an ONNX model, and an ONNX model that was made from that one.
  @Test(arguments: ["lstm_states_legacy", "gru_dynamo", "stacked", "tagger_legacy", "frames"])
  func conversionsKeepResultsAndNames(name: String) throws {
    try withModels { files in
      let (recurModel, onnxModel) = (files.path("model.safetensors"), files.path("model.onnx"))
      for (from, to) in [(GoldenCase.path(name), recurModel), (recurModel, onnxModel)] {
        let result = try recur("convert", from, to)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(!result.errors.contains("0 is now y"), "\(result.errors)")
        #expect(result.errors.contains("compared on 2 random sequences of 64 steps\n"))
      }
      func ports(_ path: String) throws -> [[String]] {
        let info = try recur("info", path, "--json")
        let object =
          try JSONSerialization.jsonObject(with: Data(info.output.utf8)) as? [String: Any]
        return try ["inputs", "outputs"].map { key in
          let list = try #require(object?[key] as? [[String: Any]])
          return list.compactMap { $0["name"] as? String }.sorted()
        }
      }
      let names = try ports(GoldenCase.path(name))
      #expect(!names[0].isEmpty && !names[1].isEmpty)
      #expect(try ports(recurModel) == names)
      #expect(try ports(onnxModel) == names)
    }
  }

  /// The written file is used with other axes, and without states or with other ones.
  @Test func conversionsTellWhatChanges() throws {
    let none = [String]()
    let left = { (name: String, parts: String, when: String) in
      "\(name) is left out: it is \(parts) of the state \(when)"
    }
    let (before, after) = ("before the first step, which is zero", "after the last step")
    for (name, to, lines) in [
      (
        "gru_states_legacy", "model.safetensors",
        [
          "x0 is now steps x sequences x 3 (was sequences x steps x 3)",
          "y0 is now steps x sequences x 4 (was sequences x steps x 4)",
          left("x1", "y0.h", before), left("y1", "y0.h", after),
        ]
      ),
      (
        "lstm_states_legacy", "model.onnx",
        [
          "x1 is now lstm.h, 1 x sequences x 4 and y0.h, 1 x sequences x 4 (was 2 x sequences x 4)",
          "x2 is now lstm.c, 1 x sequences x 4 and y0.c, 1 x sequences x 4 (was 2 x sequences x 4)",
          "y1 is now lstm.h.final, 1 x sequences x 4 and y0.h.final, 1 x sequences x 4 (was 2 x "
            + "sequences x 4)",
          "y2 is now lstm.c.final, 1 x sequences x 4 and y0.c.final, 1 x sequences x 4 (was 2 x "
            + "sequences x 4)",
        ]
      ),
      (
        "gru_directions_states_dynamo", "model.onnx",
        [
          "y1 is now 1 x sequences x 8 (was 2 x sequences x 4)",
          left("x1", "gru.h", before)
            + "; the model needs whole sequences, so that it has no final state",
        ]
      ),
      (
        "gru_dynamo", "model.onnx",
        [
          "x0 is now steps x sequences x 3 (was sequences x steps x 3)",
          "y0 is now 1 x sequences x 2 (was sequences x 2)",
        ]
      ),
      ("rnn_legacy", "model.safetensors", none),
    ] {
      try withModels { files in
        let path = files.path(to)
        let result = try recur("convert", GoldenCase.path(name), path)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let expected =
          ["wrote \(path)"] + lines.map { "\(path): \($0)" }
          + ["compared on 2 random sequences of 64 steps"]
        #expect(result.errors.split(separator: "\n").map(String.init) == expected, "\(name)")
      }
    }
  }

  @Test func weightsMayBeInAnotherFile() throws {
    try withModels { files in
      // The tensors of a model of PyTorch, moved to a file next to it.
      let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: GoldenCase.path("external"))))
      try Data(bytes).write(to: files.url("model.onnx"))
      let missing = try recur("info", files.path("model.onnx"))
      #expect(
        missing.errors
          == "recur: \(files.path("model.onnx")): external.onnx.data: No such file or directory\n")
      try FileManager.default.copyItem(
        atPath: GoldenCase.path("external") + ".data", toPath: files.path("external.onnx.data"))
      try GoldenCase.all["external"]!.write(to: files.url("case.safetensors"))
      let example = files.path("case.safetensors")
      let result = try recur(
        "run", files.path("model.onnx"), "--input", example, "--compare", example)
      #expect(result.status == 0, "\(result.output)\(result.errors)")
      #expect(
        try recur("convert", files.path("model.onnx"), files.path("model.safetensors")).status == 0)
    }
  }

  @Test func tensorsOfStepsAreOneSequence() throws {
    try withModels { files in
      // The ONNX model's shape is [steps, sequences, channels].
      let name = "lstm_states_legacy"
      let input = try #require(GoldenCase.all[name]?.inputs["x0"])
      let (T, B, C) = (input.shape[0], input.shape[1], input.shape[2])
      let first = (0..<T).map { Array(input.values[$0 * B * C..<$0 * B * C + C]) }
      let csv = try files.write(
        first.map { $0.map { "\($0)" }.joined(separator: ",") + "\n" }.joined(), to: "x.csv")
      let output = files.path("y.npy")
      let result = try recur(
        "run", GoldenCase.path(name), "--input", csv, "--output", "y0=" + output)
      #expect(result.status == 0, "\(result.errors)")
      let y = try SafeTensors.Tensor(contentsOfNPY: URL(fileURLWithPath: output))
      #expect(y.shape.count == 2 && y.shape[0] == T)
    }
  }

  /// Its tensor is [sequences, channels]. An array with two axes has this shape, but a CSV file has steps.
  @Test func aTableIsOneSequenceAlthoughItsShapeFits() throws {
    try withModels { files in
      let name = "activations_legacy"
      let input = try #require(GoldenCase.all[name]?.inputs["x0"])
      try SafeTensors.Tensor("x", shape: input.shape, elements: input.values)
        .writeNPY(to: files.url("x.npy"))
      let (B, C) = (input.shape[0], input.shape[1])
      let rows = (0..<B).map { input.values[$0 * C..<$0 * C + C].map { "\($0)" } }
      _ = try files.write(
        rows.map { $0.joined(separator: ",") + "\n" }.joined(), to: "x.csv")
      for (file, words) in [("x.npy", "1 step of \(B) sequences in "), ("x.csv", "\(B) steps in ")]
      {
        let result = try recur("run", GoldenCase.path(name), "--input", files.path(file))
        #expect(result.errors.contains("ONNX model, " + words), "\(result.errors)")
        let isRefused = file == "x.npy"
        #expect(result.status == (isRefused ? 2 : 0), "\(result.errors)")
        #expect(result.errors.contains("but CSV is for one sequence") == isRefused)
      }
    }
  }

  @Test func unknownAxesAndSizesAreNamed() throws {
    try withModels { files in
      let model = GoldenCase.path("activations_legacy")
      let x = try files.csvInput(steps: 2).path
      let result = try recur("run", model, "--input", x, "--size", "Q=3")
      #expect(result.status == 2)
      #expect(
        result.errors == "recur: \(model): --size has \"Q\", expected some of B\n",
        "\(result.errors)")
    }
  }

  @Test func initialStatesAreFinite() throws {
    try withModels { files in
      let x = try files.write("1,2,3\n4,5,6\n", to: "x.csv")
      try SafeTensors.Tensor("x1", shape: [1, 1, 4], elements: [0, 1, .infinity, 2] as [Float])
        .writeNPY(to: files.url("h.npy"))
      let result = try recur(
        "run", GoldenCase.path("gru_states_legacy"), "--input", "x0=" + x, "--input",
        "x1=" + files.path("h.npy"))
      #expect(result.status == 2)
      #expect(
        result.errors == "recur: \(files.path("h.npy")): has inf at 2, expected a finite number\n")
    }
  }

  /// A size of the axis of sequences is that of tensors in every layout.
  @Test func aSizeThatTheInputDoesNotHaveIsRefused() throws {
    try withModels { files in
      let model = GoldenCase.path("gru_states_legacy")
      let x = try files.write("1,2,3\n4,5,6\n", to: "x.csv")
      let result = try recur("run", model, "--input", x, "--size", "B=3")
      #expect(result.status == 2)
      #expect(
        result.errors
          == "recur: \(model): has 1 sequence in the inputs, but --size B=3 gives another number\n")
      #expect(try recur("run", model, "--input", x, "--size", "B=1").status == 0)
    }
  }
}
