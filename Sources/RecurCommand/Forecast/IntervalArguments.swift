// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

/// The prediction interval of a forecaster.
struct IntervalArguments: ParsableArguments {
  @Option(help: "Nominal coverage of the prediction interval, between 0 and 1.")
  var coverage = 0.8

  func validate() throws {
    // `levels` rounds to this precision.
    guard 1e-12...1 - 1e-12 ~= coverage else {
      throw ValidationError("--coverage is \(coverage), expected 1e-12 to 1 - 1e-12")
    }
  }

  /// The levels of the interval's lower end, the median and the upper end.
  var levels: [Double] {
    // In binary, 1 − 0.8 is not exactly 0.2.
    let outside = ((1 - coverage) * 1e12).rounded() / 1e12
    return [outside / 2, 0.5, 1 - outside / 2]
  }
}
