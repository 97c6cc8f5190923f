// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// A model of a pedal with one knob, in GuitarML's format, with small random weights: its output stays below full scale.
enum Pedal {
  static let knob: Float = 0.75

  static var json: String {
    let hidden = 8
    var generator = SplitMix64(seed: 3)
    func numbers(_ count: Int) -> [Double] {
      (0..<count).map { _ in 0.5 * generator.nextUnit() - 0.25 }
    }
    func rows(_ rows: Int, _ columns: Int) -> [[Double]] {
      (0..<rows).map { _ in numbers(columns) }
    }
    let weights =
      "\"rec.weight_ih_l0\": \(rows(4 * hidden, 2)), \"rec.weight_hh_l0\": \(rows(4 * hidden, hidden)), "
      + "\"rec.bias_ih_l0\": \(numbers(4 * hidden)), \"rec.bias_hh_l0\": \(numbers(4 * hidden)), "
      + "\"lin.weight\": \(rows(1, hidden)), \"lin.bias\": \(numbers(1))"
    return """
      {"model_data": {"model": "SimpleRNN", "input_size": 2, "skip": 1, "output_size": 1,
      "unit_type": "LSTM", "num_layers": 1, "hidden_size": \(hidden), "bias_fl": true},
      "state_dict": {\(weights)}}
      """
  }

  /// A decaying chord of 10,000 samples, which is no multiple of a block.
  static var dry: [Float] {
    (0..<10_000).map { n in
      let time = Double(n) / 44_100
      let chord = [110.0, 138.6, 164.8].map { sin(2 * .pi * $0 * time) }.reduce(0, +)
      return Float(0.2 * exp(-4 * time) * chord)
    }
  }
}
