// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension Loss {
  /// Computes the mean loss of outputs for target values, and its gradient, which is zero in rows
  /// that do not count. Rows are those of `sequences` sequences, step after step. Both are divided by a
  /// total, if it is given, instead of that of these rows.
  func value<Scalar>(
    _ outputs: Matrix<Scalar>, _ targets: Matrix<Scalar>, counting rows: [Bool], sequences: Int,
    total: LossTotal? = nil
  ) throws(RecurError) -> (loss: LossValue, gradient: Matrix<Scalar>) {
    try validate()
    let levels: [Double] = if case .quantiles(let levels) = self { levels } else { [] }
    let wide = max(levels.count, 1)
    guard outputs.rows == targets.rows, outputs.columns == targets.columns * wide else {
      throw .shape(
        argument: "targets", expected: .init(outputs.rows, outputs.columns / wide),
        found: .init(targets.rows, targets.columns))
    }
    let columns = outputs.columns
    let count = rows.count(where: \.self) * columns
    var gradient = try Matrix<Scalar>(rows: outputs.rows, columns: columns)
    if case .errorToSignal = self {
      let ratio = errorToSignal(rows, columns: columns, sequences: sequences)
      let value = try ratio.value(
        outputs.base, targets.base, gradient.uniqueBase(), total?.energies)
      return withExtendedLifetime((outputs, targets)) { (value, gradient) }
    }
    let all = total?.weight ?? Double(count)
    let sum = try add(
      outputs.base, targets.base, gradient.uniqueBase(), rows, columns: columns, levels: levels,
      scale: 1 / all)
    withExtendedLifetime((outputs, targets)) {}
    return (LossValue(sum: sum, total: all, count: count), gradient)
  }

  /// The error-to-signal ratio of the rows that count; of a loss that is one.
  func errorToSignal(_ rows: [Bool], columns: Int, sequences: Int) -> ErrorToSignal {
    guard case .errorToSignal(let preEmphasis) = self else {
      preconditionFailure("the loss is not an error-to-signal ratio")
    }
    return ErrorToSignal(
      preEmphasis: preEmphasis, stride: sequences * columns,
      counting: (0..<rows.count * columns).map { rows[$0 / columns] })
  }

  /// Returns the sum of the losses of outputs y for targets t in the rows that count. d receives
  /// the slopes times a scale.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func add<Scalar: RecurScalar>(
    _ y: UnsafeMutablePointer<Scalar>, _ t: UnsafeMutablePointer<Scalar>,
    _ d: UnsafeMutablePointer<Scalar>, _ rows: [Bool], columns: Int, levels: [Double],
    scale: Double
  ) -> Double {
    let wide = max(levels.count, 1)
    var sum = 0.0
    for row in rows.indices where rows[row] {
      for column in 0..<columns {
        let index = row * columns + column
        let (loss, slope) = term(
          Double(y[index]), Double(t[index / wide]),
          level: levels.isEmpty ? 0 : levels[column % wide])
        sum += loss
        d[index] = Scalar(slope * scale)
      }
    }
    return sum
  }
}
