// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension ONNXModel {
  /// Writes a model of Recur as an ONNX model, in 32-bit floating-point numbers.
  ///
  /// Its inputs and outputs have the names of the nodes. Features and outputs have the shape (steps, sequences,
  /// columns); an output with one row for each sequence has one step. Tokens have the shape (steps, sequences).
  ///
  /// With `states`, the states of networks are inputs and outputs, of the shape (layers x directions, sequences,
  /// hidden units): the node `lstm` has the inputs `lstm.h` and `lstm.c` and the outputs `lstm.h.final` and
  /// `lstm.c.final`. Otherwise, initial states are 0.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - states: Whether states are inputs and outputs.
  /// - Returns: The contents of a file, with version 17 of ONNX's operators.
  /// - Throws: ``ONNXError`` if a layer has no equivalent in ONNX: residual networks, projections, layer
  ///   normalization within cells, clamps of cell states, and activations in cells that ONNX does not have; or
  ///   if `states` is true and the model needs whole sequences or has causal convolutions, whose state an ONNX
  ///   model does not have.
  public static func bytes(
    of model: Model<Scalar>, states: Bool = false
  ) throws(ONNXError) -> [UInt8] {
    if states, let reason = reasonAgainstStates(of: model) {
      throw .unsupported(part: "model", reason: reason)
    }
    var writer = ModelWriter(model, states: states)
    for node in model.graph.nodes { try writer.write(node) }
    return writer.writer.model(opset: 17)
  }

  /// Returns why an ONNX model cannot have the states of a model as inputs and outputs; nil if it can.
  package static func reasonAgainstStates(of model: Model<Scalar>) -> String? {
    guard model.chunkSteps != nil else {
      return "needs whole sequences, so that it has no final state"
    }
    let node = model.graph.nodes.first {
      if case .convolution(let convolution) = $0.layer { convolution.hasState } else { false }
    }
    return node.map { "has the convolution \($0.name), whose state an ONNX model cannot have" }
  }
}

extension Convolution {
  /// Whether a causal convolution begins with the last inputs of the chunk before.
  fileprivate var hasState: Bool { axis == .steps && kernelSize > 1 }
}

/// The value of a node: its name in the ONNX graph and its sizes. The tensor is T x B x Q·C.
struct WrittenValue {
  var name: String
  var positions = 1
  var channels: Int
  var steps: GraphWriter.Dimension = .name("steps")

  var columns: Int { positions * channels }
}

/// Writes the nodes of a model in order.
struct ModelWriter<Scalar: RecurScalar> {
  let model: Model<Scalar>

  /// Whether the states of networks are inputs and outputs.
  let states: Bool
  var writer = GraphWriter()
  private var values: [String: WrittenValue] = [:]

  init(_ model: Model<Scalar>, states: Bool) {
    self.model = model
    self.states = states
  }

  mutating func write(_ node: ModelNode) throws(ONNXError) {
    let sources = node.sources.map { values[$0]! }
    var value: WrittenValue
    do throws(Refusal) {
      value = try layer(node, sources)
    } catch {
      throw .unsupported(part: "node \"\(node.name)\"", reason: error.reason)
    }
    // The output has the name of the node, which no other value has.
    if !node.layer.isInputLayer {
      value.name = writer.add("Identity", [value.name], output: node.name)
    }
    values[node.name] = value
    guard node.isOutput else { return }
    writer.output(node.name, [value.steps, .name("sequences"), .size(value.columns)])
  }

  func elements(_ node: ModelNode, _ part: String) throws(Refusal) -> [Float] {
    guard let matrix = model.parameters["\(node.name).\(part)"] else {
      throw Refusal("needs memory that cannot be allocated")
    }
    return matrix.elements.map { Float($0) }
  }

  private mutating func layer(
    _ node: ModelNode, _ sources: [WrittenValue]
  ) throws(Refusal) -> WrittenValue {
    let source = sources.first
    switch node.layer {
    case .features(let size):
      writer.input(node.name, .float, [.name("steps"), .name("sequences"), .size(size)])
      return WrittenValue(name: node.name, channels: size)
    case .tokens:
      writer.input(node.name, .int64, [.name("steps"), .name("sequences")])
      return WrittenValue(name: node.name, channels: 1)
    case .embedding(let size):
      let table = try elements(node, "weight")
      let weight = writer.tensor("\(node.name).weight", [table.count / size, size], table)
      return WrittenValue(name: writer.add("Gather", [weight, source!.name]), channels: size)
    case .network(let configuration): return try network(node, configuration, source!)
    case .dense(let size, let bias): return try dense(node, size, bias, source!)
    case .convolution(let convolution): return try self.convolution(node, convolution, source!)
    case .activation(let activation): return source!.named(apply(activation, to: source!.name))
    case .prelu, .layerNormalization, .scale, .softmax:
      return try perChannel(node, source!)
    case .add: return fold("Add", sources)
    case .multiply: return fold("Mul", sources)
    case .concatenate:
      var parts: [String] = []
      for source in sources { parts.append(split(source)) }
      let axis = source!.positions == 1 ? 2 : 3
      var value = source!
      value.channels = sources.reduce(0) { $0 + $1.channels }
      return join(value.named(writer.add("Concat", parts, [("axis", .integer(axis))])))
    case .slice(let range):
      var value = source!
      value.channels = range.count
      return join(value.named(slice(source!, range)))
    case .reshape(let positions):
      return WrittenValue(
        name: source!.name, positions: positions, channels: source!.columns / positions,
        steps: source!.steps)
    case .magnitude: return magnitude(source!)
    case .lastStep: return step(source!, from: -1, to: Int(Int64.max))
    case .firstStep: return step(source!, from: 0, to: 1)
    case .mean: return reduced("ReduceMean", source!)
    case .maximum: return reduced("ReduceMax", source!)
    }
  }
}

extension ModelLayer {
  fileprivate var isInputLayer: Bool {
    switch self {
    case .features, .tokens: true
    default: false
    }
  }
}

extension WrittenValue {
  func named(_ name: String) -> WrittenValue {
    var value = self
    value.name = name
    return value
  }
}

// Values with positions

extension ModelWriter {
  /// Returns the tensor as T x B x Q x C, or as it is if Q is 1.
  mutating func split(_ value: WrittenValue) -> String {
    guard value.positions > 1 else { return value.name }
    return writer.add(
      "Reshape", [value.name, writer.list([0, 0, value.positions, value.channels])])
  }

  /// Returns a value of T x B x Q·C, given a tensor as of `split`.
  mutating func join(_ value: WrittenValue) -> WrittenValue {
    guard value.positions > 1 else { return value }
    return value.named(writer.add("Reshape", [value.name, writer.list([0, 0, value.columns])]))
  }

  private mutating func slice(_ value: WrittenValue, _ range: Range<Int>) -> String {
    let axis = value.positions == 1 ? 2 : 3
    return writer.add(
      "Slice",
      [
        split(value), writer.list([range.lowerBound]), writer.list([range.upperBound]),
        writer.list([axis]),
      ])
  }

  private mutating func magnitude(_ source: WrittenValue) -> WrittenValue {
    var value = source
    value.channels = source.channels / 2
    let a = slice(source, 0..<value.channels)
    let b = slice(source, value.channels..<source.channels)
    let squares = [a, b].map { writer.add("Mul", [$0, $0]) }
    return join(value.named(writer.add("Sqrt", [writer.add("Add", squares)])))
  }

  private mutating func fold(_ name: String, _ sources: [WrittenValue]) -> WrittenValue {
    sources[0].named(
      sources.dropFirst().reduce(sources[0].name) { writer.add(name, [$0, $1.name]) })
  }

  private mutating func step(_ source: WrittenValue, from first: Int, to last: Int) -> WrittenValue
  {
    var value = source
    value.steps = .size(1)
    return value.named(
      writer.add(
        "Slice", [source.name, writer.list([first]), writer.list([last]), writer.list([0])]))
  }

  private mutating func reduced(_ name: String, _ source: WrittenValue) -> WrittenValue {
    var value = source
    value.steps = .size(1)
    return value.named(writer.add(name, [source.name], [("axes", .integers([0]))]))
  }
}
