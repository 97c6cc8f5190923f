// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport
import Recur

@testable import RecurTraining

func checkpointTarget(_ input: Data) throws {
  let file = try SafeTensors(Recipe(input).file, path: "input")
  if file.isDouble { try read(file, Double.self) } else { try read(file, Float.self) }
}

private func read<Scalar: RecurScalar>(_ file: SafeTensors, _ scalar: Scalar.Type) throws {
  var run = try Training<SequenceModel<Scalar>>(file)
  requireSame(run)
  guard let data = accepted({ try data(for: run) }) else { return }
  for _ in 0..<2 {
    guard let step = accepted({ try run.step(data.training, validation: data.validation) }),
      step != nil
    else { return }
    requireSame(run)
  }
}

/// Checks that the run is the same after it is saved and read.
private func requireSame<Scalar>(_ run: Training<SequenceModel<Scalar>>) {
  let saved = required("saved run") { try bytes(run) }
  let again = required("read run") {
    try Training<SequenceModel<Scalar>>(SafeTensors(saved, path: "input"))
  }
  check(required("run saved again") { try bytes(again) } == saved, "runs differ")
}

private func bytes<Scalar>(_ run: Training<SequenceModel<Scalar>>) throws -> Data {
  try run.file(.checkpoint, [:], "input").file(named: "input").reduce(Data(), +)
}

private typealias Data2<Scalar: RecurScalar> = (
  training: any TrainingData<Scalar>, validation: (any TrainingData<Scalar>)?
)

/// Data of the model's sizes: a text of 25 tokens, or a series of 8 rows.
private func data<Scalar>(for run: Training<SequenceModel<Scalar>>) throws -> Data2<Scalar> {
  let model = run.model
  if let vocabulary = model.embedding?.vocabularySize {
    let tokens = (0..<25).map { $0 * 7 % max(vocabulary, 1) }
    let stream = try TokenStream<Scalar>(tokens, steps: 3, batchSize: 2)
    return (stream, stream)
  }
  let inputs = try Matrix<Scalar>(rows: 8, columns: model.inputSize ?? 0)
  let columns = model.outputSize / max(run.options.loss.outputSize(targets: 1), 1)
  let windows = try Windows(
    inputs: inputs, targets: Matrix(rows: 8, columns: columns), length: 3)
  return (windows, windows)
}
