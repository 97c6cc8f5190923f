// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

/// The order of the axes of tensors: that of a table, that of Recur, or that of an ONNX model.
@Suite struct TensorLayoutTests {
  private static let size = 6

  /// Writes random inputs of an ONNX model with as many steps as sequences, so that no size tells the order of the
  /// axes, and the model's outputs as targets.
  private func write(
    _ name: String, channels: Int, to files: SmallModels
  ) throws -> SafeTensors.Tensor {
    let N = Self.size
    var generator = SplitMix64(seed: 12)
    let x: SafeTensors.Tensor =
      channels == 0
      ? try .init(
        "x0", shape: [N, N],
        integers: (0..<N * N).map { _ in Int.random(in: 0..<10, using: &generator) })
      : try .init(
        GoldenCase.all[name]!.inputs.keys.first!, shape: [N, N, channels],
        elements: (0..<N * N * channels).map { _ in Float(generator.nextNormal()) })
    try SafeTensors(tensors: [x]).write(to: files.url("x.safetensors"))
    let result = try recur(
      "run", GoldenCase.path(name), "--input", files.path("x.safetensors"), "--output",
      files.path("y.safetensors"))
    #expect(result.status == 0, "\(result.errors)")
    let outputs = try SafeTensors(contentsOf: files.url("y.safetensors")).tensors
    try SafeTensors(tensors: [x] + outputs).write(to: files.url("data.safetensors"))
    return outputs[0]
  }

  private func train(_ model: String, _ files: SmallModels, _ more: [String]) throws
    -> CommandResult
  {
    try recur(
      arguments: [
        "train", "model", model, files.path("data.safetensors"), "--output", files.path("out"),
        "--epochs", "1", "--learning-rate", "1e-9",
      ] + more)
  }

  /// The targets are the model's outputs, so the loss is zero if they are paired with their inputs: those of models
  /// with sequences first, with steps first, with positions, and with one row for each sequence.
  @Test(arguments: [
    ("each_position", 12), ("gru_bidirectional_legacy", 3), ("op_gru_layout", 3),
    ("lstm_legacy", 3), ("rnn_legacy", 3),
  ])
  func targetsHaveTheLayoutOfTheInputs(name: String, channels: Int) throws {
    try withModels { files in
      let y = try write(name, channels: channels, to: files)
      let result = try train(GoldenCase.path(name), files, ["--validation-fraction", "0"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.hasPrefix("loss 0.00000  "), "\(result.output)")

      // Elsewhere, they are not.
      let x = try SafeTensors(contentsOf: files.url("x.safetensors")).tensors[0]
      let turned = try SafeTensors.Tensor(y.name, shape: y.shape, elements: y.floats.reversed())
      try SafeTensors(tensors: [x, turned]).write(to: files.url("data.safetensors"))
      let wrong = try train(GoldenCase.path(name), files, ["--validation-fraction", "0"])
      #expect(wrong.status == 0 && !wrong.output.hasPrefix("loss 0.00000  "), "\(wrong.output)")
    }
  }

  @Test func labelsHaveTheLayoutOfTheInputs() throws {
    try withModels { files in
      let y = try write("tagger_legacy", channels: 0, to: files)
      let classes = y.shape[2]
      let logits = try y.floats
      let labels = (0..<Self.size * Self.size).map { row in
        (0..<classes).max { logits[row * classes + $0] < logits[row * classes + $1] }!
      }
      let x = try SafeTensors(contentsOf: files.url("x.safetensors")).tensors[0]
      try SafeTensors(tensors: [
        x, .init(y.name, shape: [Self.size, Self.size], integers: labels),
      ]).write(to: files.url("data.safetensors"))
      let result = try train(
        GoldenCase.path("tagger_legacy"), files, ["--validation-fraction", "0.4"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("accuracy: 1.00000\n"), "\(result.output)")
    }
  }

  /// An input of one sequence may leave out the axis of sequences, and so do its targets.
  @Test func oneSequenceHasTargetsWithoutTheAxis() throws {
    try withModels { files in
      let model = try files.amplifier(of: Float.self)
      let x = try files.csvInput(steps: 5).x
      let y = try model(x).output
      func write(_ shape: [Int]) throws {
        try SafeTensors(tensors: [
          .init("x", shape: [5, 2], elements: x.elements),
          .init("y", shape: shape, elements: y.elements),
        ]).write(to: files.url("data.safetensors"))
      }
      try write([5, 2])
      let none = ["--validation-fraction", "0"]
      let result = try train(files.path("amp.safetensors"), files, none)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.hasPrefix("loss 0.00000  "), "\(result.output)")
      try write([5, 1, 2])
      let refused = try train(files.path("amp.safetensors"), files, none)
      #expect(
        refused.errors.hasSuffix(
          "tensor y: has the shape [5, 1, 2], expected [5, 2], or [5] for labels\n"),
        "\(refused.errors)")
    }
  }

  @Test func inputsHaveOneLayout() throws {
    try withModels { files in
      let words = ModelValue.tokens(vocabularySize: 10).named("words")
      let pitch = ModelValue.features(size: 2).named("pitch")
      let y = ModelValue.concatenation(of: words.embedding(size: 3), pitch).gru(hiddenSize: 4)
      try Model<Float>(outputs: y.named("y"), seed: 1).save(to: files.url("model.safetensors"))
      let (model, onnx) = (files.path("model.safetensors"), files.path("model.onnx"))
      #expect(try recur("convert", model, onnx).status == 0)
      _ = try files.speechInputs(steps: 3, sequences: 1)
      let both = files.path("speech-in.safetensors")
      let table = try files.write("1\n2\n3\n", to: "words.csv")
      func run(_ model: String) throws -> CommandResult {
        try recur(
          "run", model, "--input", "words=" + table, "--input", "pitch=" + both, "--output",
          files.path("y.npy"))
      }
      // Both are layouts of Recur.
      #expect(try run(model).status == 0)
      let mixed = try run(onnx)
      #expect(mixed.status == 2)
      #expect(
        mixed.errors
          == "recur: \(onnx): pitch has the shape of the ONNX model, but words has steps first; "
          + "expected the same for all inputs\n")

      // Training data have the same numbers of steps and sequences, too.
      try SafeTensors(tensors: [
        .init("words", shape: [3, 2], integers: [1, 2, 3, 4, 5, 6]),
        .init("pitch", shape: [2, 2, 2], elements: Array(repeating: 0.5 as Float, count: 8)),
        .init("y", shape: [3, 2, 4], elements: Array(repeating: 0.5 as Float, count: 24)),
      ]).write(to: files.url("data.safetensors"))
      let uneven = try train(model, files, [])
      #expect(
        uneven.errors.hasSuffix(
          "tensor pitch: has 2 steps of 2 sequences, expected 3 of 2 as words\n"),
        "\(uneven.errors)")
    }
  }

  /// An ONNX model of one step with states: [B, 1, C] has its shape, but several steps of one sequence, too.
  @Test func aTableForAModelOfOneStepHasSteps() throws {
    try withModels { files in
      let (T, C) = (9, 3)
      let model = [GoldenCase.path("gru_states_legacy"), "--size", "T=1"]
      var generator = SplitMix64(seed: 5)
      let x = (0..<T * C).map { _ in Float(generator.nextNormal()) }
      try SafeTensors.Tensor("x0", shape: [T, 1, C], elements: x).writeNPY(to: files.url("x.npy"))
      let csv = try files.write(
        (0..<T).map { "\(x[$0 * C]),\(x[$0 * C + 1]),\(x[$0 * C + 2])\n" }.joined(), to: "x.csv")
      let expected = files.path("y.npy")
      let plain = try recur(
        arguments: ["run"] + model + ["--input", csv, "--output", "y0=" + expected])
      #expect(plain.errors.contains("ONNX model, \(T) steps in "), "\(plain.errors)")
      for stream in [[], ["--stream"]] {
        let result = try recur(
          arguments: ["run"] + model + [
            "--input", files.path("x.npy"), "--compare", "y0=" + expected, "--tolerance", "0",
          ] + stream)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.errors.contains("ONNX model, \(T) steps in "), "\(result.errors)")
      }
      // States of several sequences, or a size, tell that the rows are sequences.
      let state = files.url("h.npy")
      try SafeTensors.Tensor(
        "x1", shape: [1, T, 4], elements: Array(repeating: 0.5 as Float, count: T * 4)
      )
      .writeNPY(to: state)
      for more in [["--input", "x1=" + state.path], ["--size", "B=\(T)"]] {
        let result = try recur(
          arguments: ["run"] + model + [
            "--input", "x0=" + files.path("x.npy"), "--output", files.path("z.safetensors"),
          ] + more)
        #expect(
          result.errors.contains("ONNX model, 1 step of \(T) sequences in "), "\(result.errors)")
      }
    }
  }
}
