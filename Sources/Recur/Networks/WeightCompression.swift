// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

extension RecurrentNetwork where Scalar: RecurScalar {
  /// Returns the network with another storage of its matrices in inference, and with parameters that are rounded
  /// to it.
  ///
  /// ```swift
  /// let small = try network.compressed(.half)
  /// let result = try small(x)
  /// ```
  ///
  /// - Parameter storage: The storage.
  /// - Returns: The network, with the same ``parameters`` if the storage is
  ///   ``NetworkConfiguration/WeightStorage/full``.
  /// - Throws: ``RecurError`` if the precision is `Double`, if an element of a matrix cannot be stored, or if memory
  ///   cannot be allocated.
  public func compressed(
    _ storage: NetworkConfiguration.WeightStorage
  ) throws(RecurError) -> Self {
    var configuration = configuration
    configuration.weightStorage = storage
    var network = try Self(configuration)
    network.parameters = parameters
    try network.parameters.round(for: configuration, at: 0)
    return network
  }
}

extension Model {
  /// Returns the model with another storage of the matrices of all its networks in inference, and with
  /// parameters that are rounded to it.
  ///
  /// - Parameter storage: The storage.
  /// - Returns: The model. Other layers keep their parameters.
  /// - Throws: ``RecurError`` if the precision is `Double`, if an element of a matrix cannot be stored, or if memory
  ///   cannot be allocated.
  public func compressed(
    _ storage: NetworkConfiguration.WeightStorage
  ) throws(RecurError) -> Model {
    var graph = graph
    for k in graph.nodes.indices {
      guard case .network(var configuration) = graph.nodes[k].layer else { continue }
      configuration.weightStorage = storage
      graph.nodes[k].layer = .network(configuration)
    }
    var model = try Model(graph)
    model.parameters = parameters
    for node in model.graph.nodes {
      guard case .network(let configuration) = node.layer else { continue }
      let name = "\(node.name).weight_ih_l0"
      guard let first = parameters.slices.first(where: { $0.name == name }) else { continue }
      try model.parameters.round(for: configuration, at: first.offset)
    }
    return model
  }
}

extension ParameterVector {
  /// Rounds the parameters of a network, which begin at an offset, to the network's storage.
  fileprivate mutating func round(
    for configuration: NetworkConfiguration, at offset: Int
  ) throws(RecurError) {
    var network = try configuration.inC()
    let count = try configuration.parameterSlices.last?.range.upperBound ?? 0
    var theta = try Scalar.vector(uniqueBase() + offset, count: count)
    try check(
      Scalar.kernels.parameters.round(&network, &theta),
      ["theta": "parameters", "network->weight_storage": "storage"])
  }
}
