// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// A process that tests start in order to kill it or to limit its file size.
//
//   TrainingChild CHECKPOINT            trains, from the checkpoint if it exists, and writes it after
//                                       every step
//   TrainingChild CHECKPOINT MAX-BYTES  does the same with a maximum file size

import Foundation
import Recur
import RecurTraining

func newTraining() throws -> Training<SequenceModel<Double>> {
  let model = try SequenceModel<Double>(
    network: LSTM(inputSize: 2, hiddenSize: 48, recurrentDropout: 0.2, seed: 0),
    head: Linear(inputSize: 48, outputSize: 2, seed: 0), reading: .lastStep)
  return try Training(
    model,
    options: TrainingOptions(
      loss: .meanSquaredError, epochs: 5, batching: .shuffled(size: 4), seed: 3))
}

let url = URL(filePath: CommandLine.arguments[1])
if CommandLine.arguments.count > 2 {
  var most = rlimit()
  getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &most)
  most.rlim_cur = UInt(CommandLine.arguments[2])!
  setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &most)
  signal(SIGXFSZ, SIG_IGN)
}
do {
  var generator = SplitMix64(seed: 5)
  let series = try Matrix(
    rows: 50, columns: 2, elements: (0..<100).map { _ in generator.nextUnit() })
  let data = try Windows(inputs: series, targets: series, length: 6, ends: 5..<40)
  let validation = try Windows(inputs: series, targets: series, length: 6, ends: 40..<50)
  var training =
    try FileManager.default.fileExists(atPath: url.path)
    ? Training(contentsOf: url) : newTraining()
  try training.fit(data, validation: validation, checkpoint: Checkpointing(url, every: 1))
} catch {
  print(error)
  exit(1)
}
