// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur
import Synchronization

/// What all copies of a network have in common: the description, and the workspaces that their last
/// passes left, for the next of the same shape.
final class NetworkPlan: Sendable {
  let inC: recur_network
  let cell: String
  let usualActivation: Activation
  let gates: Int
  let stateSize: Int
  let parts: [ParameterPart]

  private let spareOfInference = Mutex<(any AnyObject & Sendable)?>(nil)
  private let spareOfTraining = Mutex<(any AnyObject & Sendable)?>(nil)

  init(
    inC: recur_network, cell: String, usualActivation: Activation, gates: Int, stateSize: Int,
    parts: [ParameterPart]
  ) {
    self.inC = inC
    self.cell = cell
    self.usualActivation = usualActivation
    self.gates = gates
    self.stateSize = stateSize
    self.parts = parts
  }

  func takeSpare(for pass: recur_mode) -> (any AnyObject & Sendable)? {
    pass == RECUR_MODE_TRAINING ? spareOfTraining.withLock(take) : spareOfInference.withLock(take)
  }

  func keep(_ workspace: any AnyObject & Sendable, for pass: recur_mode) {
    if pass == RECUR_MODE_TRAINING {
      spareOfTraining.withLock { $0 = workspace }
    } else {
      spareOfInference.withLock { $0 = workspace }
    }
  }
}

private func take(
  _ spare: inout sending (any AnyObject & Sendable)?
) -> sending (any AnyObject & Sendable)? {
  let taken = spare
  spare = nil
  return taken
}

/// The parameters of a network as inference uses them, shared by all passes until they change.
final class PreparedWeights<Scalar: RecurScalar>: @unchecked Sendable {
  let plan: NetworkPlan
  let pointer: OpaquePointer

  /// The C library only reads it from here on, which is why it may be shared between threads.
  init(_ plan: NetworkPlan, _ theta: Scalar.GSLVector) throws(RecurError) {
    var (network, theta) = (plan.inC, theta)
    guard let pointer = Scalar._network.weightsAlloc(&network) else {
      throw lastError(networkArgumentNames)
    }
    self.plan = plan
    self.pointer = pointer
    try check(Scalar._network.weightsSet(&theta, pointer), networkArgumentNames)
  }

  deinit {
    Scalar._network.weightsFree(pointer)
  }
}
