// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

func requireCounts(_ counts: [(name: String, value: Int)], from minimum: Int = 1) throws {
  for (name, value) in counts where !(minimum...1_000_000).contains(value) {
    throw ValidationError("\(name) is \(value), expected \(minimum) to 1000000")
  }
}

func requirePositive(_ numbers: [(name: String, value: Double)]) throws {
  for (name, value) in numbers where !(value > 0 && value.isFinite) {
    throw ValidationError("\(name) is \(value), expected a positive finite number")
  }
}

func requireNonNegative(_ numbers: [(name: String, value: Double)]) throws {
  for (name, value) in numbers where !(value >= 0 && value.isFinite) {
    throw ValidationError("\(name) is \(value), expected a finite number of at least 0")
  }
}

/// Checks the fraction of the data that is held out for validation.
func requireFraction(_ name: String, _ fraction: Double) throws {
  guard fraction >= 0, fraction < 0.5 else {
    throw ValidationError("\(name) is \(fraction), expected at least 0 and below 0.5")
  }
}
