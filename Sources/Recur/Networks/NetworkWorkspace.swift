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

extension NetworkPlan: WorkspacePlan {
  func workspaceFunctions<Scalar: RecurScalar>(of scalar: Scalar.Type) -> WorkspaceFunctions {
    let (kernels, network) = (Scalar.kernels.network, inC)
    return WorkspaceFunctions(
      bytes: { shape, bytes in
        var network = network
        return kernels.workspaceBytes(&network, shape, bytes)
      },
      alloc: { shape in
        var network = network
        return kernels.allocWorkspace(&network, shape)
      },
      free: kernels.freeWorkspace, setThreads: kernels.setThreads,
      argumentNames: networkArgumentNames)
  }
}

extension RecurrentNetwork {
  /// Frees the workspaces that passes of this network and of its copies left for the next pass of the same
  /// shape: at most one of inference and one of training. The next pass allocates a new one.
  public func releaseWorkspaces() { plan.spares.release() }

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
    try plan.workspaceFunctions(of: Scalar.self)
      .bytes(WorkspaceShape(steps: steps, batchSize: batchSize, mode: mode))
  }
}
