// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurONNX
import RecurTraining

/// The inputs of a model, and its results.
struct ModelRun<Scalar: RecurScalar> {
  let loaded: LoadedModel<Scalar>
  let layout: TensorLayout

  /// The number of steps of each sequence; all if nil.
  let lengths: [Int]?

  private let inputs: [ModelInput<Scalar>]
  private let initialState: ModelState<Scalar>?

  var steps: Int { inputs[0].steps }
  var sequences: Int { inputs[0].batchSize }

  /// - Parameters:
  ///   - loaded: The model.
  ///   - tensors: Its inputs by name, initial states, and lengths.
  init(_ loaded: LoadedModel<Scalar>, _ tensors: ModelTensors) throws {
    self.loaded = loaded
    let states = tensors.tensors.filter { loaded.stateInputs.contains($0.key) }
    for (_, state) in states.sorted(by: { $0.key < $1.key }) {
      try state.requireFinite(Scalar.self)
    }
    let stateSequences = loaded.sequences(ofStates: states)
    var inputs: [String: ModelInput<Scalar>] = [:]
    var layouts: [(input: String, layout: TensorLayout)] = []
    for port in loaded.inputs {
      let (input, layout) = try port.input(
        tensors.tensors[port.name]!, of: Scalar.self, stateSequences: stateSequences)
      inputs[port.node] = input
      layouts.append((port.name, layout))
    }
    self.inputs = loaded.model.inputs.map { inputs[$0.name]! }
    layout = try TensorLayout.common(layouts, loaded.path)
    let (steps, sequences) = (self.inputs[0].steps, self.inputs[0].batchSize)
    lengths = try tensors.lengths?.lengths(sequences, steps: steps)
    try Self.requireGivenSizes(loaded, layout, sequences)
    if let onnx = loaded.onnx {
      initialState = try BadInput.naming(loaded.path) {
        try onnx.initialState(states.mapValues { $0.onnx() }, sequences: sequences)
      }
    } else {
      initialState = try loaded.initialState?.repeated(sequences, of: loaded.model)
    }
  }

  /// Throws an error if `--size` gives another number of sequences than the tensors have. Those in the layout
  /// of the ONNX model have its sizes.
  private static func requireGivenSizes(
    _ loaded: LoadedModel<Scalar>, _ layout: TensorLayout, _ sequences: Int
  ) throws {
    guard layout != .onnx else { return }
    for axis in loaded.inputs.compactMap(\.onnx).flatMap(\.axes)
    where axis.roles == [.sequences] && axis.size != sequences {
      guard let given = loaded.sizes.first(where: { $0.value == axis.size }) else { continue }
      throw BadInput(
        "\(loaded.path): has \(counted(sequences, "sequence")) in the inputs, but --size "
          + "\(given.key)=\(given.value) gives another number")
    }
  }

  init(
    _ loaded: LoadedModel<Scalar>, inputs: [ModelInput<Scalar>]
  ) throws {
    self.loaded = loaded
    self.inputs = inputs
    layout = .batch
    lengths = nil
    initialState = try loaded.initialState?.repeated(inputs[0].batchSize, of: loaded.model)
  }

  /// Runs the model over whole sequences.
  func whole() throws -> ModelResults<Scalar> {
    try BadInput.naming(loaded.path) {
      try requireSameSteps()
      let start = ContinuousClock.now
      let outputs = try loaded.model(
        named(inputs), lengths: lengths, initialState: initialState)
      let time = ContinuousClock.now - start
      return ModelResults(outputs.names, outputs.values, outputs.finalState, time)
    }
  }

  /// Runs the model in blocks of steps. The last block may be shorter.
  func streamed(block: Int) throws -> ModelResults<Scalar> {
    try BadInput.naming(loaded.path) {
      try requireSameSteps()
      let model = loaded.model
      var stream = try model.stream(batchSize: sequences, steps: block, from: initialState)
      var outputs = try StreamedOutputs(model, block: block)
      let blocks = try stride(from: 0, through: steps - block, by: block).map { first in
        try inputs.map { try $0[first..<first + block] }
      }
      let rest = try inputs.map { try $0[steps - steps % block..<steps] }
      let start = ContinuousClock.now
      for block in blocks { try outputs.append(stream.step(block)) }
      var state: ModelState? = stream.state
      if steps % block > 0 {
        let last = try model(named(rest), initialState: state)
        outputs.append(last.values.map(\.matrix))
        state = last.finalState
      }
      let time = ContinuousClock.now - start
      let values = try outputs.values(of: model, sequences: sequences)
      return ModelResults(model.outputs.map(\.name), values, state, time)
    }
  }

  private func named(_ inputs: [ModelInput<Scalar>]) -> [String: ModelInput<Scalar>] {
    Dictionary(uniqueKeysWithValues: zip(loaded.model.inputs.map(\.name), inputs))
  }

  /// Throws an error unless all inputs have the same numbers of steps and sequences.
  private func requireSameSteps() throws(RecurError) {
    for (input, node) in zip(inputs, loaded.model.inputs)
    where (input.steps, input.batchSize) != (steps, sequences) {
      throw .invalid(
        argument: node.name,
        reason: "has \(counted(input.steps, "step")) of \(counted(input.batchSize, "sequence")), "
          + "expected \(steps) of \(sequences)")
    }
  }
}

/// The values of a model's outputs by node, and its final state.
struct ModelResults<Scalar: RecurScalar> {
  let values: [String: SequenceBatch<Scalar>]
  let finalState: ModelState<Scalar>?

  /// The time of the computation.
  let time: Duration

  init(
    _ names: [String], _ values: [SequenceBatch<Scalar>], _ finalState: ModelState<Scalar>?,
    _ time: Duration
  ) {
    self.values = Dictionary(uniqueKeysWithValues: zip(names, values))
    self.finalState = finalState
    self.time = time
  }
}

/// The outputs of the blocks of a stream.
private struct StreamedOutputs<Scalar: RecurScalar> {
  private var elements: [[Scalar]]

  /// Whether an output has one row for each sequence, so that the last block has it.
  private let isLastRow: [Bool]

  init(_ model: Model<Scalar>, block: Int) throws(RecurError) {
    let (one, two) = try (model.outputShapes(steps: block), model.outputShapes(steps: 2 * block))
    isLastRow = zip(one, two).map { $0.steps == $1.steps }
    elements = one.map { _ in [] }
  }

  mutating func append(_ outputs: [Matrix<Scalar>]) {
    for (k, output) in outputs.enumerated() {
      if isLastRow[k] { elements[k] = [] }
      elements[k] += output.elements
    }
  }

  func values(
    of model: Model<Scalar>, sequences: Int
  ) throws(RecurError) -> [SequenceBatch<Scalar>] {
    let columns = try model.outputShapes(steps: 1).map(\.columns)
    return try zip(elements, columns).map { elements, columns throws(RecurError) in
      try SequenceBatch(
        steps: elements.count / (sequences * columns), batchSize: sequences, features: columns,
        elements: elements)
    }
  }
}

extension ModelInput {
  /// A range of steps.
  fileprivate subscript(range: Range<Int>) -> ModelInput {
    get throws(RecurError) {
      switch self {
      case .features(let batch): return .features(try batch[steps: range])
      case .tokens(let batch):
        let B = batch.batchSize
        let tokens = batch.tokens[range.lowerBound * B..<range.upperBound * B]
        return .tokens(try TokenBatch(steps: range.count, batchSize: B, tokens: Array(tokens)))
      }
    }
  }
}
