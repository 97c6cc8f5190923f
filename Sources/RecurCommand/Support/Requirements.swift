// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

func requireCounts(_ counts: [(name: String, value: Int)]) throws {
  for (name, value) in counts where !(1...1_000_000).contains(value) {
    throw ValidationError("\(name) is \(value), expected 1 to 1000000")
  }
}

func requirePositive(_ numbers: [(name: String, value: Double)]) throws {
  for (name, value) in numbers where !(value > 0 && value.isFinite) {
    throw ValidationError("\(name) is \(value), expected a positive number")
  }
}

/// Of what there is to train on, withheld to validate with.
func requireShare(_ name: String, _ share: Double) throws {
  guard share >= 0, share < 0.5 else {
    throw ValidationError("\(name) is \(share), expected 0 to below 0.5")
  }
}
