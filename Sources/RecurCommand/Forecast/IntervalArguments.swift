// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

/// The prediction interval of a forecaster.
struct IntervalArguments: ParsableArguments {
  @Option(help: "Nominal coverage of the prediction interval, between 0 and 1.")
  var coverage = 0.8

  func validate() throws {
    guard coverage > 0, coverage < 1 else {
      throw ValidationError("--coverage is \(coverage), expected a number above 0 and below 1")
    }
  }

  /// The levels of the interval's lower end, the median and the upper end.
  var levels: [Double] {
    // In binary, 1 − 0.8 is not exactly 0.2.
    let outside = ((1 - coverage) * 1e12).rounded() / 1e12
    return [outside / 2, 0.5, 1 - outside / 2]
  }
}
