// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport
import Testing

/// A model, a batch and gradients for its outputs and its final state, with seeded values, and the results of the
/// reference in the widest type.
struct ModelProblem<Scalar: RecurScalar> {
  private var model: Model<Scalar>
  private var inputs: [String: ModelInput<Scalar>] = [:]
  private let (T, B): (Int, Int)
  private var lengths: [Int]?
  private var state: ModelState<Scalar>?
  private var dFinal: ModelState<Scalar>?
  private var dOutputs: [String: SequenceBatch<Scalar>] = [:]
  private let label: String

  /// Weights are uniform in ±1/√n, where n is the number of columns, so that values stay near 1. Sequences have
  /// from `least` to T steps, and some have none.
  init(
    _ graph: ModelGraph, T: Int, B: Int, ragged: Bool, least: Int = 0, seed: UInt64
  ) throws {
    var random = SplitMix64(seed: seed)
    (self.T, self.B) = (T, B)
    model = try Model(graph)
    for part in model.parameters.slices {
      let matrix: Matrix<Scalar> = try random.matrix(part, 1 / Double(part.columns).squareRoot())
      try model.parameters.set(part.name, to: matrix)
    }
    for node in model.inputs {
      inputs[node.name] = try random.input(node, T: T, B: B)
    }
    if ragged, T >= least {
      lengths = (0..<B).map { _ in
        random.next() % 4 == 0 ? 0 : least + Int(random.next() % UInt64(T - least + 1))
      }
    }
    // Other lengths have no final state.
    if seed.isMultiple(of: 2), let chunk = model.chunkSteps {
      lengths = lengths?.map { $0 / chunk * chunk }
    }
    if seed % 3 != 0 { state = try random.state(model, B) }
    label = "\(Scalar.self), T \(T) B \(B) lengths \(lengths ?? []) seed \(seed): \(graph.nodes)"
    let results = try run()
    for (name, value) in zip(results.names, results.values) {
      dOutputs[name] = try random.batch(value.steps, B, value.features)
    }
    if results.finalState != nil { dFinal = try random.state(model, B) }
  }

  private func run() throws -> ModelOutputs<Scalar> {
    try model(inputs, lengths: lengths, initialState: state)
  }

  /// The results of the reference.
  private struct Expected {
    var outputs: [String: [[Wide]]] = [:]
    var dInputs: [String: [[Wide]]] = [:]
    var finalState: [[Wide]] = []
    var dInitial: [[Wide]] = []
    var parameters: [Wide]
    var magnitude = 1.0
  }

  private func expected(_ twin: ReferenceTwin, _ outputs: ModelOutputs<Scalar>) -> Expected {
    var reference = twin.model
    reference.parameters = model.parameters.elements.map { Wide($0) }
    var result = Expected(parameters: [Wide](repeating: 0, count: model.parameters.count))
    for (name, value) in zip(outputs.names, outputs.values) {
      result.outputs[name] = zeroRows(value.steps * B, value.features)
    }
    for (name, input) in inputs {
      if case .features(let x) = input { result.dInputs[name] = zeroRows(T * B, x.features) }
    }
    for b in 0..<B {
      let inputs = inputs(b)
      let state: [Wide]? = state.map { sequence(b, of: $0) }
      let forward = reference.forward(inputs, from: state)
      let back = reference.backward(
        inputs, from: state, dOutputs: outputGradients(b, forward.values),
        dFinal: dFinal.map { sequence(b, of: $0) as [Wide] })
      for name in outputs.names { set(&result.outputs[name]!, b, forward.values[name]!) }
      for name in result.dInputs.keys { set(&result.dInputs[name]!, b, back.values[name]!) }
      result.finalState.append(forward.finalState)
      result.dInitial.append(back.dInitial)
      for (k, gradient) in back.gradients.enumerated() { result.parameters[k] += gradient }
      for value in Array(forward.values.values) + Array(back.values.values) {
        let numbers = value.flatMap { $0.flatMap { $0 } }
        result.magnitude = max(result.magnitude, magnitude(numbers, back.gradients))
      }
    }
    return result
  }

  /// Compares all results with the reference's.
  func check() throws {
    let pass = try model.trainingPass(inputs, lengths: lengths, initialState: state)
    let (results, inference) = (pass.results, try run())
    let twin = ReferenceTwin(model.graph, steps: T, batchSize: B)
    let want = expected(twin, results)
    func check(_ name: String, _ got: [Scalar], _ want: [Wide], _ operations: Int, _ m: Double) {
      let bound = Tolerance(operations: operations, magnitude: m)
        .bound(epsilon: Double(Scalar.ulpOfOne))
      #expect(largestDifference(got, want) <= bound, "\(name) of \(label)")
    }
    let (forward, backward) = (
      twin.operations.forward, twin.operations.forward + twin.operations.backward
    )
    for name in results.names {
      let value = want.outputs[name]!.flatMap { $0 }
      check(name, results[name]!.elements, value, forward, want.magnitude)
      check("inference: \(name)", inference[name]!.elements, value, forward, want.magnitude)
    }
    for b in 0..<B {
      guard let final = results.finalState else { continue }
      check("final state", sequence(b, of: final), want.finalState[b], forward, want.magnitude)
    }
    let gradients = try pass.backward(
      outputGradients: dOutputs, finalStateGradient: dFinal)
    for (name, value) in want.dInputs {
      check(
        "gradient of \(name)", gradients.inputs[name]!.elements, value.flatMap { $0 }, backward,
        want.magnitude)
    }
    for b in 0..<B {
      check(
        "gradient of the state", sequence(b, of: gradients.initialState), want.dInitial[b],
        backward, want.magnitude)
    }
    var alone = try gradients.parameters.zeros()
    let rest = try model.trainingPass(inputs, lengths: lengths, initialState: state).backward(
      outputGradients: dOutputs, finalStateGradient: dFinal, inputs: false, addingTo: &alone)
    #expect(
      alone == gradients.parameters && rest.initialState == gradients.initialState
        && rest.inputs.isEmpty, "without gradients of inputs: \(label)")
    // A sum over the positions of all steps and sequences, and over the channels for a shared slope.
    let summed = results.values.map { $0.elements.count }.max() ?? 0
    check(
      "parameters", gradients.parameters.elements, want.parameters,
      backward + max(summed, T * B) + 1,
      magnitude(want.parameters, [Wide(want.magnitude)]))
  }
}

// Streams

extension ModelProblem {
  /// Compares a stream with whole sequences. A value with one row for each sequence has one for each block of the
  /// stream, and the last one is compared.
  func checkStream() throws {
    guard let chunk = model.chunkSteps, lengths == nil, T.isMultiple(of: chunk) else { return }
    let whole = try run()
    var stream = try model.stream(batchSize: B, steps: chunk, from: state)
    var blocks: [[Matrix<Scalar>]] = []
    for first in stride(from: 0, to: T, by: chunk) {
      let steps = first..<first + chunk
      blocks.append(try stream.step(model.inputs.map { try inputs[$0.name]!.block(steps) }))
    }
    for (k, value) in whole.values.enumerated() where T > 0 {
      let got = blocks.flatMap { $0[k].elements }
      #expect(
        got.suffix(value.elements.count) == value.elements[...],
        "stream: \(whole.names[k]) of \(label)")
    }
    #expect(stream.state == whole.finalState, "state of the stream: \(label)")
  }
}

extension ModelInput {
  fileprivate func block(_ steps: Range<Int>) throws -> ModelInput {
    switch self {
    case .features(let x): return .features(try x[steps: steps])
    case .tokens(let x):
      let rows = steps.lowerBound * x.batchSize..<steps.upperBound * x.batchSize
      return .tokens(
        try TokenBatch(steps: steps.count, batchSize: x.batchSize, tokens: Array(x.tokens[rows])))
    }
  }
}

// Sequences of a batch

extension ModelProblem {
  /// The inputs of sequence b. A token is a vector with one 1.
  private func inputs(_ b: Int) -> [String: ReferenceValue<Wide>] {
    Dictionary(
      uniqueKeysWithValues: model.inputs.map { node in
        switch (inputs[node.name]!, node.layer) {
        case (.features(let x), _):
          return (
            node.name,
            (0..<(lengths?[b] ?? T)).map { t in [(0..<x.features).map { Wide(x[t, b, $0]) }] }
          )
        case (.tokens(let tokens), .tokens(let V)):
          return (
            node.name,
            (0..<(lengths?[b] ?? T)).map { t in
              [(0..<V).map { $0 == tokens.tokens[t * B + b] ? 1 : 0 }]
            }
          )
        default: preconditionFailure("\(node.name) is no input")
        }
      })
  }

  /// The given gradients of sequence b, with the shapes of the values.
  private func outputGradients(
    _ b: Int, _ values: [String: ReferenceValue<Wide>]
  ) -> [String: ReferenceValue<Wide>] {
    Dictionary(
      uniqueKeysWithValues: dOutputs.map { name, dy in
        let value = values[name]!
        return (
          name,
          value.indices.map { t in
            value[t].indices.map { q in
              value[t][q].indices.map { c in Wide(dy[t, b, q * value[t][q].count + c]) }
            }
          }
        )
      })
  }

  /// The state of sequence b: each part has rows for all sequences in turn.
  private func sequence<Number: BinaryFloatingPoint>(
    _ b: Int, of state: ModelState<Scalar>
  ) -> [Number] {
    state.slices.flatMap { slice in
      let matrix = state[slice.name]!
      return stride(from: b, to: slice.rows, by: B).flatMap { row in
        (0..<slice.columns).map { Number(matrix[row, $0]) }
      }
    }
  }

  private func set(_ rows: inout [[Wide]], _ b: Int, _ value: ReferenceValue<Wide>) {
    for t in value.indices { rows[t * B + b] = value[t].flatMap { $0 } }
  }
}

private func zeroRows(_ rows: Int, _ columns: Int) -> [[Wide]] {
  Array(repeating: Array(repeating: 0, count: columns), count: rows)
}

extension SplitMix64 {
  fileprivate mutating func matrix<Scalar: RecurScalar>(
    _ part: ParameterSlice, _ scale: Double = 1
  ) throws -> Matrix<Scalar> {
    try Matrix(
      rows: part.rows, columns: part.columns, elements: vector(part.rows * part.columns, scale))
  }

  fileprivate mutating func batch<Scalar: RecurScalar>(
    _ T: Int, _ B: Int, _ C: Int
  ) throws -> SequenceBatch<Scalar> {
    try SequenceBatch(steps: T, batchSize: B, features: C, elements: vector(T * B * C))
  }

  fileprivate mutating func input<Scalar: RecurScalar>(
    _ node: ModelNode, T: Int, B: Int
  ) throws -> ModelInput<Scalar> {
    switch node.layer {
    case .features(let size): return .features(try batch(T, B, size))
    case .tokens(let V):
      let tokens = (0..<T * B).map { _ in Int(next() % UInt64(V)) }
      return .tokens(try TokenBatch(steps: T, batchSize: B, tokens: tokens))
    default: preconditionFailure("\(node.name) is no input")
    }
  }

  fileprivate mutating func state<Scalar: RecurScalar>(
    _ model: Model<Scalar>, _ B: Int
  ) throws -> ModelState<Scalar> {
    var state = try model.zeroState(batchSize: B)
    for part in state.slices { try state.set(part.name, to: matrix(part)) }
    return state
  }
}
