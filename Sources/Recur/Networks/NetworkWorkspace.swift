// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The purpose of a pass.
public enum NetworkMode: Sendable, Hashable {
  /// A forward pass only.
  case inference

  /// A forward and a backward pass. With a segment length k, the pass stores only the state of every k-th
  /// step, and the backward pass recomputes the rest, one segment at a time. Without one, the pass stores
  /// every step.
  case training(segmentLength: Int? = nil)

  var isTraining: Bool { self != .inference }

  /// In C, 0 means none.
  func segment() throws(RecurError) -> Int {
    guard case .training(let length?) = self else { return 0 }
    try requireSize("segmentLength", length, atLeast: 1)
    return length
  }
}

/// The C library's workspace: temporary memory and the stored values of a pass. One pass owns it and then
/// returns it to the network for the next pass of the same shape.
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

/// Memory that waits for the next pass.
protocol SpareWorkspace {
  var bytes: Int { get }
}

/// `@unchecked Sendable` is safe: the pass that takes it from the network has the only reference.
private final class WorkspaceMemory<Scalar: RecurScalar>: SpareWorkspace, @unchecked Sendable {
  let shape: WorkspaceShape
  let pointer: OpaquePointer
  let bytes: Int
  private var threads: Threads?

  /// Returns the network's spare memory if it has this shape, and otherwise allocates new memory.
  static func of(
    _ plan: NetworkPlan, _ shape: WorkspaceShape
  ) throws(RecurError) -> WorkspaceMemory {
    if let spare = plan.takeSpare(for: shape.mode) as? Self, spare.shape == shape { return spare }
    return try WorkspaceMemory(plan, shape)
  }

  private init(_ plan: NetworkPlan, _ shape: WorkspaceShape) throws(RecurError) {
    bytes = try plan.workspaceBytes(of: Scalar.self, shape)
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

extension NetworkPlan {
  fileprivate func workspaceBytes<Scalar: RecurScalar>(
    of scalar: Scalar.Type, _ shape: WorkspaceShape
  ) throws(RecurError) -> Int {
    var network = inC
    var bytes = 0
    try check(
      Scalar.kernels.network.workspaceBytes(&network, shape, &bytes), networkArgumentNames)
    return bytes
  }
}

extension RecurrentNetwork {
  /// Frees the workspaces that passes of this network and of its copies left for the next pass of the same
  /// shape: at most one of inference and one of training. The next pass allocates a new one.
  public func releaseWorkspaces() { plan.releaseSpares() }

  /// Returns the number of bytes that the C library allocates for a pass, without inputs, outputs and
  /// parameters. <doc:Networks#Memory-of-a-pass> describes its parts.
  ///
  /// - Parameters:
  ///   - steps: The number of steps T.
  ///   - batchSize: The batch size B.
  ///   - mode: The purpose of the pass.
  /// - Returns: The number of bytes.
  /// - Throws: ``RecurError`` if a size is out of range, or for segments with two directions.
  public func workspaceBytes(
    steps: Int, batchSize: Int, for mode: NetworkMode
  ) throws(RecurError) -> Int {
    try plan.workspaceBytes(
      of: Scalar.self, WorkspaceShape(steps: steps, batchSize: batchSize, mode: mode))
  }
}
