// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The order and layout in which a system stores the parameters of a recurrent network.
///
/// <doc:ParameterLayouts> lists the slices and the order of the gates in each layout.
///
/// Names end in `_l0` or, except in ONNX, `_l0_reverse`. If the other system has one bias, an import
/// stores it in `bias_ih` and sets `bias_hh` to 0. An export writes the sum of both biases, which may
/// round.
public enum ParameterLayout: Sendable, CaseIterable {
  /// PyTorch's layout, which is also Recur's own.
  case pytorch

  /// The layout of ONNX's operators `RNN`, `GRU` and `LSTM`.
  case onnx

  /// The layout of Keras 3.
  case keras

  /// The layout of oneDNN.
  case oneDNN

  var inC: recur_layout {
    switch self {
    case .pytorch: RECUR_LAYOUT_PYTORCH
    case .onnx: RECUR_LAYOUT_ONNX
    case .keras: RECUR_LAYOUT_KERAS
    case .oneDNN: RECUR_LAYOUT_ONEDNN
    }
  }

  func slices(of network: recur_network) throws(RecurError) -> [ParameterSlice] {
    var network = network
    var (count, numbers) = (0, 0)
    try check(
      recur_parameters_count(&network, inC, &count, &numbers), networkArgumentNames)
    try ParameterSlice.requireCount(count)
    return try (0..<count).map { index throws(RecurError) in
      var slice = recur_parameter_slice()
      try check(recur_parameters_slice(&network, inC, index, &slice))
      let name = withUnsafeBytes(of: slice.name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      return ParameterSlice(
        name: name, rows: slice.rows, columns: slice.columns, offset: slice.offset)
    }
  }
}

extension RecurrentNetwork {
  /// Exports the parameters in the layout of another system.
  ///
  /// - Parameter layout: The layout of the other system.
  /// - Returns: All parameters, in slices with the other system's names.
  /// - Throws: ``RecurError/unsupported(argument:reason:)`` if the other system cannot store them.
  public func parameters(in layout: ParameterLayout) throws(RecurError) -> ParameterVector<Scalar> {
    var result = try ParameterVector<Scalar>(slices: layout.slices(of: plan.inC))
    try convert(parameters, to: &result, layout, Scalar.kernels.parameters.export)
    return result
  }

  /// Imports parameters from the layout of another system, in the slices of ``parameters(in:)``.
  ///
  /// - Parameters:
  ///   - vector: All parameters, in slices with the other system's names.
  ///   - layout: The layout of the other system.
  /// - Throws: ``RecurError`` if the vector has other slices, or if the other system cannot store the
  ///   network's parameters.
  public mutating func setParameters(
    _ vector: ParameterVector<Scalar>, in layout: ParameterLayout
  ) throws(RecurError) {
    try vector.require(layout.slices(of: plan.inC), named: "parameters")
    var result = try parameters.zeros()
    try convert(vector, to: &result, layout, Scalar.kernels.parameters.import)
    parameters = result
  }

  private func convert(
    _ from: ParameterVector<Scalar>, to result: inout ParameterVector<Scalar>,
    _ layout: ParameterLayout, _ function: ParameterFunctions<Scalar>.Conversion
  ) throws(RecurError) {
    var network = plan.inC
    var source = Scalar.vector(from.base, count: from.count)
    var target = try Scalar.vector(result.uniqueBase(), count: result.count)
    let status = function(&network, layout.inC, &source, &target)
    try withExtendedLifetime((from, result)) { () throws(RecurError) in
      try check(status, networkArgumentNames)
    }
  }
}
