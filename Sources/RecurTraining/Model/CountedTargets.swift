// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The targets of an output, and the rows that count.
enum CountedTargets<Scalar: RecurScalar> {
  case values(Matrix<Scalar>, counting: [Bool])

  /// A row counts if its weight is not 0; its label is then a class.
  case labels([Int], weights: [Double])
}

extension Loss {
  /// Returns the targets of an output. Only rows that are within a sequence and in the mask count.
  func counted<Scalar>(
    _ targets: OutputTargets<Scalar>, within rows: [Bool], classes: Int
  ) throws(RecurError) -> CountedTargets<Scalar> {
    let rows = try targets.counted(within: rows)
    switch (self, targets.targets) {
    case (.crossEntropy(let ignored, let weights), .labels(let labels)):
      guard weights == nil || weights?.count == classes else {
        throw .invalid(
          argument: "classWeights", reason: "has \(weights!.count) elements, expected \(classes)")
      }
      return try labeled(labels, rows, ignored, weights, classes)
    case (.crossEntropy, .values):
      throw .invalid(argument: "targets", reason: "has values, expected labels for this loss")
    case (.heads, _):
      throw .invalid(
        argument: "loss", reason: "is a sum of losses by name, expected one loss for this model")
    case (_, .labels):
      throw .invalid(argument: "targets", reason: "has labels, expected values for this loss")
    case (_, .values(let values)):
      return .values(values, counting: rows)
    }
  }

  private func labeled<Scalar>(
    _ labels: [Int], _ rows: [Bool], _ ignored: Int?, _ weights: [Double]?, _ classes: Int
  ) throws(RecurError) -> CountedTargets<Scalar> {
    var (labels, rowWeights) = (labels, [Double](repeating: 0, count: labels.count))
    for row in rows.indices {
      guard rows[row], labels[row] != ignored else {
        labels[row] = 0
        continue
      }
      guard 0..<classes ~= labels[row] else {
        throw .invalid(
          argument: "labels",
          reason: "has \(labels[row]) in row \(row), expected 0 to \(classes - 1)")
      }
      rowWeights[row] = weights?[labels[row]] ?? 1
    }
    return .labels(labels, weights: rowWeights)
  }
}

extension OutputTargets {
  /// Returns which rows count: those within a sequence, unless the mask excludes them.
  func counted(within rows: [Bool]) throws(RecurError) -> [Bool] {
    guard targets.rows == rows.count else {
      throw .invalid(
        argument: "targets", reason: "has \(targets.rows) rows, expected \(rows.count)")
    }
    guard let mask else { return rows }
    guard mask.count == rows.count else {
      throw .invalid(argument: "mask", reason: "has \(mask.count) rows, expected \(rows.count)")
    }
    return zip(rows, mask).map { $0 && $1 }
  }
}

extension TrainingBatch {
  /// Returns which rows of an output are within a sequence: all steps, or one row for each sequence.
  func rowsWithinSequences(steps T: Int, batchSize B: Int, everyStep: Bool) throws(RecurError)
    -> [Bool]
  {
    let count = everyStep ? T * B : B
    guard let lengths else { return Array(repeating: true, count: count) }
    guard lengths.count == B else {
      throw .shape(argument: "lengths", expected: .init(B, 1), found: .init(lengths.count, 1))
    }
    return (0..<count).map { row in (everyStep ? row / B : 0) < lengths[row % B] }
  }
}
