// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension SequenceModel: TrainableModel {
  public typealias State = any NetworkState<Scalar>

  public var drawsMasks: Bool { network.configuration.drawsMasks }

  public func requireStateful() throws(RecurError) {
    guard network.configuration.directions == 1 else {
      throw .unsupported(
        argument: "batching", reason: "is stateful, which bidirectional networks do not support")
    }
  }

  public func batchSize(of state: State) throws(RecurError) -> Int {
    try state.hidden.rows / zeroState(batchSize: 1).hidden.rows
  }

  public func outputs(
    for batch: TrainingBatch<Scalar>, initialState: State?, threads: Threads?
  ) throws(RecurError) -> (outputs: [String: CountedOutput<Scalar>], finalState: State?) {
    let result = try self(
      batch.onlyInput, lengths: batch.lengths, initialState: initialState, threads: threads)
    let rows = try batch.onlyTargets.counted(within: rowsWithinSequences(of: batch))
    let output = CountedOutput(rows: result.output, counting: rows)
    return ([TrainingBatch<Scalar>.only: output], result.finalState)
  }

  public func evaluate(
    _ loss: Loss, on batch: TrainingBatch<Scalar>, initialState: State?, threads: Threads?
  ) throws(RecurError) -> (value: LossValue, finalState: State?) {
    try self.loss(loss, of: batch, initialState: initialState, threads: threads)
  }

  public func differentiate(
    _ loss: Loss, on batch: TrainingBatch<Scalar>, initialState: State?,
    dropoutSeed: DropoutSeed?, threads: Threads?,
    addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> (value: LossValue, finalState: State?) {
    try self.loss(
      loss, of: batch, initialState: initialState, dropoutSeed: dropoutSeed, threads: threads,
      addingGradientsTo: &gradients)
  }
}

// States in files

extension SequenceModel {
  public func matrices(of state: State) -> [(name: String, matrix: Matrix<Scalar>)] {
    [("hidden", state.hidden)] + (state.cellState.map { [("cell", $0)] } ?? [])
  }

  public func state(of matrices: [String: Matrix<Scalar>]) throws(RecurError) -> State {
    let configuration = network.configuration
    let expected = configuration.hasCellState ? ["cell", "hidden"] : ["hidden"]
    guard matrices.keys.sorted() == expected, let hidden = matrices["hidden"] else {
      throw .invalid(
        argument: "state",
        reason: "has the parts \(matrices.keys.sorted()), expected \(expected)")
    }
    let rows = hidden.rows
    guard rows.isMultiple(of: configuration.layers * configuration.directions) else {
      throw .invalid(
        argument: "state.hidden",
        reason: "has \(rows) rows, expected a multiple of the layers and directions")
    }
    try hidden.require("state.hidden", rows, configuration.stateSize)
    guard let cell = matrices["cell"] else { return HiddenState(hidden: hidden) }
    try cell.require("state.cell", rows, configuration.hiddenSize)
    return LSTMState(hidden: hidden, cell: cell)
  }
}

extension Matrix {
  fileprivate func require(_ name: String, _ rows: Int, _ columns: Int) throws(RecurError) {
    guard self.rows == rows, self.columns == columns else {
      throw .shape(
        argument: name, expected: .init(rows, columns), found: .init(self.rows, self.columns))
    }
  }
}
