// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The data that all copies of a network share: its validated configuration, and the workspaces that
/// their last passes left for the next pass of the same shape: at most one of inference and one of training.
///
/// This class has no public members, and only the library creates instances.
public final class NetworkPlan: Sendable {
  let configuration: NetworkConfiguration
  let inC: recur_network
  let slices: [ParameterSlice]

  let spares = SpareWorkspaces()

  /// Creates the plan of a network type with this kind of cell.
  init(
    _ configuration: NetworkConfiguration, for cell: NetworkConfiguration.Cell
  ) throws(RecurError) {
    guard configuration.cell == cell else {
      throw .invalid(
        argument: "configuration.cell", reason: "is \(configuration.cell), expected \(cell)")
    }
    self.configuration = configuration
    inC = try configuration.inC()
    slices = try ParameterLayout.pytorch.slices(of: inC)
  }

  /// The number of bytes of the workspaces that wait for the next pass.
  package var spareBytes: Int { spares.bytes }

  @usableFromInline
  func requireOneDirection() throws(RecurError) {
    guard configuration.directions == 1 else {
      throw .unsupported(
        argument: "step",
        reason: "requires one direction: the reverse direction needs future inputs")
    }
  }

  func require(layer: Int, _ direction: Direction) throws(RecurError) {
    guard (0..<configuration.layers).contains(layer) else {
      throw .invalid(
        argument: "layer", reason: "is \(layer), expected 0 to \(configuration.layers - 1)")
    }
    guard direction.rawValue < configuration.directions else {
      throw .invalid(
        argument: "direction", reason: "is reverse, but the network has only the forward direction")
    }
  }
}

/// The parameters of a network, packed for inference and shared by all passes until they change.
final class PreparedWeights<Scalar: RecurScalar>: @unchecked Sendable {
  /// Not the plan: parameters keep these weights, so they would also keep the plan and its workspaces.
  let configuration: NetworkConfiguration
  let pointer: OpaquePointer

  /// After this initializer, the C library only reads the weights, so threads can share them.
  init(_ plan: NetworkPlan, _ theta: Scalar.GSLVector) throws(RecurError) {
    var (network, theta) = (plan.inC, theta)
    guard let pointer = Scalar.kernels.network.allocWeights(&network) else {
      throw lastError(networkArgumentNames)
    }
    self.configuration = plan.configuration
    self.pointer = pointer
    try check(Scalar.kernels.network.setWeights(&theta, pointer), networkArgumentNames)
  }

  deinit {
    Scalar.kernels.network.freeWeights(pointer)
  }
}
