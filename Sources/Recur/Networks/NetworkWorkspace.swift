// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The purpose of a pass.
public enum NetworkMode: Sendable, Hashable {
  /// Forward alone.
  case inference

  /// Forward and backward. With a segment length k, only the state of every k-th step is stored, and
  /// backward recomputes the rest, one segment at a time; without one, every step is stored.
  case training(segmentLength: Int? = nil)

  var isTraining: Bool { self != .inference }

  /// In C, 0 stands for none.
  func segment() throws(RecurError) -> Int {
    guard case .training(let length?) = self else { return 0 }
    try requireSize("segmentLength", length, atLeast: 1)
    return length
  }
}

/// The C library's scratch and record. One pass owns it, and then returns it to the network for the
/// next pass of the same shape.
struct NetworkWorkspace<Scalar: RecurScalar>: ~Copyable {
  private let plan: NetworkPlan
  private let memory: WorkspaceMemory<Scalar>

  var steps: Int { memory.shape.steps }
  var batchSize: Int { memory.shape.batchSize }
  var pointer: OpaquePointer { memory.pointer }

  init(
    _ plan: NetworkPlan, steps: Int, batchSize: Int, for mode: NetworkMode,
    threads: Threads? = nil
  ) throws(RecurError) {
    let shape = try WorkspaceShape(steps: steps, batchSize: batchSize, mode: mode)
    let memory = try WorkspaceMemory<Scalar>.of(plan, shape)
    memory.use(threads)
    self.plan = plan
    self.memory = memory
  }

  deinit {
    memory.use(nil)
    plan.keep(memory, for: memory.shape.mode)
  }
}

struct WorkspaceShape: Equatable {
  let steps: Int
  let batchSize: Int
  let mode: NetworkMode
  let segment: Int

  init(steps: Int, batchSize: Int, mode: NetworkMode) throws(RecurError) {
    try requireSize("steps", steps, atLeast: 0)
    try requireSize("batchSize", batchSize, atLeast: 0)
    self.steps = steps
    self.batchSize = batchSize
    self.mode = mode
    segment = try mode.segment()
  }
}

/// Sendable although unchecked: the pass that takes it from the network has the only reference.
private final class WorkspaceMemory<Scalar: RecurScalar>: @unchecked Sendable {
  let shape: WorkspaceShape
  let pointer: OpaquePointer
  private var threads: Threads?

  /// The network's spare one if it has this shape, or a new one.
  static func of(
    _ plan: NetworkPlan, _ shape: WorkspaceShape
  ) throws(RecurError) -> WorkspaceMemory {
    if let spare = plan.takeSpare(for: shape.mode) as? Self, spare.shape == shape { return spare }
    return try WorkspaceMemory(plan, shape)
  }

  private init(_ plan: NetworkPlan, _ shape: WorkspaceShape) throws(RecurError) {
    var network = plan.inC
    guard let pointer = Scalar.kernels.network.allocWorkspace(&network, shape) else {
      throw lastError(networkArgumentNames)
    }
    self.shape = shape
    self.pointer = pointer
  }

  func use(_ threads: Threads?) {
    guard threads !== self.threads else { return }
    self.threads = threads
    _ = Scalar.kernels.network.setThreads(pointer, threads?.pointer)
  }

  deinit {
    Scalar.kernels.network.freeWorkspace(pointer)
  }
}

extension RecurrentNetwork {
  /// The number of bytes that the C library allocates for a pass, apart from inputs, outputs and
  /// parameters: in training, for each step and unit, the gates and the cell state (one value in a
  /// simple or residual cell, 4 in a GRU, 5 in an LSTM, 6 with `cellZoneout`), and the outputs of all
  /// layers but the last, with two directions also the gradients of up to two layers' outputs; in
  /// inference the values of a few steps, or, with two directions, up to two layers' outputs.
  ///
  /// - Parameters:
  ///   - steps: T.
  ///   - batchSize: B.
  ///   - mode: the purpose of the pass.
  /// - Returns: bytes.
  /// - Throws: ``RecurError`` for sizes out of range, or segments with two directions.
  public func workspaceBytes(
    steps: Int, batchSize: Int, for mode: NetworkMode
  ) throws(RecurError) -> Int {
    let shape = try WorkspaceShape(steps: steps, batchSize: batchSize, mode: mode)
    var network = plan.inC
    var bytes = 0
    try check(
      Scalar.kernels.network.workspaceBytes(&network, shape, &bytes), networkArgumentNames)
    return bytes
  }
}
