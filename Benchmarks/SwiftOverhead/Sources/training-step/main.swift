// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// Times training steps of the model of `make demo` on random windows; demo_step.py does the same with
// PyTorch. For each line of input, the program trains for a second and prints the median time of a step.

import Foundation
import Recur
import RecurTraining

let (T, B, H, horizon, levels) = (104, 64, 16, 104, [0.1, 0.5, 0.9])
func numbers(_ count: Int) -> [Float] {
  var generator = SplitMix64(seed: 1)
  return (0..<count).map { _ in Float(2 * generator.nextUnit() - 1) }
}
let windows = try Windows<Float>(
  inputs: Matrix(rows: 2048, columns: 1, elements: numbers(2048)),
  targets: Matrix(rows: 2048, columns: horizon, elements: numbers(2048 * horizon)), length: T)
let model = try SequenceModel<Float>(
  network: LSTM(inputSize: 1, hiddenSize: H, seed: 0),
  head: Linear(inputSize: H, outputSize: horizon * levels.count, seed: 0), reading: .lastStep)
var training = try Training(
  model,
  options: TrainingOptions(
    loss: .quantiles(levels), learningRate: 1e-4, clipping: .norm(1), epochs: 1_000_000,
    batching: .shuffled(size: B)))

let clock = ContinuousClock()
while readLine() != nil {
  var times: [Duration] = []
  let end = clock.now + .seconds(1)
  while clock.now < end { times.append(try clock.measure { _ = try training.step(windows) }) }
  print(times.sorted()[times.count / 2] / .seconds(1))
  fflush(nil)
}
