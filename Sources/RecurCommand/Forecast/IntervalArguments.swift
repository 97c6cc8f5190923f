// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

/// The prediction intervals of a forecaster.
struct IntervalArguments: ParsableArguments {
  @Option(
    help:
      "Nominal coverage of a prediction interval, such as 0.8 for 80%; repeat the option for several."
  )
  var coverage = [0.8]

  func validate() throws {
    // `levels` rounds to this precision.
    for coverage in coverage {
      guard 1e-12...1 - 1e-12 ~= coverage else {
        let hint =
          1 < coverage && coverage <= 100
          ? ", such as \(shortest(coverage / 100)) for \(shortest(coverage))%" : ""
        throw ValidationError("--coverage is \(coverage), expected 1e-12 to 1 - 1e-12\(hint)")
      }
    }
  }

  /// The levels of the ends of all intervals and of the median, in increasing order.
  var levels: [Double] {
    // In binary, 1 − 0.8 is not exactly 0.2.
    let outside = Set(coverage.map { ((1 - $0) * 1e12).rounded() / 1e12 })
    return (outside.flatMap { [$0 / 2, 1 - $0 / 2] } + [0.5]).sorted()
  }
}
