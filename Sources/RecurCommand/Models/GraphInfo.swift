// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurONNX
import RecurTraining

/// The graph of a model, as `recur info` shows it.
struct GraphInfo {
  private let inputs: [ModelPort]
  private let outputs: [ModelPort]

  /// The parts of the state of one sequence, and the states of an ONNX model.
  private let states: [(name: String, shape: [Int])]
  private let onnxStates: [ONNXState]

  private let nodes: [[String: Any]]
  private let parameterCount: Int
  private let chunkSteps: Int?
  private let reasonAgainstStreams: String?
  private let sampleRate: Double?

  init<Scalar>(_ loaded: LoadedModel<Scalar>) throws {
    let model = loaded.model
    inputs = loaded.inputs
    outputs = try loaded.outputs
    states = try model.stateSlices(batchSize: 1).map { ($0.name, [$0.rows, $0.columns]) }
    onnxStates = loaded.onnx?.states ?? []
    nodes = try Self.object(model)["nodes"] as? [[String: Any]] ?? []
    parameterCount = model.parameters.count
    chunkSteps = model.chunkSteps
    reasonAgainstStreams = loaded.reasonAgainstStreams
    sampleRate = loaded.sampleRate
  }

  /// The graph as a JSON object.
  static func object<Scalar>(_ model: Model<Scalar>) throws -> [String: Any] {
    let json = Data(try model.graph.json.utf8)
    return try JSONSerialization.jsonObject(with: json) as? [String: Any] ?? [:]
  }

  func printAsText() {
    printPorts("inputs", inputs)
    printPorts("outputs", outputs)
    printStates()
    print("\nnodes: \(nodes.count), parameters: \(parameterCount)")
    printTable(nodes.map(Self.row))
    print("\nstream: " + (reasonAgainstStreams.map { "no: \($0.printable)" } ?? blocks))
    if let sampleRate { print("sampling rate: \(shortest(sampleRate)) Hz") }
  }

  private var blocks: String {
    chunkSteps == 1 ? "blocks of any length" : "blocks of a multiple of \(chunkSteps ?? 0) steps"
  }

  private func printPorts(_ title: String, _ ports: [ModelPort]) {
    print("\n\(title)")
    printTable(
      ports.map { port in
        let size =
          port.isTokens
          ? "tokens 0 to \(port.size - 1)"
          : "\(port.size) channel\(port.size == 1 ? "" : "s")"
        let axes = port.onnx.map { "[\($0.axes.map { "\($0)" }.joined(separator: ", "))]" }
        return [port.name.printable(limit: 100), size, axes?.printable(limit: 200) ?? ""]
      })
  }

  private func printStates() {
    guard !states.isEmpty else { return }
    print("\nstates of one sequence")
    printTable(states.map { [$0.name.printable, "\($0.shape[0]) x \($0.shape[1])"] })
    for state in onnxStates {
      let shape = state.shape.map { $0.map(String.init) ?? "sequences" }.joined(separator: ", ")
      print(
        "  \(state.isInput ? "input" : "output") \(state.name.printable(limit: 100)) [\(shape)]: "
          + state.parts.joined(separator: ", ").printable(limit: 1000))
    }
  }

  /// The name of a node, its kind, the nodes that it reads, and its options.
  private static func row(_ node: [String: Any]) -> [String] {
    let sources = (node["from"] as? [String] ?? []).joined(separator: ", ")
    var options = node.filter { !["name", "kind", "from", "output"].contains($0.key) }
    for key in ["network", "convolution"] {
      guard let inner = options.removeValue(forKey: key) as? [String: Any] else { continue }
      options.merge(inner) { own, _ in own }
    }
    return [
      (node["name"] as? String ?? "").printable, node["kind"] as? String ?? "",
      sources.isEmpty ? "" : "of \(sources)".printable,
      FileInfo.lines(options).joined(separator: ", ").printable,
    ]
  }

  var json: [String: Any] {
    var object: [String: Any] = [
      "inputs": inputs.map(Self.json), "outputs": outputs.map(Self.json),
      "states": states.map { ["name": $0.name, "shape": $0.shape] as [String: Any] },
      "parameters": parameterCount,
    ]
    object["chunkSteps"] = chunkSteps
    object["reasonAgainstStreams"] = reasonAgainstStreams
    object["sampleRate"] = sampleRate
    if !onnxStates.isEmpty {
      object["onnxStates"] = onnxStates.map { state in
        [
          "name": state.name, "input": state.isInput, "parts": state.parts,
          "shape": state.shape.map { $0.map { $0 as Any } ?? "sequences" },
        ] as [String: Any]
      }
    }
    return object
  }

  private static func json(_ port: ModelPort) -> [String: Any] {
    var object: [String: Any] = [
      "name": port.name, "node": port.node,
      port.isTokens ? "vocabularySize" : "channels": port.size,
    ]
    object["axes"] = port.onnx?.axes.map { "\($0)" }
    return object
  }
}
