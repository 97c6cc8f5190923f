// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// An operator of ONNX: the inputs and attributes that are supported, and its computation.
struct Operation: Sendable {
  typealias Fold = @Sendable (Call) throws(Refusal) -> [Constant]
  typealias Lower = @Sendable (Lowering, Call) throws(Refusal) -> [Value]

  let inputs: Int
  let attributes: Set<String>

  /// Computes constants; used if all inputs are constants.
  let fold: Fold?

  /// Adds nodes to the Recur model, or changes the meaning of axes.
  let lower: Lower?

  init(
    inputs: Int, _ attributes: Set<String> = [], fold: Fold? = nil, lower: Lower? = nil
  ) {
    self.inputs = inputs
    self.attributes = attributes
    self.fold = fold
    self.lower = lower
  }
}

/// All operators by name, except If, which the interpreter runs.
let operations: [String: Operation] = [
  constantOperations, comparisonOperations, arithmeticOperations, reductionOperations,
  shapeOperations,
  rearrangementOperations, activationOperations, composedActivationOperations,
  denseOperations, convolutionOperations,
  normalizationOperations, recurrentOperations,
].reduce(into: [:]) { $0.merge($1) { _, _ in preconditionFailure("an operator is listed twice") } }
