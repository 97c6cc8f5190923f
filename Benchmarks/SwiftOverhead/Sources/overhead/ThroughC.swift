// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur
import Recur

/// A row through the C API, as in a C program: memory is allocated once, and for inference the weights
/// are prepared once.
final class ThroughC<Scalar: CScalar> {
  private let workspace, weights: OpaquePointer?
  private var theta, dtheta: Scalar.GSLVector
  private var x, dx, y, dy, h0, hT, dh0: Scalar.GSLMatrix
  private var c0, cT, dc0: Scalar.GSLMatrix?
  private var memory: [UnsafeMutableBufferPointer<Scalar>] = []

  init(_ row: Row, theta: [Scalar], x: [Scalar], h0: [Scalar], dy: [Scalar]) {
    var memory: [UnsafeMutableBufferPointer<Scalar>] = []
    func copy(_ elements: [Scalar]) -> UnsafeMutablePointer<Scalar> {
      let buffer = UnsafeMutableBufferPointer<Scalar>.allocate(capacity: elements.count)
      _ = buffer.initialize(from: elements)
      memory.append(buffer)
      return buffer.baseAddress!
    }
    func matrix(_ rows: Int, _ columns: Int, _ elements: [Scalar]? = nil) -> Scalar.GSLMatrix {
      Scalar.matrix(copy(elements ?? Array(repeating: 0, count: rows * columns)), rows, columns)
    }
    let (rows, isLSTM) = (row.T * row.B, row.cell == .lstm)
    self.theta = Scalar.vector(copy(theta), theta.count)
    dtheta = Scalar.vector(copy(theta), theta.count)
    self.x = matrix(rows, row.I, x)
    dx = matrix(rows, row.I)
    y = matrix(rows, row.H)
    self.dy = matrix(rows, row.H, dy)
    self.h0 = matrix(row.B, row.H, h0)
    hT = matrix(row.B, row.H, h0)
    dh0 = matrix(row.B, row.H)
    c0 = isLSTM ? matrix(row.B, row.H) : nil
    cT = isLSTM ? matrix(row.B, row.H) : nil
    dc0 = isLSTM ? matrix(row.B, row.H) : nil
    self.memory = memory
    let constructor =
      switch row.cell {
      case .simple: recur_rnn
      case .gru: recur_gru
      case .lstm: recur_lstm
      }
    var network = constructor(row.I, row.H)
    workspace = Scalar.alloc(
      &network, row.T, row.B, row.pass == .training ? RECUR_MODE_TRAINING : RECUR_MODE_INFERENCE)
    weights = row.pass == .training ? nil : Scalar.weights(&network, self.theta)
  }

  deinit {
    Scalar.free(workspace)
    Scalar.freeWeights(weights)
    for buffer in memory { buffer.deallocate() }
  }

  /// y, or in training the parameter gradients, after the last call.
  func result(_ pass: Row.Pass) -> [Scalar] {
    Array(memory[pass == .training ? 1 : 4])
  }

  func forward() {
    let status = withOptional(&c0) { c0 in
      withOptional(&cT) { cT in
        Scalar.infer(weights, &x, &h0, c0, &y, &hT, cT, workspace)
      }
    }
    precondition(status == 0)
  }

  /// Computes a step from the state after the previous step.
  func step() {
    let status = withUnsafeMutablePointer(to: &hT) { h in
      withOptional(&cT) { c in Scalar.infer(weights, &x, h, c, &y, h, c, workspace) }
    }
    precondition(status == 0)
  }

  func training() {
    memory[1].update(repeating: 0)
    let forward = withOptional(&c0) { c0 in
      withOptional(&cT) { cT in
        Scalar.forward(&theta, &x, &h0, c0, &y, &hT, cT, workspace)
      }
    }
    let backward = withOptional(&dc0) { dc0 in
      Scalar.backward(&theta, &x, &y, &dy, &dx, &dh0, dc0, &dtheta, workspace)
    }
    precondition(forward == 0 && backward == 0)
  }
}

/// A pointer to the value, or nil.
private func withOptional<Value, Result>(
  _ value: inout Value?, _ body: (UnsafeMutablePointer<Value>?) -> Result
) -> Result {
  guard value != nil else { return body(nil) }
  return withUnsafeMutablePointer(to: &value!) { body($0) }
}
