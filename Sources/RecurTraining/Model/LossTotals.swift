// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// What the losses of a batch are divided by, which follows from the targets of the whole batch. The shards of
/// a batch have its totals, so that their losses and gradients add up to those of the batch.
public struct LossTotals: Sendable, Equatable {
  /// The totals by the names of the outputs; ``TrainingBatch/only`` for the only one.
  var outputs: [String: LossTotal] = [:]
}

/// The total of one output.
enum LossTotal: Sendable, Equatable {
  /// The number of elements that count, or the sum of the weights of labels.
  case weight(Double)

  /// The sums of squares of an error-to-signal ratio.
  case energies(ErrorToSignal.Energies)

  var weight: Double? { if case .weight(let weight) = self { weight } else { nil } }

  var energies: ErrorToSignal.Energies? {
    if case .energies(let energies) = self { energies } else { nil }
  }
}

extension Loss {
  /// Returns the total of an output with T·B rows, or B rows.
  func total<Scalar>(
    of targets: CountedTargets<Scalar>, sequences: Int
  ) throws(RecurError) -> LossTotal {
    switch (self, targets) {
    case (_, .labels(_, let weights)): return .weight(weights.reduce(0, +))
    case (.errorToSignal, .values(let values, let rows)):
      let ratio = errorToSignal(rows, columns: values.columns, sequences: sequences)
      return .energies(ratio.energies(values.elements.map { Double($0) }))
    case (_, .values(let values, let rows)):
      return .weight(Double(rows.count(where: \.self) * outputSize(targets: values.columns)))
    }
  }
}
