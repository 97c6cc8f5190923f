// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurONNX
import RecurTraining

/// A model from a file, with the names that its inputs and outputs have in the file.
struct LoadedModel<Scalar: RecurScalar> {
  let path: String

  /// What the file is, such as `GuitarML model`.
  let kind: String

  private(set) var model: Model<Scalar>

  /// The state before the first step of one sequence; nil if it is zero.
  private(set) var initialState: ModelState<Scalar>?

  /// The sampling rate that the model was made for, in samples per second, if the file states it.
  private(set) var sampleRate: Double?

  /// The shapes and states of an ONNX model; nil for a model of another format.
  private(set) var onnx: ONNXModel<Scalar>?

  /// The sizes of an ONNX model that were given by name.
  private(set) var sizes: [String: Int] = [:]

  /// The strings that are stored with a model of Recur.
  private(set) var info: [String: String] = [:]

  /// These strings and the sampling rate, for a file with this model or one that is made from it.
  var strings: [String: String] {
    info.merging(SampleRate.strings(sampleRate)) { own, _ in own }
  }

  /// A model of Recur.
  init(
    _ path: String, _ model: Model<Scalar>, info: [String: String] = [:],
    sampleRate: Double? = nil
  ) {
    self.path = path
    kind = "Recur model"
    self.model = model
    self.info = info
    self.sampleRate = sampleRate
  }

  init(_ path: String, _ imported: ImportedModel<Scalar>) {
    self.path = path
    kind = "\(imported.format.rawValue) model"
    model = imported.model
    initialState = imported.initialState
    sampleRate = imported.sampleRate
  }

  init(_ path: String, _ imported: ONNXModel<Scalar>, sizes: [String: Int]) {
    self.path = path
    kind = "ONNX model"
    model = imported.model
    onnx = imported
    self.sizes = sizes
  }

  /// The model with another storage of the matrices of its networks.
  ///
  /// - Throws: `BadInput` if no network can have the storage.
  func compressed(_ storage: NetworkConfiguration.WeightStorage) throws -> LoadedModel {
    guard storage == .full || Scalar.self == Float.self else {
      throw BadInput(
        "\(path): is in double precision, expected single precision for --weights \(storage)")
    }
    var copy = self
    do {
      copy.model = try model.compressed(storage)
    } catch .invalid(argument: "storage", let reason) {
      throw BadInput("\(path): --weights \(reason)")
    } catch {
      try BadInput.naming(path) { throw error }
    }
    return copy
  }

  /// Throws an error if a network has compressed weights in double precision, in which no pass can use them.
  func requireUsableStorage() throws {
    for node in model.graph.nodes where Scalar.self == Double.self {
      guard case .network(let configuration) = node.layer, configuration.weightStorage != .full
      else { continue }
      throw BadInput(
        "\(path): network \"\(node.name.printable)\" has \(configuration.weightStorage) weights in double "
          + "precision, expected single precision")
    }
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

  /// Whether the ONNX model computes one step from its states, so that a table has steps, not sequences.
  var isStep = false
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
    guard let onnx else { return nodes }
    let isStep =
      !onnx.states.isEmpty
      && onnx.inputs.allSatisfy {
        $0.axes.allSatisfy { axis in
          !axis.roles.contains(.steps) && (axis.roles != [.sequences] || axis.size ?? 1 == 1)
        }
      }
    return named(onnx.inputs, nodes).map { port in
      var port = port
      port.isStep = isStep
      return port
    }
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

  /// The number of sequences of initial states; 1 if none tells it.
  func sequences(ofStates tensors: [String: FileTensor]) -> Int {
    for state in onnx?.states ?? [] {
      guard state.isInput, let axis = state.shape.firstIndex(of: nil),
        let tensor = tensors[state.name],
        axis < tensor.shape.count
      else { continue }
      return tensor.shape[axis]
    }
    return 1
  }

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
