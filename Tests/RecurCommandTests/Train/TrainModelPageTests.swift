// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

/// The page *Training with the command*.
@Suite struct TrainModelPageTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
  }

  private func page() throws -> String {
    try text("Sources/RecurTraining/RecurTraining.docc/TrainingWithTheCommand.md")
  }

  /// The tensors of the page's Python program.
  private func writeData(to file: URL) throws {
    let (steps, count) = (12, 400)
    var generator = SplitMix64(seed: 1)
    let x = (0..<steps * count).map { _ in Float(generator.nextNormal()) }
    let lengths = (0..<count).map { _ in Int.random(in: 4...steps, using: &generator) }
    let signs = (0..<count).map { b in
      (0..<lengths[b]).reduce(0) { $0 + x[$1 * count + b] } > 0 ? 1 : 0
    }
    try SafeTensors(tensors: [
      .init("x", shape: [steps, count, 1], elements: x),
      .init("sign", shape: [count], integers: signs),
      .init("lengths", shape: [count], integers: lengths),
    ]).write(to: file)
  }

  @Test func theExampleLearns() throws {
    try withFolder { folder in
      let page = try page()
      let json = try #require(page.firstMatch(of: #/```json\n([^`]+)```/#)).output.1
      try Data(json.utf8).write(to: folder.appendingPathComponent("graph.json"))
      try writeData(to: folder.appendingPathComponent("data.safetensors"))
      let line = try #require(
        page.firstMatch(of: #/recur train model graph.json [^\n]*\n  --learning-rate .*/#))
      let result = try recurInShell(
        "cd '\(folder.path)'; " + line.output.replacing("data.npz", with: "data.safetensors"))
      #expect(result.status == 0, "\(result.errors)")
      let found = try #require(
        result.output.firstMatch(of: #/accuracy: ([\d.]+)\n/#), "\(result.output)")
      #expect(try #require(Double(found.output.1)) > 0.9, "\(result.output)")
      let run = try recurInShell(
        "cd '\(folder.path)'; recur run runs/sign/model.safetensors --input data.safetensors "
          + "--output logits.npy")
      #expect(run.status == 0, "\(run.errors)")
    }
  }

  /// The table has every kind of node, and the page every key.
  @Test func theTableIsComplete() throws {
    let (page, source) = (try page(), try text("CFiles/graph_json.c"))
    let kinds = source.matches(of: #/\[RECUR_NODE_\w+\] = "(\w+)"/#).map { String($0.output.1) }
    #expect(kinds.count > 20)
    let table = page.matches(of: #/\n\| (`[^|]+) \|/#).map { $0.output.1 }.joined(separator: " ")
    for kind in kinds { #expect(table.contains("`\(kind)`"), "\(kind)") }
    let keys = source.matches(of: #/(?:FIELD|CHOICE|OBJECT)\("(\w+)"/#).map { $0.output.1 }
    #expect(keys.count > 40)
    for key in keys where key != "inputSize" {
      #expect(page.contains("`\(key)`") || page.contains("\"\(key)\""), "\(key)")
    }
    let activations = source.matches(of: #/\[RECUR_ACTIVATION_\w+\] = "(\w+)"/#).map { $0.output.1 }
    for activation in activations { #expect(page.contains("`\(activation)`"), "\(activation)") }
  }
}
