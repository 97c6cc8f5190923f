// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The order and layout in which a system stores the parameters of a recurrent network.
///
/// | layout | slices of a layer | gates |
/// |---|---|---|
/// | `pytorch`, Recur's own | `weight_ih` G·H x I, `weight_hh` G·H x P, `bias_ih`, `bias_hh`, `weight_hr` P x H, `weight_peephole` 3 x H, `weight_ln_ih`, `weight_ln_hh` G·H | i f g o, r z n |
/// | `onnx` | `W` D·G·H x I, `R` D·G·H x H, `B` D x 2·G·H, `P` D x 3·H | i o f c (peepholes i o f), z r h |
/// | `keras` | `kernel` I x G·H, `recurrent_kernel` H x G·H, `bias` 1 x G·H (reset after: 2 x 3·H) | i f c o, z r h |
/// | `oneDNN` | `weights_layer` I x G·H, `weights_iter` P x G·H, `bias` 1 x G·H (reset after: 1 x 4·H), `weights_peephole` 3 x H, `weights_projection` H x P | i f c o, u r o |
///
/// Names end in `_l0`, and but for ONNX in `_l0_reverse`. Where the other system has one bias, it
/// becomes `bias_ih`, with `bias_hh` 0; the other way, their sum is written, which may round.
public enum ParameterLayout: Sendable, CaseIterable {
  case pytorch
  case onnx
  case keras
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
  /// The parameters as another system stores them.
  ///
  /// - Parameter layout: the system's.
  /// - Returns: all parameters, in slices with that system's names.
  /// - Throws: ``RecurError/unsupported(argument:reason:)`` if that system cannot store them.
  public func parameters(in layout: ParameterLayout) throws(RecurError) -> ParameterVector<Scalar> {
    var result = try ParameterVector<Scalar>(slices: layout.slices(of: plan.inC))
    try convert(parameters, to: &result, layout, Scalar.kernels.parameters.export)
    return result
  }

  /// Sets the parameters from another system's, in the slices of ``parameters(in:)``.
  ///
  /// - Parameters:
  ///   - vector: all parameters, in slices with that system's names.
  ///   - layout: the system's.
  /// - Throws: ``RecurError`` for a vector of other slices, and if that system cannot store the network's
  ///   parameters.
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
    var target = Scalar.vector(result.uniqueBase(), count: result.count)
    let status = function(&network, layout.inC, &source, &target)
    try withExtendedLifetime((from, result)) { () throws(RecurError) in
      try check(status, networkArgumentNames)
    }
  }
}
