// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport

@testable import RecurTraining

// The input is an array or an archive of NumPy.

func numpyTarget(_ input: Data) throws {
  if let tensor = accepted({ try SafeTensors.Tensor(npy: input, path: "a.npy") }) {
    compare(tensor)
  }
  for tensor in try SafeTensors(npz: input, path: "input").tensors { compare(tensor) }
}

/// Writes a tensor and reads it again.
private func compare(_ tensor: SafeTensors.Tensor) {
  let file = required("writing") { try tensor.npy(named: "a.npy").reduce(Data(), +) }
  let again = required("written file") { try SafeTensors.Tensor(npy: file, path: "a.npy") }
  check(again.type == tensor.type && again.shape == tensor.shape, "type or shape differ")
  check(again.bytes == tensor.bytes, "elements differ")
  let numbers = accepted { try tensor.elements(as: Double.self) }
  let integers = accepted { try tensor.integers() }
  check(numbers == nil || integers == nil, "elements of two kinds")
}
