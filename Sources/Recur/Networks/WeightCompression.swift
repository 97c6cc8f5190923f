// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

extension RecurrentNetwork where Scalar: RecurScalar {
  /// Returns the network with another storage of its matrices in inference, and with parameters that are rounded
  /// to it.
  ///
  /// ```swift
  /// let small = try network.compressed(.int8)
  /// let result = try small(x)
  /// ```
  ///
  /// - Parameter storage: The storage.
  /// - Returns: The network, with the same ``parameters`` if the storage is
  ///   ``NetworkConfiguration/WeightStorage/full``.
  /// - Throws: ``RecurError`` if the precision is `Double`, if the network is too small or too large for the storage,
  ///   if an element of a matrix cannot be stored, or if memory cannot be allocated.
  public func compressed(
    _ storage: NetworkConfiguration.WeightStorage
  ) throws(RecurError) -> Self {
    var configuration = configuration
    configuration.weightStorage = storage
    try configuration.requireStorage(in: Scalar.self)
    var network = try Self(configuration)
    network.parameters = parameters
    try network.parameters.round(for: configuration, at: 0)
    return network
  }
}

extension Model {
  /// Returns the model with another storage of the matrices of its networks in inference, and with parameters
  /// that are rounded to it.
  ///
  /// Networks that are too small for the storage, and layers that are not networks, stay as they are.
  ///
  /// - Parameter storage: The storage.
  /// - Returns: The model.
  /// - Throws: ``RecurError`` if no network can have the storage, if an element of a matrix cannot be stored, or if
  ///   memory cannot be allocated.
  public func compressed(
    _ storage: NetworkConfiguration.WeightStorage
  ) throws(RecurError) -> Model {
    var (graph, changes) = (graph, 0)
    var refusal = RecurError.invalid(argument: "model", reason: "has no recurrent network")
    for k in graph.nodes.indices {
      guard case .network(var configuration) = graph.nodes[k].layer else { continue }
      configuration.weightStorage = storage
      do throws(RecurError) {
        try configuration.requireStorage(in: Scalar.self)
        graph.nodes[k].layer = .network(configuration)
        changes += 1
      } catch {
        refusal = error
      }
    }
    guard changes > 0 else { throw refusal }
    var model = try Model(graph)
    model.parameters = parameters
    for case (let name, .network(let configuration)) in graph.nodes.map({ ($0.name, $0.layer) }) {
      // Every network has this slice, the first of its own.
      let first = parameters.slices.first { $0.name == "\(name).weight_ih_l0" }!
      try model.parameters.round(for: configuration, at: first.offset)
    }
    return model
  }
}

extension NetworkConfiguration {
  /// Throws an error unless packed weights of this precision can have the storage.
  fileprivate func requireStorage<Scalar: RecurScalar>(in _: Scalar.Type) throws(RecurError) {
    var (network, bytes) = (try inC(), 0)
    try check(
      Scalar.kernels.network.weightsBytes(&network, &bytes),
      networkArgumentNames.merging(["network->weight_storage": "storage"]) { $1 })
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
    try check(Scalar.kernels.parameters.round(&network, &theta), ["theta": "parameters"])
  }
}
