// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension Loss {
  /// The targets of a batch, and which of their rows count.
  enum CountedTargets<Scalar: RecurScalar> {
    case values(Matrix<Scalar>, counting: [Bool])
    case labels([Int], counting: [Bool])
  }

  func countedTargets<Scalar>(
    of batch: TrainingBatch<Scalar>, _ reading: ModelReading
  ) throws(RecurError) -> CountedTargets<Scalar> {
    var rows = try batch.countedRows(reading)
    switch (self, batch.targets) {
    case (.crossEntropy(let ignored), .labels(var labels)):
      for row in rows.indices {
        rows[row] = rows[row] && labels[row] != ignored
        if !rows[row] { labels[row] = 0 }
      }
      return .labels(labels, counting: rows)
    case (.crossEntropy, .values):
      throw .invalid(argument: "targets", reason: "has values, expected labels for this loss")
    case (_, .labels):
      throw .invalid(argument: "targets", reason: "has labels, expected values for this loss")
    case (_, .values(let targets)):
      return .values(targets, counting: rows)
    }
  }
}

extension TrainingBatch {
  /// Returns which rows count: the rows within a sequence, unless the mask excludes them.
  func countedRows(_ reading: ModelReading) throws(RecurError) -> [Bool] {
    let (T, B) = (input.steps, input.batchSize)
    let count = reading == .everyStep ? T * B : B
    guard targets.rows == count else {
      throw .invalid(argument: "targets", reason: "has \(targets.rows) rows, expected \(count)")
    }
    guard mask == nil || mask?.count == count else {
      throw .invalid(argument: "mask", reason: "has \(mask!.count) rows, expected \(count)")
    }
    var rows = mask ?? Array(repeating: true, count: count)
    guard let lengths else { return rows }
    guard lengths.count == B else {
      throw .shape(argument: "lengths", expected: .init(B, 1), found: .init(lengths.count, 1))
    }
    for row in rows.indices {
      let (step, sequence) = reading == .everyStep ? (row / B, row % B) : (0, row)
      rows[row] = rows[row] && step < lengths[sequence]
    }
    return rows
  }
}
