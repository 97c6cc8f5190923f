// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport

@testable import RecurCommand

// The input is a CSV file with one sequence.

nonisolated(unsafe) private let memory = MemoryFile()

func csvTarget(_ input: Data) throws {
  let tensor = try FileTensor(csv: memory.path(of: input))
  check(
    tensor.shape.count == 2 && tensor.shape[0] * tensor.shape[1] == tensor.elements.count
      && tensor.elements.allSatisfy(\.isFinite), "shape \(tensor.shape)")
  let result = ResultTensor(
    name: "1e3", shape: tensor.shape, elements: tensor.elements, axes: ["step", "channel"])
  let text = required("CSV") { try result.textAsCSV(for: "output") }
  let again = required("written CSV") {
    try FileTensor(csv: memory.path(of: Data(text.utf8)))
  }
  check(again.shape == tensor.shape, "shape \(again.shape)")
  check(
    again.elements.map(\.bitPattern) == tensor.elements.map(\.bitPattern), "elements differ")
}
