// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A graph in an interpretation that all its nodes accept.
struct Reading {
  let lowering: Lowering

  /// The maximum number of parameters.
  let parameterLimit: Int
  let inputs: [(input: GraphInput, meaning: Interpretation, value: Value)]
  let outputs: [(name: String, value: Value)]
}

/// Finds the interpretation of the inputs that all nodes accept.
struct Reader {
  let graph: GraphProto
  let opset: Int
  let inputs: [GraphInput]
  let outputs: [String]

  /// The inputs with a given value.
  private let constants: [String: Value]
  private let fileSize: Int
  private var budget: Int

  /// The names of the axes whose sizes are not known.
  private let openAxes: [String]

  init(
    _ model: ModelProto, outputs: [String]?, sizes: [String: Int], constants: [String: Double],
    roles: [String: [ONNXAxisRole?]]
  ) throws(ONNXError) {
    fileSize = model.size
    budget = Limit.time(ofFile: model.size)
    (graph, opset) = try model.supported()
    self.outputs = try graph.chosen(outputs)
    try graph.requireOperators(for: self.outputs)
    let variables = try graph.variables()
    try Self.check(sizes, constants, roles, variables)
    openAxes = Set(variables.flatMap(\.namedAxes)).subtracting(sizes.keys).sorted()
    var known: [String: Value] = [:]
    for info in variables {
      guard let value = constants[info.name] else { continue }
      known[info.name] = Value(constant: try info.constant(value, sizes))
    }
    self.constants = known
    let read = graph.needed(for: self.outputs).names
    let states = graph.initialStates(for: self.outputs)
    inputs = try variables.filter { read.contains($0.name) && constants[$0.name] == nil }.map {
      info throws(ONNXError) in
      try GraphInput(
        info, sizes: sizes, roles: roles[info.name], isState: states.contains(info.name))
    }
    if let input = inputs.first(where: { $0.interpretations.isEmpty }) {
      throw .unsupported(
        part: "input \"\(input.name)\"", reason: "has elements of a type that is not supported")
    }
  }

  private static func check(
    _ sizes: [String: Int], _ constants: [String: Double], _ roles: [String: [ONNXAxisRole?]],
    _ inputs: [ValueInfoProto]
  ) throws(ONNXError) {
    let names = inputs.map(\.name)
    for (argument, given) in [
      ("constants", Array(constants.keys)), ("roles", Array(roles.keys)),
    ] {
      guard let unknown = given.filter({ !names.contains($0) }).min() else { continue }
      throw .invalid(
        argument: argument,
        reason: "has \"\(unknown)\", expected some of \(names.joined(separator: ", "))")
    }
    let axes = inputs.flatMap(\.namedAxes)
    if let unknown = sizes.keys.filter({ !axes.contains($0) }).min() {
      let known = axes.isEmpty ? "none" : "some of \(Set(axes).sorted().joined(separator: ", "))"
      throw .invalid(argument: "sizes", reason: "has \"\(unknown)\", expected \(known)")
    }
    for (name, size) in sizes where size < 1 || size > Limit.elements {
      throw .invalid(argument: "sizes", reason: "has the size \(size) of \"\(name)\"")
    }
  }

  mutating func read() throws(ONNXError) -> Reading {
    guard
      let count = elementCount(inputs.map(\.interpretations.count), limit: Limit.interpretations)
    else {
      throw .unsupported(
        part: "inputs", reason: "have too many possible meanings; give their roles")
    }
    var choices: [(cost: Int, choice: [Int])] = [(0, [])]
    choices.reserveCapacity(count)
    for input in inputs {
      choices = choices.flatMap { partial in
        input.interpretations.enumerated().map { k, meaning in
          (partial.cost + meaning.cost, partial.choice + [k])
        }
      }
    }
    let sorted = choices.enumerated()
      .sorted { ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset) }
    var failure: (rank: Rank, error: ONNXError)?
    for (_, candidate) in sorted {
      let lowering = Lowering(opset: opset, fileSize: fileSize)
      do throws(ONNXError) {
        return try attempt(candidate.choice, lowering)
      } catch {
        guard budget > 0 else {
          throw .unsupported(part: "graph", reason: "takes too long to read")
        }
        let rank = Rank(
          isLikely: candidate.cost <= Cost.likely * inputs.count, progress: lowering.progress,
          features: lowering.builder.nodes.count { $0.name != nil })
        if failure == nil || failure!.rank < rank { failure = (rank, error) }
      }
    }
    throw failure!.error
  }

  /// The error that users see is that of the interpretation with the highest rank.
  private struct Rank: Comparable {
    let isLikely: Bool

    /// The number of nodes that accept the interpretation.
    let progress: Int

    /// The number of inputs that are not states.
    let features: Int

    static func < (a: Rank, b: Rank) -> Bool {
      (a.isLikely ? 1 : 0, a.progress, a.features) < (b.isLikely ? 1 : 0, b.progress, b.features)
    }
  }

  private mutating func attempt(_ choice: [Int], _ lowering: Lowering) throws(ONNXError) -> Reading
  {
    var values: [(input: GraphInput, meaning: Interpretation, value: Value)] = []
    for (number, (input, k)) in zip(inputs, choice).enumerated() {
      let meaning = input.interpretations[k].meaning
      do throws(Refusal) {
        values.append((input, meaning, try input.value(number, meaning, lowering)))
      } catch { throw .unsupported(part: "input \"\(input.name)\"", reason: error.reason) }
    }
    var interpreter = Interpreter(
      graph, opset: opset, lowering, openAxes: openAxes, budget: budget)
    defer { budget = interpreter.budget }
    let named = values.map { ($0.input.name, $0.value) }
    let results = try interpreter.run(
      inputs: constants.merging(named) { known, _ in known }, outputs: outputs)
    for name in outputs where results[name]!.tracked == nil && results[name]!.state == nil {
      let reason =
        results[name]!.pending.map {
          "is \($0.description), which Recur computes only as a part of a layer"
        }
        ?? "does not depend on the inputs"
      throw .unsupported(part: "output \"\(name)\"", reason: reason)
    }
    for name in outputs {
      guard let value = results[name], value.tracked == nil, let state = value.state else {
        continue
      }
      guard state.array.elements.allSatisfy({ $0.origin < 0 }) else {
        throw .unsupported(part: "output \"\(name)\"", reason: "has elements of an input")
      }
    }
    return Reading(
      lowering: lowering, parameterLimit: Limit.parameters(ofFile: fileSize), inputs: values,
      outputs: outputs.map { ($0, results[$0]!) })
  }
}

extension ModelProto {
  /// Returns the graph and the version of ONNX's operators.
  fileprivate func supported() throws(ONNXError) -> (GraphProto, opset: Int) {
    guard let graph else {
      throw .malformed(reason: "the file has no graph of an ONNX model")
    }
    guard let opset else {
      throw .malformed(reason: "the model has no version of ONNX's operators")
    }
    guard (7...25).contains(opset) else {
      throw .unsupported(part: "opset", reason: "is \(opset), expected 7 to 25")
    }
    return (graph, opset)
  }
}

extension GraphProto {
  /// Returns the outputs with some names, or all, in the order of the graph.
  fileprivate func chosen(_ names: [String]?) throws(ONNXError) -> [String] {
    let all = outputs.map(\.name)
    if let unknown = names?.first(where: { !all.contains($0) }) {
      throw .invalid(
        argument: "outputs",
        reason: "has \"\(unknown)\", expected some of \(all.joined(separator: ", "))")
    }
    let chosen = all.filter { names?.contains($0) ?? true }
    guard !chosen.isEmpty, Set(chosen).count == chosen.count else {
      throw .malformed(reason: "the model has no outputs, or one twice")
    }
    return chosen
  }

  /// Returns the inputs without those that have a constant value in the file.
  fileprivate func variables() throws(ONNXError) -> [ValueInfoProto] {
    let constants = Set(initializers.map(\.name))
    let variables = inputs.filter { !constants.contains($0.name) }
    guard Set(variables.map(\.name)).count == variables.count else {
      throw .malformed(reason: "the model has an input twice")
    }
    return variables
  }
}
