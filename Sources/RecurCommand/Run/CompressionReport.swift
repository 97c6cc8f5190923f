// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur

extension NetworkConfiguration.WeightStorage: ExpressibleByArgument {}

/// How much another storage changes the matrices of a model.
struct CompressionReport {
  /// A line for each matrix that was rounded: the Euclidean norm of the change as a share of the matrix's own.
  let lines: [String]

  init<Scalar>(_ original: Model<Scalar>, _ compressed: Model<Scalar>) {
    lines = original.parameters.slices.compactMap { slice in
      guard let before = original.parameters[slice.name],
        let after = compressed.parameters[slice.name],
        before != after
      else { return nil }
      let changes = zip(before.elements, after.elements).map { Double($0) - Double($1) }
      let share = Self.norm(changes) / Self.norm(before.elements.map { Double($0) })
      return "\(slice.name.printable(limit: 100)): rounding changes it by "
        + "\(String(format: "%.2g", 100 * share))%"
    }
  }

  private static func norm(_ numbers: [Double]) -> Double {
    numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
