// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Synchronization

/// The sizes and the purpose of a workspace.
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

/// The functions of the C library for the workspaces of one network or model.
struct WorkspaceFunctions: Sendable {
  let bytes: @Sendable (WorkspaceShape, UnsafeMutablePointer<Int>) -> CInt
  let alloc: @Sendable (WorkspaceShape) -> OpaquePointer?
  let free: @Sendable (OpaquePointer) -> Void
  let setThreads: @Sendable (OpaquePointer, OpaquePointer?) -> CInt

  /// The Swift names of the C arguments.
  let argumentNames: [String: String]

  func bytes(_ shape: WorkspaceShape) throws(RecurError) -> Int {
    var count = 0
    try check(bytes(shape, &count), argumentNames)
    return count
  }
}

/// The data that all copies of a network or a model share.
protocol WorkspacePlan: AnyObject, Sendable {
  var spares: SpareWorkspaces { get }

  func workspaceFunctions<Scalar: RecurScalar>(of scalar: Scalar.Type) -> WorkspaceFunctions
}

/// The workspaces that the last passes left for the next pass of the same shape: at most one of inference and
/// one of training.
final class SpareWorkspaces: Sendable {
  private let inference = Mutex<WorkspaceMemory?>(nil)
  private let training = Mutex<WorkspaceMemory?>(nil)

  /// The number of bytes of the workspaces.
  var bytes: Int {
    inference.withLock { $0?.bytes ?? 0 } + training.withLock { $0?.bytes ?? 0 }
  }

  fileprivate func take(for mode: NetworkMode) -> WorkspaceMemory? {
    mode.isTraining ? training.withLock(takeAway) : inference.withLock(takeAway)
  }

  fileprivate func keep(_ memory: WorkspaceMemory) {
    if memory.shape.mode.isTraining {
      training.withLock { $0 = memory }
    } else {
      inference.withLock { $0 = memory }
    }
  }

  func release() {
    for mode in [NetworkMode.inference, .training()] { _ = take(for: mode) }
  }
}

private func takeAway(_ spare: inout sending WorkspaceMemory?) -> sending WorkspaceMemory? {
  let taken = spare
  spare = nil
  return taken
}

/// The C library's workspace: temporary memory and the stored values of a pass. One pass owns it and then
/// returns it for the next pass of the same shape.
struct Workspace<Scalar: RecurScalar>: ~Copyable {
  private let plan: any WorkspacePlan
  private let memory: WorkspaceMemory

  var steps: Int { memory.shape.steps }
  var batchSize: Int { memory.shape.batchSize }
  var pointer: OpaquePointer { memory.pointer }

  init(
    _ plan: any WorkspacePlan, steps: Int, batchSize: Int, for mode: NetworkMode,
    threads: Threads? = nil
  ) throws(RecurError) {
    let shape = try WorkspaceShape(steps: steps, batchSize: batchSize, mode: mode)
    let spare = plan.spares.take(for: mode)
    if let spare, spare.shape == shape, spare.scalar == Scalar.self {
      memory = spare
    } else {
      memory = try WorkspaceMemory(plan.workspaceFunctions(of: Scalar.self), Scalar.self, shape)
    }
    memory.use(threads)
    self.plan = plan
  }

  deinit {
    memory.use(nil)
    plan.spares.keep(memory)
  }
}

/// `@unchecked Sendable` is safe: the pass that takes it from the spares has the only reference.
private final class WorkspaceMemory: @unchecked Sendable {
  let functions: WorkspaceFunctions
  let scalar: any RecurScalar.Type
  let shape: WorkspaceShape
  let pointer: OpaquePointer
  let bytes: Int
  private var threads: Threads?

  init(
    _ functions: WorkspaceFunctions, _ scalar: any RecurScalar.Type, _ shape: WorkspaceShape
  ) throws(RecurError) {
    bytes = try functions.bytes(shape)
    guard let pointer = functions.alloc(shape) else { throw lastError(functions.argumentNames) }
    self.functions = functions
    self.scalar = scalar
    self.shape = shape
    self.pointer = pointer
  }

  func use(_ threads: Threads?) {
    guard threads !== self.threads else { return }
    self.threads = threads
    _ = functions.setThreads(pointer, threads?.pointer)
  }

  deinit { functions.free(pointer) }
}
