// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension Model: TrainableModel {
  public typealias State = ModelState<Scalar>

  public func batchSize(of state: State) -> Int { state.batchSize }

  public func outputs(
    for batch: TrainingBatch<Scalar>, initialState: State?, threads: Threads?
  ) throws(RecurError) -> (outputs: [String: CountedOutput<Scalar>], finalState: State?) {
    let targets = try named(batch.outputTargets, outputs, "targets")
    let result = try infer(batch, initialState, threads)
    var counted: [String: CountedOutput<Scalar>] = [:]
    for (name, value) in zip(result.names, result.values) {
      guard let targets = targets[name] else { continue }
      let rows = try rowsWithinSequences(of: name, in: batch)
      counted[name] = CountedOutput(
        rows: value.matrix, counting: try targets.counted(within: rows))
    }
    return (counted, result.finalState)
  }

  public func evaluate(
    _ loss: Loss, on batch: TrainingBatch<Scalar>, initialState: State?, threads: Threads?
  ) throws(RecurError) -> (value: LossValue, finalState: State?) {
    let result = try infer(batch, initialState, threads)
    return (try terms(loss, result, batch).value, result.finalState)
  }

  public func differentiate(
    _ loss: Loss, on batch: TrainingBatch<Scalar>, initialState: State?,
    dropoutSeed: DropoutSeed?, threads: Threads?,
    addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> (value: LossValue, finalState: State?) {
    let pass = try trainingPass(
      named(batch.inputs, inputs, "inputs"), lengths: batch.lengths, initialState: initialState,
      dropoutSeed: dropoutSeed, threads: threads)
    let results = pass.results
    let (value, slopes) = try terms(loss, results, batch)
    _ = try pass.backward(outputGradients: slopes, inputs: false, addingTo: &gradients)
    return (value, results.finalState)
  }

  private func infer(
    _ batch: TrainingBatch<Scalar>, _ initialState: State?, _ threads: Threads?
  ) throws(RecurError) -> ModelOutputs<Scalar> {
    try self(
      named(batch.inputs, inputs, "inputs"), lengths: batch.lengths, initialState: initialState,
      threads: threads)
  }

  /// Returns values by the names of nodes. The only one may have any name.
  func named<Value>(
    _ values: [String: Value], _ nodes: [ModelNode], _ argument: String
  ) throws(RecurError) -> [String: Value] {
    guard let only = values[TrainingBatch<Scalar>.only] else { return values }
    guard values.count == 1, nodes.count == 1 else {
      let names = nodes.map(\.name).joined(separator: ", ")
      throw .invalid(
        argument: argument, reason: "has an element without a name, expected the names \(names)")
    }
    return [nodes[0].name: only]
  }

  /// Returns which rows of an output of a batch are within a sequence.
  func rowsWithinSequences(
    of output: String, in batch: TrainingBatch<Scalar>
  ) throws(RecurError) -> [Bool] {
    let steps = batch.inputs.values.first?.steps ?? 0
    return try rowsWithinSequences(
      of: output, steps: steps, batchSize: batch.batchSize, lengths: batch.lengths)
  }
}

// Losses

extension Model {
  /// Returns the loss of the outputs of a batch, and its gradient with respect to each of them.
  func terms(
    _ loss: Loss, _ results: ModelOutputs<Scalar>, _ batch: TrainingBatch<Scalar>
  ) throws(RecurError) -> (value: LossValue, gradients: [String: SequenceBatch<Scalar>]) {
    let targets = try named(batch.outputTargets, outputs, "targets")
    var (mean, count) = (0.0, 0)
    var gradients: [String: SequenceBatch<Scalar>] = [:]
    for (name, head) in try loss.heads(of: targets) {
      guard let output = results[name], let own = targets[name] else {
        throw .invalid(
          argument: "targets",
          reason: "has no output \(name), expected \(results.names.joined(separator: ", "))")
      }
      let rows = try rowsWithinSequences(of: name, in: batch)
      let (value, slope) = try head.loss.value(
        output.matrix, own, within: rows, sequences: output.batchSize,
        total: batch.totals?.outputs[name])
      count += value.count
      if value.count > 0 { mean += head.weight * value.mean }
      let gradient = head.weight == 1 ? slope : try Scalar(head.weight) * slope
      gradients[name] = try SequenceBatch(gradient, like: output)
    }
    return (LossValue(mean: count == 0 ? .nan : mean, count: count), gradients)
  }
}

extension Model {
  public func totals(
    _ loss: Loss, of batch: TrainingBatch<Scalar>
  ) throws(RecurError) -> LossTotals {
    let targets = try named(batch.outputTargets, outputs, "targets")
    var totals = LossTotals()
    for (name, head) in try loss.heads(of: targets) {
      // A loss of an output without targets is an error of the pass.
      guard let own = targets[name] else { continue }
      let counted = try head.loss.counted(
        own, within: rowsWithinSequences(of: name, in: batch), classes: head.loss.classes)
      totals.outputs[name] = try head.loss.total(of: counted, sequences: batch.batchSize)
    }
    return totals
  }
}

extension Loss {
  /// The number of classes as far as the loss tells it; the pass compares labels with that of the output.
  fileprivate var classes: Int {
    if case .crossEntropy(_, let weights?) = self { weights.count } else { .max }
  }

  /// Returns the losses of outputs by name: those of a sum, or this loss for the only targets.
  fileprivate func heads<Value>(
    of targets: [String: Value]
  ) throws(RecurError) -> [(name: String, head: HeadLoss)] {
    if case .heads(let heads) = self {
      if let extra = targets.keys.filter({ heads[$0] == nil }).min() {
        throw .invalid(argument: "targets", reason: "has \(extra), which has no loss")
      }
      return heads.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
    guard targets.count == 1, let name = targets.keys.first else {
      throw .invalid(
        argument: "loss",
        reason: "is one loss, expected one for each of \(targets.count) outputs (.heads)")
    }
    return [(name, HeadLoss(self))]
  }

  /// Computes the mean loss of an output and its gradient, which is zero in rows that do not count.
  fileprivate func value<Scalar>(
    _ output: Matrix<Scalar>, _ targets: OutputTargets<Scalar>, within rows: [Bool],
    sequences: Int, total: LossTotal?
  ) throws(RecurError) -> (loss: LossValue, gradient: Matrix<Scalar>) {
    switch try counted(targets, within: rows, classes: output.columns) {
    case .values(let values, let counting):
      try value(output, values, counting: counting, sequences: sequences, total: total)
    case .labels(let labels, let weights):
      try Loss.crossEntropy(ofLogits: output, labels: labels, weights: weights, total: total)
    }
  }
}

// Files

extension Model {
  public func matrices(of state: State) -> [(name: String, matrix: Matrix<Scalar>)] {
    state.slices.compactMap { slice in state[slice.name].map { (slice.name, $0) } }
  }

  public func state(of matrices: [String: Matrix<Scalar>]) throws(RecurError) -> State {
    guard let first = try zeroState(batchSize: 1).slices.first else {
      throw .invalid(argument: "state", reason: "is given, but the model has none")
    }
    var state = try zeroState(batchSize: (matrices[first.name]?.rows ?? 0) / first.rows)
    guard Set(matrices.keys) == Set(state.slices.map(\.name)) else {
      throw .invalid(
        argument: "state",
        reason: "has the parts \(matrices.keys.sorted()), expected \(state.slices.map(\.name))")
    }
    for (name, matrix) in matrices { try state.set(name, to: matrix) }
    return state
  }
}
