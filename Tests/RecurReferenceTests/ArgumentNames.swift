// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurReference
import Testing

// Names of arguments in the list of tests: options that differ from the defaults.

/// The sizes of a problem.
struct ProblemSize: Sendable, CustomTestStringConvertible {
  let T: Int
  let I: Int
  let H: Int

  init(_ T: Int, _ I: Int, _ H: Int) { (self.T, self.I, self.H) = (T, I, H) }

  var testDescription: String { "T \(T), I \(I), H \(H)" }
}

extension ReferenceRNNOptions: CustomTestStringConvertible {
  public var testDescription: String {
    names(["\(f)", gateClamp == 0 ? nil : "clamped", bias ? nil : "no bias"])
  }
}

extension ReferenceGRUOptions: CustomTestStringConvertible {
  public var testDescription: String {
    names([
      "\(f), \(g)", "\(reset)", gateClamp == 0 ? nil : "clamped", bias ? nil : "no bias",
      layerNormalization ? "layer normalization" : nil,
    ])
  }
}

extension ReferenceLSTMOptions: CustomTestStringConvertible {
  public var testDescription: String {
    names([
      "\(f), \(g), \(h)", gateClamp == 0 ? nil : "clamped", peepholes ? "peepholes" : nil,
      coupledGates ? "coupled" : nil, projectionSize == nil ? nil : "projected",
      cellClamp == 0 ? nil : "cell clamped", bias ? nil : "no bias",
      layerNormalization ? "layer normalization" : nil,
    ])
  }
}

private func names(_ parts: [String?]) -> String {
  parts.compactMap(\.self).joined(separator: ", ")
}
