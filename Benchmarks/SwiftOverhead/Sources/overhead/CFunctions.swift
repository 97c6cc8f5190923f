// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur
import Recur

/// The C functions of a precision.
protocol CScalar: RecurScalar {
  static func matrix(_ data: UnsafeMutablePointer<Self>, _ rows: Int, _ columns: Int) -> GSLMatrix
  static func vector(_ data: UnsafeMutablePointer<Self>, _ count: Int) -> GSLVector
  static func alloc(_ n: inout recur_network, _ T: Int, _ B: Int, _ pass: recur_mode)
    -> OpaquePointer?
  static func free(_ workspace: OpaquePointer?)
  static func weights(_ n: inout recur_network, _ theta: GSLVector) -> OpaquePointer?
  static func freeWeights(_ weights: OpaquePointer?)

  typealias In = UnsafePointer<GSLMatrix>
  typealias Out = UnsafeMutablePointer<GSLMatrix>

  static func infer(
    _ weights: OpaquePointer?, _ x: In, _ h0: In, _ c0: In?, _ y: Out, _ hT: Out, _ cT: Out?,
    _ w: OpaquePointer?
  ) -> CInt

  static func forward(
    _ theta: UnsafePointer<GSLVector>, _ x: In, _ h0: In, _ c0: In?, _ y: Out, _ hT: Out,
    _ cT: Out?, _ w: OpaquePointer?
  ) -> CInt

  static func backward(
    _ theta: UnsafePointer<GSLVector>, _ x: In, _ y: In, _ dy: In, _ dx: Out, _ dh0: Out,
    _ dc0: Out?, _ dtheta: UnsafeMutablePointer<GSLVector>, _ w: OpaquePointer?
  ) -> CInt
}

extension Double: CScalar {
  static func matrix(
    _ data: UnsafeMutablePointer<Double>, _ rows: Int, _ columns: Int
  ) -> gsl_matrix {
    gsl_matrix(size1: rows, size2: columns, tda: columns, data: data, block: nil, owner: 0)
  }
  static func vector(_ data: UnsafeMutablePointer<Double>, _ count: Int) -> gsl_vector {
    gsl_vector(size: count, stride: 1, data: data, block: nil, owner: 0)
  }
  static func alloc(
    _ n: inout recur_network, _ T: Int, _ B: Int, _ pass: recur_mode
  ) -> OpaquePointer? {
    recur_network_workspace_alloc(&n, T, B, pass, 0)
  }
  static func free(_ workspace: OpaquePointer?) {
    recur_network_workspace_free(workspace)
  }
  static func weights(_ n: inout recur_network, _ theta: gsl_vector) -> OpaquePointer? {
    var theta = theta
    let weights = recur_network_weights_alloc(&n)
    return recur_network_weights_set(weights, &theta) == 0 ? weights : nil
  }
  static func freeWeights(_ weights: OpaquePointer?) {
    recur_network_weights_free(weights)
  }
  static func infer(
    _ weights: OpaquePointer?, _ x: In, _ h0: In, _ c0: In?, _ y: Out, _ hT: Out, _ cT: Out?,
    _ w: OpaquePointer?
  ) -> CInt {
    var pass = recur_network_pass(x: x, batch: nil, h0: h0, c0: c0, y: y, hT: hT, cT: cT)
    return recur_network_infer(weights, &pass, w)
  }
  static func forward(
    _ theta: UnsafePointer<gsl_vector>, _ x: In, _ h0: In, _ c0: In?, _ y: Out, _ hT: Out,
    _ cT: Out?, _ w: OpaquePointer?
  ) -> CInt {
    var pass = recur_network_pass(x: x, batch: nil, h0: h0, c0: c0, y: y, hT: hT, cT: cT)
    return recur_network_forward(theta, &pass, w)
  }
  static func backward(
    _ theta: UnsafePointer<gsl_vector>, _ x: In, _ y: In, _ dy: In, _ dx: Out, _ dh0: Out,
    _ dc0: Out?, _ dtheta: UnsafeMutablePointer<gsl_vector>, _ w: OpaquePointer?
  ) -> CInt {
    var pass = recur_network_pass()
    pass.x = x
    pass.y = UnsafeMutablePointer(mutating: y)
    var gradients = recur_network_gradients(
      dy: dy, dhT: nil, dcT: nil, dx: dx, dh0: dh0, dc0: dc0, dtheta: dtheta, dh_norms: nil)
    return recur_network_backward(theta, &pass, &gradients, w)
  }
}

extension Float: CScalar {
  static func matrix(
    _ data: UnsafeMutablePointer<Float>, _ rows: Int, _ columns: Int
  ) -> gsl_matrix_float {
    gsl_matrix_float(size1: rows, size2: columns, tda: columns, data: data, block: nil, owner: 0)
  }
  static func vector(_ data: UnsafeMutablePointer<Float>, _ count: Int) -> gsl_vector_float {
    gsl_vector_float(size: count, stride: 1, data: data, block: nil, owner: 0)
  }
  static func alloc(
    _ n: inout recur_network, _ T: Int, _ B: Int, _ pass: recur_mode
  ) -> OpaquePointer? {
    recur_network_float_workspace_alloc(&n, T, B, pass, 0)
  }
  static func free(_ workspace: OpaquePointer?) {
    recur_network_float_workspace_free(workspace)
  }
  static func weights(_ n: inout recur_network, _ theta: gsl_vector_float) -> OpaquePointer? {
    var theta = theta
    let weights = recur_network_float_weights_alloc(&n)
    return recur_network_float_weights_set(weights, &theta) == 0 ? weights : nil
  }
  static func freeWeights(_ weights: OpaquePointer?) {
    recur_network_float_weights_free(weights)
  }
  static func infer(
    _ weights: OpaquePointer?, _ x: In, _ h0: In, _ c0: In?, _ y: Out, _ hT: Out, _ cT: Out?,
    _ w: OpaquePointer?
  ) -> CInt {
    var pass = recur_network_float_pass(x: x, batch: nil, h0: h0, c0: c0, y: y, hT: hT, cT: cT)
    return recur_network_float_infer(weights, &pass, w)
  }
  static func forward(
    _ theta: UnsafePointer<gsl_vector_float>, _ x: In, _ h0: In, _ c0: In?, _ y: Out, _ hT: Out,
    _ cT: Out?, _ w: OpaquePointer?
  ) -> CInt {
    var pass = recur_network_float_pass(x: x, batch: nil, h0: h0, c0: c0, y: y, hT: hT, cT: cT)
    return recur_network_float_forward(theta, &pass, w)
  }
  static func backward(
    _ theta: UnsafePointer<gsl_vector_float>, _ x: In, _ y: In, _ dy: In, _ dx: Out, _ dh0: Out,
    _ dc0: Out?, _ dtheta: UnsafeMutablePointer<gsl_vector_float>, _ w: OpaquePointer?
  ) -> CInt {
    var pass = recur_network_float_pass()
    pass.x = x
    pass.y = UnsafeMutablePointer(mutating: y)
    var gradients = recur_network_float_gradients(
      dy: dy, dhT: nil, dcT: nil, dx: dx, dh0: dh0, dc0: dc0, dtheta: dtheta, dh_norms: nil)
    return recur_network_float_backward(theta, &pass, &gradients, w)
  }
}
