// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension Model {
  // The first node with such a value: its earliest step.
  public func firstNotFinite(
    _ loss: Loss, _ batch: TrainingBatch<Scalar>, initialState: ModelState<Scalar>?,
    dropoutSeed: DropoutSeed?
  ) throws(RecurError) -> NonFiniteLocation? {
    let results = try withAllOutputs().trainingPass(
      named(batch.inputs, inputs, "inputs"), lengths: batch.lengths, initialState: initialState,
      dropoutSeed: dropoutSeed
    ).results
    for (name, value) in zip(results.names, results.values) {
      if let (step, sequence) = value.firstNotFinite {
        return NonFiniteLocation(node: name, step: step, sequence: sequence)
      }
    }
    return try targetNotFinite(batch)
  }

  private func targetNotFinite(
    _ batch: TrainingBatch<Scalar>
  ) throws(RecurError) -> NonFiniteLocation? {
    let all = try named(batch.outputTargets, outputs, "targets")
    for (name, own) in all.sorted(by: { $0.key < $1.key }) {
      guard case .values(let targets) = own.targets else { continue }
      let rows = try own.counted(within: rowsWithinSequences(of: name, in: batch))
      for row in rows.indices where rows[row] {
        guard (0..<targets.columns).contains(where: { !targets[row, $0].isFinite }) else {
          continue
        }
        return NonFiniteLocation(
          node: name, isTarget: true, step: row / batch.batchSize, sequence: row % batch.batchSize)
      }
    }
    return nil
  }
}

extension SequenceBatch {
  /// The first step, and the first sequence in it, with a value that is not finite.
  fileprivate var firstNotFinite: (step: Int, sequence: Int)? {
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    get {
      let index: Int? = withSpan { span in
        span.indices.first { !span[$0].isFinite }
      }
      return index.map { index in
        let row = index / features
        return (row / batchSize, row % batchSize)
      }
    }
  }
}
