// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport
import Recur

@testable import RecurTraining

func modelTarget(_ input: Data) throws {
  let file = try SafeTensors(Recipe(input).file, path: "input")
  if file.isDouble { try read(file, Double.self) } else { try read(file, Float.self) }
}

private func read<Scalar: RecurScalar>(_ file: SafeTensors, _ scalar: Scalar.Type) throws {
  let model = try SequenceModel<Scalar>(file)
  let again = required("written model") {
    let written = try model.file(.model, file.info, "input").file(named: "input")
    return try SequenceModel<Scalar>(SafeTensors(written.reduce(Data(), +), path: "input"))
  }
  check(again.description == model.description, "\(again) differs from \(model)")
  // Parameters are finite, so only zeros could be equal with other bits.
  check(
    zip(again.parameters.elements, model.parameters.elements).allSatisfy {
      $0 == $1 && $0.sign == $1.sign
    }, "parameters differ")
  _ = accepted { try outputs(model) }
}

/// Runs the model over two steps of one sequence.
private func outputs<Scalar>(_ model: SequenceModel<Scalar>) throws -> ModelOutput<Scalar> {
  guard let inputSize = model.inputSize else {
    return try model(.tokens(TokenBatch(steps: 2, batchSize: 1, tokens: [0, 0])))
  }
  return try model(.features(SequenceBatch(steps: 2, batchSize: 1, features: inputSize)))
}
