// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Reads an ONNX graph in one interpretation of its inputs.
struct Interpreter {
  let graph: GraphProto
  let opset: Int
  let lowering: Lowering

  /// The number of nodes and elements that may still be computed, in this and later interpretations.
  private(set) var budget: Int

  /// The names of the axes whose sizes are not known.
  private let openAxes: [String]

  init(_ graph: GraphProto, opset: Int, _ lowering: Lowering, openAxes: [String], budget: Int) {
    self.openAxes = openAxes
    self.budget = budget
    self.graph = graph
    self.opset = opset
    self.lowering = lowering
  }

  /// Returns the values of the graph's outputs with these names.
  mutating func run(
    inputs: [String: Value], outputs: [String]
  ) throws(ONNXError) -> [String: Value] {
    try run(graph, inputs, outputs)
  }

  private mutating func run(
    _ graph: GraphProto, _ outer: [String: Value], _ outputs: [String]
  ) throws(ONNXError) -> [String: Value] {
    // The nodes are searched, and the values of the outer graph are copied.
    budget -= graph.nodes.count + outer.count
    guard budget > 0 else { throw .unsupported(part: "graph", reason: "takes too long to read") }
    var values = outer
    let (nodes, read) = graph.needed(for: outputs)
    var names: Set<String> = []
    for tensor in graph.initializers {
      guard outer[tensor.name] == nil, names.insert(tensor.name).inserted else {
        throw .malformed(reason: "the graph has two tensors \"\(tensor.name)\"")
      }
      if read.contains(tensor.name) { values[tensor.name] = Value(constant: Constant(tensor)) }
    }
    for node in nodes {
      let results = try run(node, values)
      for (name, value) in zip(node.outputs, results) where !name.isEmpty {
        guard values.updateValue(value, forKey: name) == nil else {
          throw .malformed(reason: "two nodes compute \"\(name)\"")
        }
      }
      lowering.progress += 1
    }
    var results: [String: Value] = [:]
    for name in outputs {
      guard let value = values[name] else {
        throw .malformed(reason: "no node computes the output \"\(name)\"")
      }
      results[name] = value
    }
    return results
  }

  private mutating func run(
    _ node: NodeProto, _ values: [String: Value]
  ) throws(ONNXError) -> [Value] {
    do throws(Refusal) { try node.requireInputs() } catch { throw node.error(error) }
    let inputs = try node.inputs.map { name throws(ONNXError) -> Value? in
      if name.isEmpty { return nil }
      guard let value = values[name] else {
        throw .malformed(reason: "\(node.title) reads \"\(name)\", which no earlier node computes")
      }
      return value
    }
    let call = Call(node: node, inputs: inputs, opset: opset)
    guard node.operatorName != "If" || !node.domain.isStandard else {
      return try runBranch(call, values)
    }
    do throws(Refusal) {
      let results = try apply(call)
      let used = node.outputs.lastIndex { !$0.isEmpty } ?? -1
      guard used < results.count else {
        throw Refusal("has \(used + 1) outputs, expected at most \(results.count)")
      }
      return results
    } catch { throw node.error(error, openAxes: openAxes) }
  }

  private mutating func apply(_ call: Call) throws(Refusal) -> [Value] {
    // `run` runs If, which alone has no operation.
    let operation = try call.node.operation!
    if let unknown = call.node.attributes.keys.filter({ !operation.attributes.contains($0) }).min()
    {
      throw Refusal("has the attribute \(unknown), which is not supported")
    }
    let known = call.inputs.compactMap { $0 }.allSatisfy { $0.constant != nil }
    if known, let fold = operation.fold {
      let results = try fold(call)
      try count(results.reduce(0) { $0 + $1.computedCount })
      return results.map { Value(constant: $0) }
    }
    guard let lower = operation.lower else {
      throw Refusal(
        "depends on the model's inputs, and is supported only for constants; the argument constants "
          + "gives values of inputs that stay the same")
    }
    let results = try lower(lowering, call)
    try count(
      results.reduce(0) {
        $0 + ($1.constant?.computedCount ?? 0) + 2 * ($1.state?.array.elements.count ?? 0)
      })
    guard lowering.builder.nodes.count <= lowering.layerLimit else {
      throw Refusal("follows more than \(lowering.layerLimit) layers")
    }
    return results
  }

  /// Counts the elements that a node computed.
  private mutating func count(_ elements: Int) throws(Refusal) {
    budget -= Limit.nodeTime + elements
    guard budget > 0 else { throw Refusal("computes too many constants") }
    try lowering.addElements(elements)
  }

  private mutating func runBranch(_ call: Call, _ values: [String: Value]) throws(ONNXError)
    -> [Value]
  {
    let node = call.node
    let branch: GraphProto?
    do throws(Refusal) {
      let condition = try call.constant(0).numbers()
      guard condition.elements.count == 1 else { throw Refusal("has several conditions") }
      branch = node.attributes[condition.elements[0] == 0 ? "else_branch" : "then_branch"]?.graph
    } catch { throw node.error(error, openAxes: openAxes) }
    guard let branch, branch.inputs.isEmpty, branch.outputs.count == node.outputs.count else {
      throw node.error(Refusal("has no branch with \(node.outputs.count) outputs"))
    }
    let names = branch.outputs.map(\.name)
    let results = try run(branch, values, names)
    return names.map { results[$0]! }
  }
}

extension Constant {
  /// The number of elements of 8 bytes that were computed.
  var computedCount: Int {
    switch storage {
    case .stored, .filled: 0
    case .values(let array): array.elements.count
    case .integers(let array): array.elements.reduce(0) { $0 + $1.words }
    }
  }
}

/// What can be done about operators that exporters use for common layers.
private let hints: [String: String] = {
  let loop =
    "Keras and others write a recurrent layer as a loop; save the weights instead, which recur convert "
    + "--graph --layout keras reads"
  let pool = "Recur has no pooling of a part of the steps or positions"
  return [
    "Loop": loop, "Scan": loop, "MaxPool": pool, "AveragePool": pool,
    "TopK":
      "pack_padded_sequence of PyTorch sorts the sequences if enforce_sorted is False; export the model "
      + "without packing",
  ]
}()

extension NodeProto {
  var title: String { "\(operatorName) \"\(label)\"" }

  /// The name, or that of the first output.
  var label: String { name.isEmpty ? outputs.first ?? "" : name }

  func error(_ refusal: Refusal, openAxes: [String] = []) -> ONNXError {
    .unsupportedNode(
      operator: operatorName, node: label, reason: refusal.reason(axes: openAxes))
  }

  /// The operation; nil for If.
  var operation: Operation? {
    get throws(Refusal) {
      guard domain.isStandard else {
        throw Refusal("is an operator of \(domain), which is not supported")
      }
      guard let operation = operations[operatorName] else {
        guard operatorName == "If" else {
          let hint = hints[operatorName].map { "; \($0)" } ?? ""
          throw Refusal("is not a supported operator\(hint)")
        }
        return nil
      }
      return operation
    }
  }

  /// Throws an error if the node has more inputs than its operator.
  fileprivate func requireInputs() throws(Refusal) {
    let most = try operation?.inputs ?? 1
    guard inputs.count <= most else {
      throw Refusal("has \(inputs.count) inputs, expected at most \(most)")
    }
  }

  /// The names that the node and the graphs within it read.
  fileprivate var allInputs: [String] {
    inputs
      + attributes.values.compactMap(\.graph).flatMap { graph in
        graph.nodes.flatMap(\.allInputs) + graph.outputs.map(\.name)
      }
  }
}

extension String {
  /// Whether this is the domain of ONNX's own operators.
  fileprivate var isStandard: Bool { isEmpty || self == "ai.onnx" }
}

/// Operators that only rearrange the elements of their first input.
private let rearranging: Set<String> = [
  "Concat", "Gather", "Identity", "Reshape", "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze",
]

extension GraphProto {
  /// The inputs that can only be states, because recurrent operators read them as initial states.
  func initialStates(for outputs: [String]) -> Set<String> {
    var states: Set<String> = []
    for node in needed(for: outputs).nodes.reversed() {
      if ["RNN", "GRU", "LSTM"].contains(node.operatorName) {
        states.formUnion(node.inputs.dropFirst(5).prefix(2))
      } else if rearranging.contains(node.operatorName), !states.isDisjoint(with: node.outputs) {
        states.formUnion(node.inputs.prefix(node.operatorName == "Concat" ? .max : 1))
      }
    }
    return states.intersection(inputs.map(\.name))
  }

  /// Throws an error for the first node that no interpretation of the inputs can read.
  func requireOperators(for outputs: [String]) throws(ONNXError) {
    for node in needed(for: outputs).nodes {
      do throws(Refusal) { _ = try node.operation } catch { throw node.error(error) }
    }
  }

  /// The nodes that some outputs depend on, in order; and the names that they read, and the outputs.
  func needed(for outputs: [String]) -> (nodes: [NodeProto], names: Set<String>) {
    var needed = Set(outputs)
    var result: [NodeProto] = []
    for node in nodes.reversed() where node.outputs.contains(where: needed.contains) {
      needed.formUnion(node.allInputs)
      result.append(node)
    }
    return (result.reversed(), needed)
  }
}
