// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

/// The tensor `lengths` of inputs.
@Suite struct LengthsTests {
  private static let (steps, lengths) = (7, [7, 3, 1, 5])
  private static var count: Int { lengths.count }

  /// The last state, which depends on the padding unless there are lengths, and the states of both directions.
  private func model(_ files: SmallModels) throws -> Model<Float> {
    let x = ModelValue.features(size: 2).named("x")
    let states = x.gru(hiddenSize: 4, bidirectional: true).named("states")
    let model = try Model<Float>(
      outputs: states, states.lastStep().dense(size: 3).named("last"), seed: 8)
    try model.save(to: files.url("model.safetensors"))
    return model
  }

  private func writeInputs(_ files: SmallModels) throws -> [Float] {
    var generator = SplitMix64(seed: 9)
    let x = (0..<Self.steps * Self.count * 2).map { _ in Float(generator.nextNormal()) }
    try SafeTensors(tensors: [
      .init("x", shape: [Self.steps, Self.count, 2], elements: x),
      .init("lengths", shape: [Self.count], integers: Self.lengths),
    ]).write(to: files.url("in.safetensors"))
    try SafeTensors.Tensor("x", shape: [Self.steps, Self.count, 2], elements: x)
      .writeNPY(to: files.url("x.npy"))
    _ = try files.write(Self.lengths.map { "\($0)\n" }.joined(), to: "lengths.csv")
    return x
  }

  @Test func eachSequenceIsComputedAlone() throws {
    try withModels { files in
      let model = try model(files)
      let x = try writeInputs(files)
      var expected: [Float] = []
      for b in 0..<Self.count {
        let own = (0..<Self.lengths[b]).flatMap { t in
          (0..<2).map { x[(t * Self.count + b) * 2 + $0] }
        }
        let batch = try SequenceBatch(
          steps: Self.lengths[b], batchSize: 1, features: 2, elements: own)
        expected += try model(["x": .features(batch)]).values[1].elements
      }
      let (both, npy) = (files.path("in.safetensors"), files.path("x.npy"))
      let calls = [
        [both], ["x=" + both], ["lengths=" + both, "x=" + npy],
        [npy, "lengths=" + files.path("lengths.csv")], [both, "lengths=" + both + ":lengths"],
      ]
      for inputs in calls {
        let result = try recur(
          arguments: [
            "run", files.path("model.safetensors"), "--output", files.path("y.safetensors"),
          ]
            + inputs.flatMap { ["--input", $0] })
        #expect(result.status == 0, "\(inputs): \(result.errors)")
        let found = try #require(
          try SafeTensors(contentsOf: files.url("y.safetensors"))["last"]
        ).floats
        #expect(found == expected, "\(inputs)")
      }
      // A single tensor has no lengths.
      let padded = try recur(
        "run", files.path("model.safetensors"), "--input", "x=" + both + ":x", "--output",
        files.path("y.safetensors"))
      #expect(padded.status == 0)
      #expect(
        try SafeTensors(contentsOf: files.url("y.safetensors"))["last"]!.floats != expected)
    }
  }

  /// Differences past the end of a sequence do not count.
  @Test func comparisonsEndWithTheSequences() throws {
    try withModels { files in
      _ = try model(files)
      _ = try writeInputs(files)
      let arguments = [
        "run", files.path("model.safetensors"), "--input", files.path("in.safetensors"),
      ]
      let output = files.path("y.safetensors")
      #expect(try recur(arguments: arguments + ["--output", output]).status == 0)
      let states = try SafeTensors(contentsOf: files.url("y.safetensors"))["states"]!
      func compare(step: Int, sequence: Int) throws -> CommandResult {
        var elements = try states.floats
        elements[(step * Self.count + sequence) * 8] += 1
        try SafeTensors(tensors: [
          .init("states", shape: states.shape, elements: elements),
          .init("lengths", shape: [1], integers: [0]),
        ]).write(to: files.url("wanted.safetensors"))
        return try recur(arguments: arguments + ["--compare", files.path("wanted.safetensors")])
      }
      #expect(try compare(step: 3, sequence: 1).output == "states: no difference\n")
      let other = try compare(step: 2, sequence: 1)
      #expect(other.status == 1)
      #expect(other.output.contains(" at step 2, sequence 1, channel 0: "), "\(other.output)")
    }
  }

  @Test func lengthsThatDoNotFitAreRefused() throws {
    try withModels { files in
      _ = try model(files)
      _ = try writeInputs(files)
      let x = files.path("in.safetensors")
      _ = try files.write("7\n3\n", to: "two.csv")
      _ = try files.write("7\n3\n1\n8\n", to: "long.csv")
      _ = try files.write("7\n3\n1\n4\n", to: "other.csv")
      for (arguments, message) in [
        (["--stream"], "in.safetensors: tensor lengths: is given with --stream, but the sequences"),
        (
          ["--input", "lengths=" + files.path("other.csv")],
          "other.csv: has other lengths than \(x): tensor lengths"
        ),
      ] {
        let result = try recur(
          arguments: [
            "run", files.path("model.safetensors"), "--input", x, "--output",
            files.path("y.safetensors"),
          ] + arguments)
        #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
      }
      for (file, message) in [
        ("two.csv", "two.csv: has the shape [2, 1], expected [4]"),
        ("long.csv", "long.csv: has 8 at 3, expected a number of steps from 0 to 7"),
      ] {
        let result = try recur(
          "run", files.path("model.safetensors"), "--input", files.path("x.npy"), "--input",
          "lengths=" + files.path(file), "--output", files.path("y.safetensors"))
        #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
      }
    }
  }
}
