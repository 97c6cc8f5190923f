// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The C library's scratch and record: one thread's, and when that is through with it the network's,
/// for the next pass of the same shape.
struct NetworkWorkspace<Scalar: RecurScalar>: ~Copyable {
  private let plan: NetworkPlan
  private let memory: WorkspaceMemory<Scalar>

  var steps: Int { memory.shape.steps }
  var batchSize: Int { memory.shape.batchSize }
  var pointer: OpaquePointer { memory.pointer }

  init(
    _ plan: NetworkPlan, steps: Int, batchSize: Int, pass: recur_mode, checkpointEvery: Int? = nil,
    threads: Threads? = nil
  ) throws(RecurError) {
    let shape = WorkspaceShape(
      steps: steps, batchSize: batchSize, pass: pass,
      segment: try requireWorkspace(steps, batchSize, checkpointEvery))
    let memory = try WorkspaceMemory<Scalar>.of(plan, shape)
    memory.use(threads)
    self.plan = plan
    self.memory = memory
  }

  deinit {
    memory.use(nil)
    plan.keep(memory, for: memory.shape.pass)
  }
}

struct WorkspaceShape: Equatable {
  let steps: Int
  let batchSize: Int
  let pass: recur_mode
  let segment: Int
}

/// Sendable although unchecked: whoever takes it from the network has the one reference to it.
private final class WorkspaceMemory<Scalar: RecurScalar>: @unchecked Sendable {
  let shape: WorkspaceShape
  let pointer: OpaquePointer
  private var threads: Threads?

  /// The network's spare one if it has this shape, or a new one.
  static func of(
    _ plan: NetworkPlan, _ shape: WorkspaceShape
  ) throws(RecurError) -> WorkspaceMemory {
    if let spare = plan.takeSpare(for: shape.pass) as? Self, spare.shape == shape { return spare }
    return try WorkspaceMemory(plan, shape)
  }

  private init(_ plan: NetworkPlan, _ shape: WorkspaceShape) throws(RecurError) {
    var network = plan.inC
    guard
      let pointer = Scalar._network.alloc(
        &network, shape.steps, shape.batchSize, shape.pass, shape.segment)
    else { throw lastError(networkArgumentNames) }
    self.shape = shape
    self.pointer = pointer
  }

  func use(_ threads: Threads?) {
    guard threads !== self.threads else { return }
    self.threads = threads
    _ = Scalar._network.setThreads(pointer, threads?.pointer)
  }

  deinit {
    Scalar._network.free(pointer)
  }
}

/// The segment in C, where 0 stands for none.
private func requireWorkspace(
  _ steps: Int, _ batchSize: Int, _ checkpointEvery: Int?
) throws(RecurError) -> Int {
  try requireSize("steps", steps, atLeast: 0)
  try requireSize("batchSize", batchSize, atLeast: 0)
  guard let checkpointEvery else { return 0 }
  try requireSize("checkpointEvery", checkpointEvery, atLeast: 1)
  return checkpointEvery
}

/// What a workspace is for.
public enum Pass: Sendable {
  case inference

  /// Forward and backward; with a number of steps, only the state of every so many is kept, and
  /// backward computes the rest again.
  case training(checkpointEvery: Int? = nil)
}

extension RecurrentNetwork {
  /// How many bytes the C library takes for a pass over T steps of B sequences, apart from inputs,
  /// outputs and parameters: in training, per step and unit, the gates and the cell state (one number
  /// in a simple or residual cell, 4 in a GRU, 5 in an LSTM, 6 with `cellZoneout`), and the outputs of
  /// all layers but the last, with two directions their gradients too, of up to two layers; in
  /// inference what a few steps need, or, with two directions, up to two layers' outputs.
  public func workspaceSize(steps: Int, batchSize: Int, for pass: Pass) throws(RecurError) -> Int {
    var checkpointEvery: Int?
    var kind = RECUR_MODE_INFERENCE
    if case .training(let every) = pass { (kind, checkpointEvery) = (RECUR_MODE_TRAINING, every) }
    let segment = try requireWorkspace(steps, batchSize, checkpointEvery)
    var network = description.inC
    var bytes = 0
    try check(
      Scalar._network.workspaceSize(&network, steps, batchSize, kind, segment, &bytes),
      networkArgumentNames)
    return bytes
  }
}

/// What a batch is besides its numbers.
struct BatchOptions {
  var lengths: [Int]?
  var dropoutSeed: DropoutSeed?

  init(lengths: [Int]? = nil, dropoutSeed: DropoutSeed? = nil) {
    self.lengths = lengths
    self.dropoutSeed = dropoutSeed
  }

  func withC<Result>(
    batchSize: Int, _ body: (UnsafePointer<recur_batch>) -> Result
  ) throws(RecurError) -> Result {
    var batch = recur_batch()
    if let dropoutSeed {
      try requireSize("dropoutSeed.firstStep", dropoutSeed.firstStep, atLeast: 0)
      try requireSize("dropoutSeed.firstSequence", dropoutSeed.firstSequence, atLeast: 0)
      batch.seed = dropoutSeed.seed
      batch.first_step = UInt64(dropoutSeed.firstStep)
      batch.first_sequence = UInt64(dropoutSeed.firstSequence)
    }
    guard let lengths else { return body(&batch) }
    guard lengths.count == batchSize else {
      throw .shape(
        argument: "lengths", expected: .init(batchSize, 1), found: .init(lengths.count, 1))
    }
    for (b, length) in lengths.enumerated() where length < 0 {
      throw .invalid(
        argument: "lengths", reason: "has \(length) for sequence \(b), expected at least 0")
    }
    return lengths.withUnsafeBufferPointer { pointer in
      batch.lengths = UnsafeRawPointer(pointer.baseAddress)?.assumingMemoryBound(to: Int.self)
      return body(&batch)
    }
  }
}

/// Where a training pass takes its masks from. Each number of a mask depends on the seed, the layer,
/// the unit, the sequence and the step, and on nothing else; with recurrent dropout and zoneout on the
/// direction, and with the former not on the step.
public struct DropoutSeed: Sendable, Equatable, ExpressibleByIntegerLiteral {
  public var seed: UInt64

  /// The number of the first step, where the batch is a chunk of longer sequences; below 2³².
  public var firstStep: Int

  /// The number of the first sequence, where the batch is a part of a larger one; below 2³².
  public var firstSequence: Int

  public init(_ seed: UInt64, firstStep: Int = 0, firstSequence: Int = 0) {
    self.seed = seed
    self.firstStep = firstStep
    self.firstSequence = firstSequence
  }

  public init(integerLiteral seed: UInt64) {
    self.init(seed)
  }
}
