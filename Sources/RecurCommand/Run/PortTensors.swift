// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurONNX
import RecurTraining

extension FileTensor {
  /// The tensor for an ONNX model.
  func onnx<Scalar: RecurScalar>() -> ONNXTensor<Scalar> {
    ONNXTensor(shape: shape, elements: elements.map { Scalar($0) })
  }
}

extension ModelPort {
  /// Returns the input for a tensor, and the layout of its shape.
  ///
  /// A tensor with as many axes as that of an ONNX model has the shape of the ONNX model, except one of a
  /// format that defines its axes, and one of several steps for a model of one step.
  ///
  /// - Parameters:
  ///   - tensor: The tensor.
  ///   - scalar: The precision of the model.
  ///   - stateSequences: The number of sequences of the given initial states; 1 without them.
  func input<Scalar: RecurScalar>(
    _ tensor: FileTensor, of scalar: Scalar.Type, stateSequences: Int = 1
  ) throws -> (ModelInput<Scalar>, TensorLayout) {
    guard !tensor.elements.isEmpty else {
      throw BadInput("\(tensor.place): has the shape \(tensor.shape), expected elements")
    }
    try tensor.requireFinite(scalar)
    let hasSteps = tensor.isSteps || isStep && stateSequences == 1 && sizes(tensor) != nil
    return try BadInput.naming(tensor.place) {
      if let onnx, tensor.shape.count == onnx.axes.count, !hasSteps {
        let tokens =
          isTokens ? ONNXTensor(shape: tensor.shape, elements: try self.tokens(tensor)) : nil
        return (try onnx.batch(isTokens ? nil : tensor.onnx(), tokens), .onnx)
      }
      guard let (steps, sequences) = sizes(tensor) else {
        throw BadInput(
          "\(tensor.place): has the shape \(tensor.shape), expected \(expectedShapes(tensor))")
      }
      let layout: TensorLayout = sequences == nil ? .sequence : .batch
      if isTokens {
        let batch = try TokenBatch(
          steps: steps, batchSize: sequences ?? 1, tokens: self.tokens(tensor))
        return (.tokens(batch), layout)
      }
      let batch = try SequenceBatch(
        steps: steps, batchSize: sequences ?? 1, features: size,
        elements: tensor.elements.map { Scalar($0) })
      return (.features(batch), layout)
    }
  }

  /// The numbers of steps and sequences; nil for sequences if the shape has no axis of them, and nil if the
  /// shape does not fit.
  private func sizes(_ tensor: FileTensor) -> (steps: Int, sequences: Int?)? {
    let shape = tensor.shape
    switch (shape.count, isTokens) {
    case (1, true): return (shape[0], nil)
    case (2, true) where tensor.isSteps: return shape[1] == 1 ? (shape[0], nil) : nil
    case (2, true): return (shape[0], shape[1])
    case (1, false): return size == 1 ? (shape[0], nil) : nil
    case (2, false): return shape[1] == size ? (shape[0], nil) : nil
    case (3, false): return shape[2] == size ? (shape[0], shape[1]) : nil
    default: return nil
    }
  }

  private func expectedShapes(_ tensor: FileTensor) -> String {
    var shapes = isTokens ? ["[steps]"] : ["[steps, \(size)]"]
    if tensor.isSteps { return isTokens ? "one column" : "\(size) column\(size == 1 ? "" : "s")" }
    shapes.append(isTokens ? "[steps, sequences]" : "[steps, sequences, \(size)]")
    if let onnx { shapes.append("[\(onnx.axes.map { "\($0)" }.joined(separator: ", "))]") }
    return shapes.joined(separator: " or ")
  }

  private func tokens(_ tensor: FileTensor) throws -> [Int] {
    try tensor.integers(0...size - 1, "a token")
  }
}

extension ModelRun {
  /// Returns the results as tensors in the layout of the inputs: the outputs in the order of the file, and
  /// the final states of an ONNX model.
  func tensors(_ results: ModelResults<Scalar>) throws -> [ResultTensor<Scalar>] {
    try BadInput.naming(loaded.path) {
      let outputs = try loaded.outputs.map { port in
        var result = tensor(port, results.values[port.node]!)
        result.counts = try counts(port, results.values[port.node]!)
        return result
      }
      guard let onnx = loaded.onnx, !loaded.stateOutputs.isEmpty else { return outputs }
      let states = try onnx.finalStates(results.finalState)
      return outputs
        + loaded.stateOutputs.map { name in
          let state = states[name]!
          return ResultTensor(
            name: name, shape: state.shape, elements: state.elements,
            axes: state.shape.indices.map { "axis \($0) index" })
        }
    }
  }

  /// Returns which elements of an output are within the sequences; nil if all are.
  private func counts(_ port: ModelPort, _ value: SequenceBatch<Scalar>) throws -> [Bool]? {
    guard let lengths else { return nil }
    let rows = try loaded.model.rowsWithinSequences(
      of: port.node, steps: steps, batchSize: sequences, lengths: lengths)
    let marks = rows.flatMap { Array(repeating: $0 ? Scalar(1) : 0, count: value.features) }
    let batch = try SequenceBatch(
      steps: value.steps, batchSize: sequences, features: value.features, elements: marks)
    return tensor(port, batch).elements.map { $0 == 1 }
  }

  private func tensor(_ port: ModelPort, _ value: SequenceBatch<Scalar>) -> ResultTensor<Scalar> {
    switch layout {
    case .onnx:
      let tensor = port.onnx!.tensor(value)
      return ResultTensor(
        name: port.name, shape: tensor.shape, elements: tensor.elements,
        axes: port.onnx!.axes.map(\.counted))
    case .sequence:
      return ResultTensor(
        name: port.name, shape: [value.steps, value.features], elements: value.elements,
        axes: ["step", "channel"])
    case .batch:
      return ResultTensor(
        name: port.name, shape: [value.steps, value.batchSize, value.features],
        elements: value.elements, axes: ["step", "sequence", "channel"])
    }
  }
}

extension ONNXAxis {
  /// What an index counts.
  fileprivate var counted: String {
    roles.isEmpty ? "axis" : roles.map { String("\($0)".dropLast()) }.joined(separator: " x ")
  }
}
