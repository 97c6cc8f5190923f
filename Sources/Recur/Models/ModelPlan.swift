// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// A checked graph in the C library.
///
/// `@unchecked Sendable` is safe: a model of the C library does not change.
final class CModel: @unchecked Sendable {
  let pointer: OpaquePointer

  init(_ graph: ModelGraph) throws(RecurError) {
    let nodes = try NodesInC(graph.nodes)
    guard
      let pointer = nodes.withNodes({ recur_model_alloc($0.baseAddress, $0.count) })
    else { throw lastError() }
    self.pointer = pointer
  }

  deinit { recur_model_free(pointer) }
}

/// The data that all copies of a model share: its checked graph, and the workspaces that the last passes left.
final class ModelPlan: Sendable {
  let graph: ModelGraph
  let inC: CModel
  let slices: [ParameterSlice]
  let spares = SpareWorkspaces()

  /// The numbers of the nodes that are inputs and outputs.
  let inputs: [Int]
  let outputs: [Int]

  /// Whether a pass in training draws random masks.
  let drawsMasks: Bool

  /// The length of the shortest chunk, in steps; nil if the model needs whole sequences.
  let chunk: Int?

  init(_ graph: ModelGraph) throws(RecurError) {
    inC = try CModel(graph)
    self.graph = graph.completed(by: inC)
    slices = try inC.parameterSlices(of: self.graph)
    let nodes = self.graph.nodes
    inputs = nodes.indices.filter { nodes[$0].layer.isInput }
    outputs = nodes.indices.filter { nodes[$0].isOutput }
    drawsMasks = nodes.contains {
      if case .network(let configuration) = $0.layer { configuration.drawsMasks } else { false }
    }
    var steps = 0
    chunk =
      Int(recur_model_check_stream(inC.pointer, &steps)) == Int(GSL_SUCCESS) ? steps : nil
  }

  /// Returns the number of columns of a value, and its number of steps for sequences of T steps; 1 for one row
  /// a sequence.
  func shape(of node: Int, steps: Int) throws(RecurError) -> (steps: Int, columns: Int) {
    var shape = recur_model_shape()
    try check(recur_model_value_shape(inC.pointer, node, steps, 1, &shape))
    return (shape.rows, shape.columns)
  }

  /// Throws an error, with the name of a node, if the model needs whole sequences.
  func requireStream(steps: Int) throws(RecurError) {
    var chunk = 0
    try check(recur_model_check_stream(inC.pointer, &chunk), ["model": "stream"])
    try requireSize("steps", steps, atLeast: 1)
    guard steps.isMultiple(of: chunk) else {
      throw .invalid(argument: "steps", reason: "is \(steps), expected a multiple of \(chunk)")
    }
  }
}

extension ModelLayer {
  var isInput: Bool {
    switch self {
    case .features, .tokens: true
    default: false
    }
  }
}

extension ModelGraph {
  /// Returns the graph with the input sizes of networks that were left out.
  fileprivate func completed(by model: CModel) -> ModelGraph {
    var graph = self
    for (k, node) in nodes.enumerated() {
      guard case .network(var configuration) = node.layer, configuration.inputSize == 0 else {
        continue
      }
      configuration.inputSize = recur_model_node(model.pointer, k).pointee.network.input_size
      graph.nodes[k].layer = .network(configuration)
    }
    return graph
  }
}

extension CModel {
  /// Returns the number of slices and elements of the parameters.
  func parameterCounts() throws(RecurError) -> (slices: Int, elements: Int) {
    var (slices, elements) = (0, 0)
    try check(recur_model_parameters_count(pointer, &slices, &elements))
    return (slices, elements)
  }

  fileprivate func parameterSlices(of graph: ModelGraph) throws(RecurError) -> [ParameterSlice] {
    let layers = Dictionary(
      uniqueKeysWithValues: graph.nodes.map { (Substring($0.name), $0.layer) })
    let count = try parameterCounts().slices
    try ParameterSlice.requireCount(count)
    return try (0..<count).map { k throws(RecurError) in
      var slice = recur_model_slice()
      try check(recur_model_parameters_slice(pointer, k, &slice))
      return ParameterSlice(slice) { name in
        // The name of a part has no full stop.
        let end = name.utf8.lastIndex(of: UInt8(ascii: "."))!
        return layers[name[..<end]]!.shape(
          of: name[end...].dropFirst(), slice.rows, slice.columns)
      }
    }
  }

  /// Returns the slices of a state.
  func stateSlices(batchSize: Int) throws(RecurError) -> [ParameterSlice] {
    try requireSize("batchSize", batchSize, atLeast: 0)
    var (count, numbers) = (0, 0)
    try check(recur_model_state_count(pointer, batchSize, &count, &numbers), modelArgumentNames)
    return try (0..<count).map { k throws(RecurError) in
      var slice = recur_model_slice()
      try check(recur_model_state_slice(pointer, batchSize, k, &slice), modelArgumentNames)
      return ParameterSlice(slice)
    }
  }
}

extension ParameterSlice {
  fileprivate init(_ slice: recur_model_slice, shape: (String) -> [Int]? = { _ in nil }) {
    let name = withUnsafeBytes(of: slice.name) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    self.init(
      name: name, rows: slice.rows, columns: slice.columns, offset: slice.offset,
      shape: shape(name))
  }
}

extension ModelLayer {
  /// Returns the dimensions of a parameter in PyTorch; nil for those that follow from its name.
  fileprivate func shape(of part: Substring, _ rows: Int, _ columns: Int) -> [Int]? {
    switch self {
    case .convolution(let convolution) where part == "weight":
      [rows, columns / convolution.kernelSize, convolution.kernelSize]
    case .prelu, .layerNormalization, .scale: [rows]
    default: nil
    }
  }
}

extension ModelPlan: WorkspacePlan {
  func workspaceFunctions<Scalar: RecurScalar>(of scalar: Scalar.Type) -> WorkspaceFunctions {
    let (kernels, model) = (Scalar.kernels.model, inC)
    return WorkspaceFunctions(
      bytes: { kernels.workspaceBytes(model.pointer, $0, $1) },
      alloc: { kernels.allocWorkspace(model.pointer, $0) },
      free: kernels.freeWorkspace, setThreads: kernels.setThreads,
      argumentNames: modelArgumentNames)
  }
}

/// The Swift names of the C arguments.
let modelArgumentNames = [
  "batch_size": "batchSize", "segment_length": "segmentLength", "theta": "parameters",
  "initial_state": "initialState", "final_state": "finalState",
  "dfinal_state": "finalStateGradient", "batch->lengths": "lengths",
]

/// The parameters of a model, packed for inference and shared by all passes until they change.
///
/// `@unchecked Sendable` is safe: after the initializer, the C library only reads the weights.
final class PreparedModelWeights<Scalar: RecurScalar>: @unchecked Sendable {
  /// Not the plan: parameters keep these weights, so they would also keep the plan and its workspaces.
  let model: CModel
  let pointer: OpaquePointer

  init(_ model: CModel, _ theta: Scalar.GSLVector) throws(RecurError) {
    guard let pointer = Scalar.kernels.model.allocWeights(model.pointer) else {
      throw lastError(modelArgumentNames)
    }
    self.model = model
    self.pointer = pointer
    var theta = theta
    try check(Scalar.kernels.model.setWeights(pointer, &theta), modelArgumentNames)
  }

  deinit { Scalar.kernels.model.freeWeights(pointer) }
}
