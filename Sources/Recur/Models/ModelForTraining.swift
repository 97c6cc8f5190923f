// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// What training needs of a model.

extension Model {
  /// Whether a pass in training draws random masks and therefore requires a ``DropoutSeed``.
  public var drawsMasks: Bool { plan.drawsMasks }

  /// Returns the same model, without the workspaces that its copies share.
  ///
  /// - Returns: The model.
  /// - Throws: ``RecurError`` if memory cannot be allocated.
  public func withOwnWorkspaces() throws(RecurError) -> Model {
    Model(try ModelPlan(graph), parameters)
  }

  /// Returns a model with the same parameters in which the value of every node but tokens is an output.
  package func withAllOutputs() throws(RecurError) -> Model {
    var graph = graph
    for k in graph.nodes.indices {
      if case .tokens = graph.nodes[k].layer { continue }
      graph.nodes[k].isOutput = true
    }
    return Model(try ModelPlan(graph), parameters)
  }

  /// Throws an error, with the name of a node, if the model cannot continue sequences from a state.
  ///
  /// - Throws: ``RecurError/unsupported(argument:reason:)``.
  public func requireStateful() throws(RecurError) {
    try plan.requireStream(steps: plan.chunk ?? 1)
  }

  /// Returns which rows of an output are within a sequence.
  package func rowsWithinSequences(
    of output: String, steps: Int, batchSize: Int, lengths: [Int]?
  ) throws(RecurError) -> [Bool] {
    guard let node = plan.outputs.first(where: { plan.graph.nodes[$0].name == output }) else {
      throw .invalid(
        argument: output,
        reason: "is not an output, expected \(outputs.map(\.name).joined(separator: ", "))")
    }
    guard lengths == nil || lengths?.count == batchSize else {
      throw .shape(
        argument: "lengths", expected: .init(batchSize, 1), found: .init(lengths!.count, 1))
    }
    let T = try plan.shape(of: node, steps: steps).steps
    // Without steps, only an output with one row for each sequence has rows.
    let isOneRow = try plan.shape(of: node, steps: 0).steps == 1
    let own = try (lengths ?? Array(repeating: steps, count: batchSize)).map {
      length throws(RecurError) in
      isOneRow ? min(length, 1) : try plan.shape(of: node, steps: max(length, 0)).steps
    }
    return (0..<T * batchSize).map { $0 / batchSize < own[$0 % batchSize] }
  }
}

extension ModelGraph {
  /// The numbers of slices and elements of the parameters of a model with this graph. Allocates nothing for
  /// them: a graph in a few bytes can have billions of slices.
  package var parameterCounts: (slices: Int, elements: Int) {
    get throws(RecurError) { try CModel(self).parameterCounts() }
  }

  /// Calls `body` with the model of the C library.
  package func withCModel<Result>(
    _ body: (OpaquePointer) -> Result
  ) throws(RecurError) -> Result {
    let model = try CModel(self)
    return withExtendedLifetime(model) { body(model.pointer) }
  }
}
