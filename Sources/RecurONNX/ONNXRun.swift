// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A tensor in the shape of an ONNX model.
public struct ONNXTensor<Element: Sendable>: Sendable {
  /// The sizes of the axes.
  public let shape: [Int]

  /// The elements in row-major order.
  public let elements: [Element]

  /// Creates a tensor.
  ///
  /// - Parameters:
  ///   - shape: The sizes of the axes.
  ///   - elements: As many elements as the product of the sizes, in row-major order.
  /// - Precondition: The number of elements is the product of the sizes.
  public init(shape: [Int], elements: [Element]) {
    precondition(
      elementCount(shape, limit: .max) == elements.count, "the shape does not fit the elements")
    self.shape = shape
    self.elements = elements
  }
}

extension ONNXTensor: Equatable where Element: Equatable {}

extension ONNXModel {
  /// Computes the ONNX model's outputs from its inputs, in the shapes of the ONNX model.
  ///
  /// - Parameters:
  ///   - features: The inputs of floating-point numbers, by name. Initial states that are left out are 0.
  ///   - tokens: The inputs of integers, by name.
  ///   - threads: Threads that share the work. If omitted, the calling thread computes alone.
  /// - Returns: The outputs by name, final states included.
  /// - Throws: ``ONNXError`` if an input is missing or does not fit the model, or if memory cannot be allocated.
  public func run(
    _ features: [String: ONNXTensor<Scalar>], tokens: [String: ONNXTensor<Int>] = [:],
    threads: Threads? = nil
  ) throws(ONNXError) -> [String: ONNXTensor<Scalar>] {
    try requireNames(features.keys, tokens.keys)
    var sizes = BatchSizes()
    var batches: [String: ModelInput<Scalar>] = [:]
    for port in inputs {
      let batch = try port.batch(features[port.name], tokens[port.name])
      try sizes.require(batch, port.name)
      batches[port.node] = batch
    }
    let state = try initialState(features, sequences: sizes.sequences ?? 1)
    let results = try recur { () throws(RecurError) in
      try model(batches, initialState: state, threads: threads)
    }
    var outputs = try finalStates(results.finalState)
    for port in self.outputs { outputs[port.name] = port.tensor(results[port.node]!) }
    return outputs
  }

  /// Returns the state before the first step, given the tensors of initial states, by name. Tensors that are left
  /// out are 0.
  ///
  /// - Parameters:
  ///   - tensors: The initial states; other tensors are not read.
  ///   - sequences: The number of sequences.
  /// - Returns: The state, or nil if no initial state is given.
  /// - Throws: ``ONNXError`` if a tensor does not fit the model, or if memory cannot be allocated.
  package func initialState(
    _ tensors: [String: ONNXTensor<Scalar>], sequences: Int
  ) throws(ONNXError) -> ModelState<Scalar>? {
    try bindings.initialState(of: model, tensors, sequences: sequences)
  }

  /// Returns the outputs that are final states, by name.
  ///
  /// - Parameter state: The state after the last step; nil if there is none.
  /// - Returns: The tensors in the shapes of the ONNX model.
  /// - Throws: ``ONNXError`` if there is no state, or if memory cannot be allocated.
  package func finalStates(
    _ state: ModelState<Scalar>?
  ) throws(ONNXError) -> [String: ONNXTensor<Scalar>] {
    var tensors: [String: ONNXTensor<Scalar>] = [:]
    try bindings.addFinalStates(state, to: &tensors)
    return tensors
  }

  private func requireNames(
    _ features: some Sequence<String>, _ tokens: some Sequence<String>
  ) throws(ONNXError) {
    let known = (
      inputs.filter { !$0.isTokens }.map(\.name) + states.filter(\.isInput).map(\.name),
      inputs.filter(\.isTokens).map(\.name)
    )
    let unknown =
      features.filter { !known.0.contains($0) } + tokens.filter { !known.1.contains($0) }
    if let name = unknown.min() {
      throw .invalid(
        argument: name,
        reason:
          "is not an input of this type, expected \((known.0 + known.1).joined(separator: ", "))")
    }
  }
}

/// The numbers of steps and sequences that all inputs must have.
private struct BatchSizes {
  var steps: Int?
  var sequences: Int?

  mutating func require<Scalar>(
    _ batch: ModelInput<Scalar>, _ name: String
  ) throws(ONNXError) {
    let expected = (steps ?? batch.steps, sequences ?? batch.batchSize)
    guard (batch.steps, batch.batchSize) == expected else {
      throw .invalid(
        argument: name,
        reason: "has \(batch.steps) steps of \(batch.batchSize) sequences, "
          + "expected \(expected.0) of \(expected.1)")
    }
    (steps, sequences) = expected
  }
}

extension ONNXPort {
  /// Returns the input of the node for a tensor in the shape of the ONNX model: of features, or of tokens.
  package func batch<Scalar>(
    _ features: ONNXTensor<Scalar>?, _ tokens: ONNXTensor<Int>?
  ) throws(ONNXError) -> ModelInput<Scalar> {
    guard let shape = isTokens ? tokens?.shape : features?.shape else {
      throw .invalid(argument: name, reason: "is missing")
    }
    let layout = try Layout(self, shape)
    let (steps, sequences) = (layout.steps, layout.sequences)
    return try recur { () throws(RecurError) in
      if let tokens {
        let batch = try TokenBatch(
          steps: steps, batchSize: sequences, tokens: layout.recurOrder(tokens.elements))
        return .tokens(batch)
      }
      let matrix = try Matrix(
        rows: steps * sequences, columns: layout.positions * layout.channels,
        elements: layout.recurOrder(features!.elements))
      return .features(try SequenceBatch(steps: steps, batchSize: sequences, matrix: matrix))
    }
  }

  /// Returns the value of the node as a tensor in the shape of the ONNX model.
  package func tensor<Scalar>(_ batch: SequenceBatch<Scalar>) -> ONNXTensor<Scalar> {
    let layout = Layout(self, batch)
    return ONNXTensor(shape: layout.shape, elements: layout.onnxOrder(batch.elements))
  }
}

/// The places of the elements of an ONNX tensor in Recur's matrix.
private struct Layout {
  private(set) var shape: [Int] = []
  private(set) var steps = 1
  private(set) var sequences = 1
  private(set) var positions = 1
  private(set) var channels = 1
  private let roles: [[ONNXAxisRole]]

  /// The layout of an input with a shape.
  init(_ port: ONNXPort, _ shape: [Int]) throws(ONNXError) {
    roles = port.axes.map(\.roles)
    let sizes = port.axes.map { $0.size.map(String.init) ?? names($0.roles) }
    guard shape.count == port.axes.count,
      zip(port.axes, shape).allSatisfy({ axis, size in
        axis.size == nil ? size >= 1 : axis.size == size
      })
    else {
      throw .invalid(
        argument: port.name,
        reason: "has the shape \(shape), expected [\(sizes.joined(separator: ", "))]")
    }
    self.shape = shape
    for (axis, size) in zip(port.axes, shape) {
      switch axis.roles.first {
      case .steps?: steps = size
      case .sequences?: sequences = size
      case .positions?: positions = size
      case .channels?: channels = size
      case nil: break
      }
    }
  }

  /// The layout of an output.
  init<Scalar>(_ port: ONNXPort, _ batch: SequenceBatch<Scalar>) {
    roles = port.axes.map(\.roles)
    (steps, sequences) = (batch.steps, batch.batchSize)
    positions = port.positions
    channels = batch.features / port.positions
    shape = roles.map { $0.reduce(1) { $0 * size(of: $1) } }
  }

  private func size(of role: ONNXAxisRole) -> Int {
    switch role {
    case .steps: steps
    case .sequences: sequences
    case .positions: positions
    case .channels: channels
    }
  }

  private func stride(of role: ONNXAxisRole) -> Int {
    switch role {
    case .steps: sequences * positions * channels
    case .sequences: positions * channels
    case .positions: channels
    case .channels: 1
    }
  }

  /// Calls `body` with the place in Recur's matrix of each element of the ONNX tensor.
  private func forEachPlace(_ body: (Int) -> Void) {
    let all = Array(roles.joined())
    forEachOffset(all.map(size(of:)), all.map(stride(of:)), 0, body)
  }

  func recurOrder<Element>(_ elements: [Element]) -> [Element] {
    var (result, next) = (elements, 0)
    forEachPlace {
      result[$0] = elements[next]
      next += 1
    }
    return result
  }

  func onnxOrder<Element>(_ elements: [Element]) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(elements.count)
    forEachPlace { result.append(elements[$0]) }
    return result
  }
}

private func names(_ roles: [ONNXAxisRole]) -> String {
  roles.isEmpty ? "1" : roles.map { "\($0)" }.joined(separator: " x ")
}
