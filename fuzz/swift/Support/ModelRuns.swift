// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Runs a model over a few steps, if it is small, and checks that its stream is bit-identical.
public func run(_ model: Model<Float>, from state: ModelState<Float>? = nil) {
  let (mostParameters, mostMemory) = (50_000, 1 << 22)
  let chunk = model.chunkSteps ?? 4
  guard model.parameters.count <= mostParameters, chunk <= 16,
    model.graph.nodes.allSatisfy(hasSmallPadding)
  else { return }
  let steps = model.chunkSteps == nil ? chunk : 2 * chunk
  guard
    let memory = accepted({
      try model.workspaceBytes(steps: steps, batchSize: 1, for: .inference)
    }),
    memory <= mostMemory
  else { return }
  let inputs = input(model, steps: steps, first: 0)
  guard let whole = accepted({ try model(inputs, initialState: state) }) else { return }
  for (name, value) in zip(whole.names, whole.values) {
    check(
      value.elements.count == value.steps * value.batchSize * value.features, "shape of \(name)")
  }
  guard model.chunkSteps != nil else { return }
  compareChunks(model, whole, chunk, state)
}

/// Padding needs no parameters, but memory for values or for the state.
private func hasSmallPadding(_ node: ModelNode) -> Bool {
  guard case .convolution(let convolution) = node.layer else { return true }
  return max(convolution.before, convolution.after, convolution.dilation) <= 1000
}

private func compareChunks(
  _ model: Model<Float>, _ whole: ModelOutputs<Float>, _ chunk: Int, _ state: ModelState<Float>?
) {
  var chunks: [[Float]] = Array(repeating: [], count: whole.names.count)
  do {
    var stream = try model.stream(batchSize: 1, steps: chunk, from: state)
    for first in [0, chunk] {
      let inputs = input(model, steps: chunk, first: first)
      let outputs = try stream.step(model.inputs.map { inputs[$0.name]! })
      for k in outputs.indices { chunks[k] += outputs[k].elements }
    }
  } catch { fatalError("a stream of a model that has chunks: \(error)") }
  for (k, value) in whole.values.enumerated() {
    // An output with one row for each sequence is that of the last chunk.
    let expected = value.elements.map(\.bitPattern)
    check(
      chunks[k].suffix(expected.count).map(\.bitPattern) == expected,
      "\(whole.names[k]) differs in a stream")
  }
}

/// The inputs of one sequence, from a step on.
private func input(_ model: Model<Float>, steps: Int, first: Int) -> [String: ModelInput<Float>] {
  var result: [String: ModelInput<Float>] = [:]
  for node in model.inputs {
    result[node.name] = required("input") {
      if case .features(let size) = node.layer {
        let elements = (0..<steps * size).map { Float(($0 + first * size) % 7) / 4 - 0.75 }
        return .features(
          try SequenceBatch(steps: steps, batchSize: 1, features: size, elements: elements))
      }
      return .tokens(
        try TokenBatch(
          steps: steps, batchSize: 1, tokens: Array(repeating: 0, count: steps)))
    }
  }
  return result
}
