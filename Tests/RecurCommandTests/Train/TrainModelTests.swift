// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

@Suite struct TrainModelTests {
  private static let (steps, count) = (12, 80)

  /// A GRU with logits of two classes at every step, and the sum of all steps at the last one.
  private static let graph = """
    {"nodes": [
      {"name": "x", "kind": "features", "size": 1},
      {"name": "gru", "kind": "network", "from": ["x"],
       "network": {"cell": "gru", "hiddenSize": 8}},
      {"name": "sign", "kind": "dense", "from": ["gru"],
       "size": 2, "bias": true, "output": true},
      {"name": "last", "kind": "lastStep", "from": ["gru"]},
      {"name": "sum", "kind": "dense", "from": ["last"],
       "size": 1, "bias": true, "output": true}]}
    """

  /// Noise, the signs of its running sums as labels, and its sums, up to the end of each sequence.
  private static func tensors() throws -> [SafeTensors.Tensor] {
    var generator = SplitMix64(seed: 5)
    let x = (0..<steps * count).map { _ in Float(generator.nextNormal()) * 0.3 }
    let lengths = (0..<count).map { 4 + $0 % (steps - 3) }
    var (signs, sums) = (Array(repeating: 7, count: steps * count), [Float]())
    for b in 0..<count {
      var sum: Float = 0
      for t in 0..<lengths[b] {
        sum += x[t * count + b]
        // A label of -1 does not count.
        signs[t * count + b] = t == 0 ? -1 : sum > 0 ? 1 : 0
      }
      sums.append(sum)
    }
    // Those past the end of a sequence do not count either.
    signs = signs.map { min($0, 1) }
    return [
      try .init("x", shape: [steps, count, 1], elements: x),
      try .init("sign", shape: [steps, count], integers: signs),
      try .init("sum", shape: [count, 1], elements: sums),
      try .init("lengths", shape: [count], integers: lengths),
    ]
  }

  private func write(
    _ tensors: [SafeTensors.Tensor], _ folder: URL, graph: String = Self.graph
  ) throws {
    try SafeTensors(tensors: tensors).write(
      to: folder.appendingPathComponent("data.safetensors"))
    try Data(graph.utf8).write(to: folder.appendingPathComponent("graph.json"))
  }

  private func train(
    in folder: URL, _ model: String = "graph.json", data: String = "data.safetensors",
    to output: String, _ more: [String], meanwhile: (Process) throws -> Void = { _ in }
  ) throws -> CommandResult {
    try recur(
      arguments: [
        "train", "model", folder.path + "/" + model, folder.path + "/" + data, "--output",
        folder.path + "/" + output,
      ] + more, meanwhile: meanwhile)
  }

  @Test func aGraphIsTrainedAndTrainedFurther() throws {
    try withFolder { folder in
      try write(Self.tensors(), folder)
      let result = try train(
        in: folder, to: "out", ["--epochs", "60", "--learning-rate", "0.02", "--patience", "0"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.errors.contains("steps: 12, training sequences: 72, validation sequences: 8"))
      let found = try #require(
        result.output.firstMatch(of: /accuracy of sign: ([\d.]+)\n/), "\(result.output)")
      #expect(try #require(Double(found.output.1)) > 0.85)

      let model = folder.appendingPathComponent("out/model.safetensors")
      #expect(try Model<Float>(contentsOf: model).outputs.map(\.name) == ["sign", "sum"])
      let info = try recur("info", folder.path + "/out/checkpoint.safetensors")
      #expect(info.status == 0 && info.output.hasPrefix("Recur checkpoint"), "\(info.errors)")
      let further = try train(
        in: folder, "out/model.safetensors", to: "further",
        ["--epochs", "1", "--learning-rate", "0.0001", "--validation-fraction", "0"])
      #expect(further.status == 0, "\(further.errors)")
      let loss = try #require(further.output.firstMatch(of: /loss ([\d.]+)/), "\(further.output)")
      #expect(try #require(Double(loss.output.1)) < 0.4)

      // Batches differ in their losses. That of the first one says nothing about a trained model.
      for seed in 1...4 {
        let again = try train(
          in: folder, "out/model.safetensors", to: "again",
          [
            "--epochs", "1", "--learning-rate", "0.0001", "--batch-size", "8", "--seed", "\(seed)",
            "--validation-fraction", "0",
          ])
        #expect(again.status == 0 && !again.errors.contains("warning"), "\(again.errors)")
      }
      let worse = try train(
        in: folder, "out/model.safetensors", to: "worse",
        ["--epochs", "1", "--learning-rate", "3", "--validation-fraction", "0"])
      #expect(worse.errors.contains("warning: the loss did not decrease"), "\(worse.errors)")
    }
  }

  @Test func aLossOfValuesIsRefusedForLabels() throws {
    try withFolder { folder in
      let end = try #require(Self.graph.range(of: ",\n  {\"name\": \"last\""))
      let graph = Self.graph[..<end.lowerBound] + "]}"
      let tensors = try Self.tensors()
      try write([tensors[0], tensors[1], tensors[3]], folder, graph: String(graph))
      let result = try train(in: folder, to: "none", ["--loss", "huber"])
      #expect(result.status == 2)
      #expect(
        result.errors.contains(
          "has only labels, whose loss is the cross-entropy, but --loss is given"),
        "\(result.errors)")
      try write(Self.tensors(), folder)
      let both = try train(in: folder, to: "out", ["--loss", "huber", "--epochs", "1"])
      #expect(both.status == 0, "\(both.errors)")
    }
  }

  /// Only values past the end of a sequence need not be finite.
  @Test func valuesThatAreNotFiniteAreRefused() throws {
    try withFolder { folder in
      let (T, B) = (Self.steps, Self.count)
      let graph = Self.graph.replacing(#""kind": "lastStep""#, with: #""kind": "scale""#)
      func result(_ tensor: Int, _ index: Int, _ value: Double) throws -> CommandResult {
        var tensors = try Self.tensors()
        tensors[2] = try .init(
          "sum", shape: [T, B, 1], elements: Array(repeating: 0.0, count: T * B))
        var elements = try tensors[tensor].elements(as: Double.self)
        elements[index] = value
        tensors[tensor] = try .init(
          tensors[tensor].name, shape: tensors[tensor].shape, elements: elements)
        try write(tensors, folder, graph: graph)
        return try train(in: folder, to: "out", ["--epochs", "1"])
      }
      for (tensor, value, message) in [
        (0, Double.nan, "tensor x: has nan at [2, 5, 0], expected a finite number\n"),
        (0, -.nan, "tensor x: has nan at [2, 5, 0], expected a finite number\n"),
        (
          0, 1e300,
          "tensor x: has 1e+300 at [2, 5, 0], expected a finite number in single precision\n"
        ),
        (2, -.infinity, "tensor sum: has -inf at [2, 5, 0], expected a finite number\n"),
      ] {
        let refused = try result(tensor, 2 * B + 5, value)
        #expect(refused.status == 2 && refused.errors.hasSuffix(message), "\(refused.errors)")
      }
      // Sequence 0 has 4 steps.
      #expect(try result(2, 4 * B, .nan).status == 0)
      #expect(try result(2, 3 * B, .nan).status == 2)
    }
  }

  /// Targets of an output with one row for each sequence have no axis of steps, also if there is one step.
  @Test func sequencesOfOneStep() throws {
    try withFolder { folder in
      let numbers = (0..<20).map { Float($0) / 20 }
      try write(
        [
          .init("x", shape: [1, 20, 1], elements: numbers),
          .init("sign", shape: [1, 20], integers: (0..<20).map { $0 % 2 }),
          .init("sum", shape: [20, 1], elements: numbers),
        ], folder)
      let result = try train(in: folder, to: "out", ["--epochs", "1"])
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  @Test func aResumedRunIsBitIdentical() throws {
    try withFolder { folder in
      try write(Self.tensors(), folder)
      let options = ["--epochs", "200", "--batch-size", "16", "--patience", "0"]
      #expect(try train(in: folder, to: "whole", options).status == 0)
      let checkpoint = folder.path + "/cut/checkpoint.safetensors"
      let cut = try train(in: folder, to: "cut", options + ["--checkpoint-every", "1"]) { process in
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
      func refused(_ message: String) throws {
        let result = try train(in: folder, to: "none", ["--resume", checkpoint])
        #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
      }
      try write(Self.tensors(), folder, graph: Self.graph.replacing("\"gru\"", with: "\"g\""))
      try refused("graph.json: ")
      try write(
        Self.tensors(), folder,
        graph: Self.graph.replacing("\"hiddenSize\": 8", with: "\"hiddenSize\": 9"))
      try refused("graph.json: differs from the model of the checkpoint")
      var changed = try Self.tensors()
      changed[0] = try .init(
        "x", shape: changed[0].shape, elements: changed[0].elements(as: Float.self).map { -$0 })
      try write(changed, folder)
      try refused("data.safetensors: differs from the data of the checkpoint")
    }
  }

  @Test func dataThatDoNotFitAreRefused() throws {
    try withFolder { folder in
      let (T, B) = (Self.steps, Self.count)
      func refused(
        _ message: String, _ more: [String] = [],
        _ change: (inout [SafeTensors.Tensor]) throws -> Void = { _ in }
      ) throws {
        var tensors = try Self.tensors()
        try change(&tensors)
        try write(tensors, folder)
        let result = try train(in: folder, to: "none", more)
        #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/none"))
      }
      try refused("has no tensor sum, which") { $0.remove(at: 2) }
      try refused("has the tensor z, expected the inputs and outputs of") {
        $0.append(try .init("z", shape: [1], integers: [1]))
      }
      try refused(
        "tensor sign: has the shape [12, 79], expected [12, 80, 2], or [12, 80] for labels"
      ) {
        $0[1] = try .init(
          "sign", shape: [T, B - 1], integers: Array(repeating: 0, count: T * (B - 1)))
      }
      try refused("tensor sign: has 2 at [0, 0], expected a label from -1 to 1") {
        $0[1] = try .init("sign", shape: [T, B], integers: Array(repeating: 2, count: T * B))
      }
      try refused("tensor lengths: has 13 at 0, expected a number of steps from 0 to 12") {
        $0[3] = try .init("lengths", shape: [B], integers: Array(repeating: 13, count: B))
      }
      try refused("tensor lengths: has the shape [1], expected [80]") {
        $0[3] = try .init("lengths", shape: [1], integers: [1])
      }
      try refused("--validation-fraction is 0.5", ["--validation-fraction", "0.5"])
      try refused("too few for --validation-fraction 0.001", ["--validation-fraction", "0.001"])
      try refused(
        "--schedule plateau requires validation",
        ["--schedule", "plateau", "--validation-fraction", "0"])
      let single = try train(in: folder, data: "data.csv", to: "none", [])
      #expect(single.errors.contains("data.csv: has a single tensor"), "\(single.errors)")
      let other = try train(in: folder, "data.safetensors", to: "none", [])
      #expect(other.errors.contains("has tensors without a model"), "\(other.errors)")
    }
  }
}
