// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The elements of a tensor of states: for each, a tensor (an input, or a part of the final state) and an index.
struct StateMap: Sendable {
  /// The shape, with 1 for an axis of sequences whose size is known only when the model runs.
  let dims: [Int]
  let sequencesAxis: Int?

  /// The number of the input, or of the part in `parts`, and the index in it.
  let elements: [(tensor: Int, index: Int)]

  init(_ state: StateTensor, _ tensor: (Int) -> Int) {
    dims = state.array.dims
    sequencesAxis = state.sequencesAxis
    elements = state.array.elements.map { (tensor($0.origin), $0.index) }
  }
}

/// A part of a `ModelState`: a matrix of D·B rows.
struct NamedPart: Sendable, Hashable {
  let name: String
  let directions: Int
  let size: Int
}

/// A model with the meaning of the ONNX inputs and outputs.
struct Assembly {
  let graph: ModelGraph
  var inputs: [ONNXPort] = []
  var outputs: [ONNXPort] = []

  /// The inputs that are states, with their shapes.
  var stateInputs: [(name: String, dims: [Size])] = []

  /// The parts of the initial state that inputs give.
  var initialStates: [(part: NamedPart, map: StateMap)] = []

  /// The outputs that are states.
  var stateOutputs: [(name: String, map: StateMap, dims: [Size])] = []

  /// The parts that outputs read.
  var parts: [NamedPart] = []
  let names: [String]
  private let parameterLimit: Int
  let nodes: [GraphBuilder.Node]

  /// Creates the graph of the outputs. An output that is both a final state and a value is a state if
  /// `prefersStates` is true.
  init(_ reading: Reading, prefersStates: Bool) throws(ONNXError) {
    parameterLimit = reading.parameterLimit
    let chosen = try ChosenOutputs(reading, prefersStates: prefersStates)
    var builder = reading.lowering.builder
    for root in chosen.roots { builder[root].isOutput = true }
    let pruned = builder.prune(keeping: chosen.roots)
    let fused = builder.fuse()
    let number = { (node: Int) in pruned[node].flatMap { fused[$0] } }
    guard builder.nodes.count <= Limit.modelLayers else {
      throw .unsupported(
        part: "model",
        reason: "has \(builder.nodes.count) layers, expected at most \(Limit.modelLayers)")
    }
    let names = builder.names
    self.names = names
    nodes = builder.nodes
    graph = builder.graph(names)
    let parts = reading.lowering.parts
    let named = { (part: Int) -> NamedPart? in
      parts[part].node.flatMap(number).map {
        NamedPart(
          name: "\(names[$0]).\(parts[part].kind.rawValue)", directions: parts[part].directions,
          size: parts[part].size)
      }
    }
    addOutputs(chosen, number, named)
    addInputs(reading, number, named)
  }

  private mutating func addOutputs(
    _ chosen: ChosenOutputs, _ number: (Int) -> Int?, _ named: (Int) -> NamedPart?
  ) {
    for (name, tracked) in chosen.values {
      outputs.append(ONNXPort(name, node: names[number(tracked.node)!], tracked))
    }
    for (name, state) in chosen.states {
      let used = Set(state.array.elements.map { -1 - $0.origin }).sorted()
      let first = parts.count
      parts += used.map { named($0)! }
      let map = StateMap(state) { first + used.firstIndex(of: -1 - $0)! }
      stateOutputs.append((name, map, state.dims))
    }
  }

  private mutating func addInputs(
    _ reading: Reading, _ number: (Int) -> Int?, _ named: (Int) -> NamedPart?
  ) {
    let states = reading.inputs.enumerated().filter {
      if case .state = $0.element.meaning { true } else { false }
    }
    let places = Dictionary(uniqueKeysWithValues: states.enumerated().map { ($1.offset, $0) })
    stateInputs = states.map { ($0.element.input.name, $0.element.input.dims) }
    for (part, state) in reading.lowering.initialStates {
      guard let part = named(part) else { continue }
      initialStates.append((part, StateMap(state) { places[$0]! }))
    }
    for (input, meaning, value) in reading.inputs {
      guard case .axes = meaning, let tracked = value.tracked else { continue }
      var source = tracked.node
      while let first = reading.lowering.builder[source].sources.first { source = first }
      guard let node = number(source) else { continue }
      inputs.append(ONNXPort(input.name, node: names[node], tracked))
    }
  }
}

/// The outputs as values and as states, and the nodes that compute them.
private struct ChosenOutputs {
  private(set) var values: [(name: String, value: Tracked)] = []
  private(set) var states: [(name: String, state: StateTensor)] = []
  private(set) var roots: [Int] = []

  init(_ reading: Reading, prefersStates: Bool) throws(ONNXError) {
    for (name, value) in reading.outputs {
      if let state = value.state, prefersStates || value.tracked == nil {
        states.append((name, state))
        roots += try Self.nodes(of: state, reading.lowering.parts, name)
      } else if let tracked = value.tracked {
        guard tracked.padding == nil, !tracked.isTokens else {
          throw .unsupported(
            part: "output \"\(name)\"", reason: "is padded, or is an input of tokens")
        }
        values.append((name, tracked))
        roots.append(tracked.node)
      }
    }
  }

  /// Returns the networks that the elements of a final state belong to.
  private static func nodes(
    of state: StateTensor, _ parts: [StatePart], _ name: String
  ) throws(ONNXError) -> [Int] {
    try Set(state.array.elements.map(\.origin)).sorted().map { origin throws(ONNXError) in
      guard origin < 0 else {
        throw .unsupported(part: "output \"\(name)\"", reason: "has elements of an input")
      }
      guard let node = parts[-1 - origin].node else {
        throw .unsupported(
          part: "output \"\(name)\"",
          reason: "is a part of a network that is written out in an unknown form")
      }
      return node
    }
  }
}

extension GraphBuilder {
  fileprivate func graph(_ names: [String]) -> ModelGraph {
    ModelGraph(
      nodes.enumerated().map { k, node in
        ModelNode(
          names[k], node.layer, sources: node.sources.map { names[$0] }, isOutput: node.isOutput)
      })
  }
}

extension ONNXPort {
  fileprivate init(_ name: String, node: String, _ tracked: Tracked) {
    self.init(
      name: name, node: node,
      axes: tracked.axes.indices.map {
        ONNXAxis(roles: tracked.axes[$0].map(\.role), size: tracked.size(ofAxis: $0).number)
      },
      positions: tracked.positions, isTokens: tracked.isTokens)
  }
}

// Parameters

extension Assembly {
  /// Returns the model with its parameters.
  func model<Scalar: RecurScalar>() throws(ONNXError) -> Model<Scalar> {
    var model = try recur { () throws(RecurError) in try Model<Scalar>(graph) }
    // Until they are set, parameters take no memory.
    guard model.parameters.count <= parameterLimit else {
      throw .unsupported(
        part: "model",
        reason: "has \(model.parameters.count) parameters, more than the file can have")
    }
    // The slices have the order of the nodes.
    let slices = model.parameters.slices
    var next = 0
    for (graphNode, node) in zip(model.graph.nodes, nodes) {
      let (name, first) = (graphNode.name, next)
      while next < slices.count, slices[next].node == name { next += 1 }
      do throws(Refusal) {
        if let weights = node.weights, case .network(let configuration) = graphNode.layer {
          try Self.set(&model, slices[first..<next], weights, configuration)
          continue
        }
        for slice in slices[first..<next] {
          let part = String(slice.name.dropFirst(name.count + 1))
          let elements: [Double]
          if let parameter = node.parameters[part] {
            elements = try parameter.elements()
          } else {
            elements = try Self.omitted(part, node.layer, slice.rows)
          }
          try Self.set(&model.parameters, slice, elements)
        }
      } catch { throw .unsupported(part: "node \"\(name)\"", reason: error.reason) }
    }
    return model
  }

  /// The weights and biases of normalizations and scales that are left out are 1 and 0, other biases 0.
  private static func omitted(
    _ part: String, _ layer: ModelLayer, _ count: Int
  ) throws(Refusal) -> [Double] {
    switch (part, layer) {
    case ("bias", _): return Array(repeating: 0, count: count)
    case ("weight", .scale), ("weight", .layerNormalization):
      return Array(repeating: 1, count: count)
    default: throw Refusal("has no \(part)")
    }
  }

  private static func set<Scalar: RecurScalar>(
    _ model: inout Model<Scalar>, _ slices: ArraySlice<ParameterSlice>,
    _ weights: RecurrentWeights, _ configuration: NetworkConfiguration
  ) throws(Refusal) {
    let parameters =
      try network(configuration) { network throws(Refusal) in
        var foreign = try refused { () throws(RecurError) in try network.parameters(in: .onnx) }
        let lists = ["W_l0": weights.w, "R_l0": weights.r, "B_l0": weights.b, "P_l0": weights.p]
        for slice in foreign.slices {
          guard let list = lists[slice.name] ?? nil else { throw Refusal("has no \(slice.name)") }
          try set(&foreign, slice, list.elements())
        }
        try refused { () throws(RecurError) in try network.setParameters(foreign, in: .onnx) }
      } as ParameterVector<Scalar>
    // A network has the same slices within a model.
    let elements = parameters.elements
    for (slice, own) in zip(slices, parameters.slices) {
      try set(&model.parameters, slice, elements[own.range])
    }
  }

  /// Creates a network, changes its parameters and returns them.
  private static func network<Scalar: RecurScalar>(
    _ configuration: NetworkConfiguration,
    _ body: (inout any RecurrentNetwork<Scalar>) throws(Refusal) -> Void
  ) throws(Refusal) -> ParameterVector<Scalar> {
    var network = try refused { () throws(RecurError) -> any RecurrentNetwork<Scalar> in
      try configuration.network(of: Scalar.self)
    }
    try body(&network)
    return network.parameters
  }

  private static func set<Scalar: RecurScalar, Element: BinaryFloatingPoint>(
    _ vector: inout ParameterVector<Scalar>, _ slice: ParameterSlice,
    _ elements: some Collection<Element>
  ) throws(Refusal) {
    guard elements.count == slice.rows * slice.columns else {
      throw Refusal("has \(elements.count) elements of \(slice.name)")
    }
    let base = try refused { () throws(RecurError) in try vector.uniqueBase() } + slice.offset
    for (k, element) in elements.enumerated() { base[k] = Scalar(element) }
  }
}

extension ParameterSlice {
  /// The name of the node. That of its part has no full stop.
  fileprivate var node: Substring { name[..<name.lastIndex(of: ".")!] }
}

private func refused<Result>(_ body: () throws(RecurError) -> Result) throws(Refusal) -> Result {
  do throws(RecurError) { return try body() } catch { throw Refusal("\(error)") }
}
