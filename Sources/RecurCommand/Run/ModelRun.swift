// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurONNX
import RecurTraining

/// The inputs of a model, and its results.
struct ModelRun<Scalar: RecurScalar> {
  /// The shape of the tensors of one run.
  enum Layout {
    /// T x C: one sequence. Tokens: T.
    case sequence

    /// T x B x C. Tokens: T x B.
    case batch

    /// The shapes of the ONNX model.
    case onnx
  }

  let loaded: LoadedModel<Scalar>
  let layout: Layout
  private let inputs: [ModelInput<Scalar>]
  private let initialState: ModelState<Scalar>?

  var steps: Int { inputs[0].steps }
  var sequences: Int { inputs[0].batchSize }

  /// - Parameters:
  ///   - loaded: The model.
  ///   - tensors: Its inputs by name, and initial states.
  init(_ loaded: LoadedModel<Scalar>, _ tensors: [String: FileTensor]) throws {
    self.loaded = loaded
    var (inputs, layouts): ([String: ModelInput<Scalar>], Set<Layout>) = ([:], [])
    for port in loaded.inputs {
      let (input, layout) = try port.input(tensors[port.name]!, of: Scalar.self)
      inputs[port.node] = input
      layouts.insert(layout)
    }
    self.inputs = loaded.model.inputs.map { inputs[$0.name]! }
    layout = layouts.count == 1 ? layouts.first! : .batch
    let sequences = self.inputs[0].batchSize
    if let onnx = loaded.onnx {
      let states: [String: ONNXTensor<Scalar>] =
        tensors.filter { loaded.stateInputs.contains($0.key) }.mapValues { $0.onnx() }
      initialState = try BadInput.naming(loaded.path) {
        try onnx.initialState(states, sequences: sequences)
      }
    } else {
      initialState = try loaded.initialState?.repeated(sequences, of: loaded.model)
    }
  }

  init(
    _ loaded: LoadedModel<Scalar>, inputs: [ModelInput<Scalar>]
  ) throws {
    self.loaded = loaded
    self.inputs = inputs
    layout = .batch
    initialState = try loaded.initialState?.repeated(inputs[0].batchSize, of: loaded.model)
  }

  /// Runs the model over whole sequences.
  func whole() throws -> ModelResults<Scalar> {
    try BadInput.naming(loaded.path) {
      try requireSameSteps()
      let start = ContinuousClock.now
      let outputs = try loaded.model(named(inputs), initialState: initialState)
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
        reason: "has \(input.steps) steps of \(input.batchSize) sequences, "
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
