// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurONNX
import RecurTraining

/// A model from a file, with the names that its inputs and outputs have in the file.
struct LoadedModel<Scalar: RecurScalar> {
  let path: String

  /// What the file is, such as `GuitarML model`.
  let kind: String

  let model: Model<Scalar>

  /// The state before the first step of one sequence; nil if it is zero.
  private(set) var initialState: ModelState<Scalar>?

  /// The sampling rate that the model was made for, in samples per second, if the file states it.
  private(set) var sampleRate: Double?

  /// The shapes and states of an ONNX model; nil for a model of another format.
  private(set) var onnx: ONNXModel<Scalar>?

  /// The strings that are stored with a model of Recur.
  private(set) var info: [String: String] = [:]

  /// The key of the sampling rate among these strings.
  static var sampleRateKey: String { "sampleRate" }

  /// A model of Recur.
  init(_ path: String, _ model: Model<Scalar>, info: [String: String] = [:]) {
    self.path = path
    kind = "Recur model"
    self.model = model
    self.info = info
    sampleRate =
      info[Self.sampleRateKey].flatMap(Double.init)
      ?? (try? AmpInfo(info, path)).map { Double($0.sampleRate) }
  }

  init(_ path: String, _ imported: ImportedModel<Scalar>) {
    self.path = path
    kind = "\(imported.format.rawValue) model"
    model = imported.model
    initialState = imported.initialState
    sampleRate = imported.sampleRate
  }

  init(_ path: String, _ imported: ONNXModel<Scalar>) {
    self.path = path
    kind = "ONNX model"
    model = imported.model
    onnx = imported
  }

  /// The model with a zero state before the first step.
  var withoutInitialState: LoadedModel {
    var copy = self
    copy.initialState = nil
    return copy
  }
}

/// An input or an output of a model.
struct ModelPort {
  /// The name in the file.
  let name: String

  /// The name of the node in the graph.
  let node: String

  /// The number of channels, or of the tokens of a vocabulary.
  let size: Int

  var isTokens = false

  /// The axes of the tensor of an ONNX model.
  var onnx: ONNXPort?
}

extension LoadedModel {
  /// The inputs, without states, in the order of the file.
  var inputs: [ModelPort] {
    let nodes = model.inputs.map { node in
      switch node.layer {
      case .tokens(let size):
        ModelPort(name: node.name, node: node.name, size: size, isTokens: true)
      case .features(let size): ModelPort(name: node.name, node: node.name, size: size)
      default: preconditionFailure("\(node.name) is no input")
      }
    }
    return onnx.map { named($0.inputs, nodes) } ?? nodes
  }

  /// The outputs, without states, in the order of the file.
  var outputs: [ModelPort] {
    get throws(RecurError) {
      let sizes = try model.outputShapes(steps: 1).map(\.columns)
      let nodes = zip(model.outputs, sizes).map {
        ModelPort(name: $0.name, node: $0.name, size: $1)
      }
      return onnx.map { named($0.outputs, nodes) } ?? nodes
    }
  }

  private func named(_ ports: [ONNXPort], _ nodes: [ModelPort]) -> [ModelPort] {
    ports.map { port in
      let node = nodes.first { $0.node == port.node }!
      return ModelPort(
        name: port.name, node: port.node, size: node.size, isTokens: node.isTokens, onnx: port)
    }
  }

  /// The names of the inputs that are initial states: those of an ONNX model.
  var stateInputs: [String] { onnx?.states.filter(\.isInput).map(\.name) ?? [] }

  /// The names of the outputs that are final states: those of an ONNX model.
  var stateOutputs: [String] { onnx?.states.filter { !$0.isInput }.map(\.name) ?? [] }

  /// Why the model needs whole sequences; nil if it can be streamed.
  var reasonAgainstStreams: String? {
    guard model.chunkSteps == nil else { return nil }
    do {
      _ = try model.stream(batchSize: 1)
      return nil
    } catch { return "\(error)" }
  }
}

extension ModelState {
  /// Returns the state of several sequences, each in this state of one sequence.
  func repeated(_ sequences: Int, of model: Model<Scalar>) throws(RecurError) -> ModelState {
    var state = try model.zeroState(batchSize: sequences)
    for slice in slices {
      guard let part = self[slice.name] else {
        throw .outOfMemory(reason: "memory for the state \(slice.name) cannot be allocated")
      }
      var elements: [Scalar] = []
      for row in 0..<part.rows {
        let one = (0..<part.columns).map { part[row, $0] }
        for _ in 0..<sequences { elements += one }
      }
      try state.set(
        slice.name,
        to: Matrix(rows: part.rows * sequences, columns: part.columns, elements: elements))
    }
    return state
  }
}
