// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// Headers of matrices or vectors, and the list of pointers to them that a C function takes. An absent one is
/// NULL.
final class HeaderList<Header> {
  private let headers: UnsafeMutablePointer<Header>
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<Header>?>
  let count: Int

  init(count: Int) {
    self.count = count
    headers = .allocate(capacity: count)
    pointers = .allocate(capacity: count)
    pointers.initialize(repeating: nil, count: count)
  }

  deinit {
    pointers.deallocate()
    headers.deallocate()
  }

  func set(_ k: Int, _ header: Header) {
    precondition((0..<count).contains(k))
    headers[k] = header
    pointers[k] = headers + k
  }
}

/// The inputs and outputs of passes of a model with a fixed number of steps and sequences.
final class ModelArguments<Scalar: RecurScalar> {
  let features: HeaderList<Scalar.GSLMatrix>
  let tokens: HeaderList<gsl_vector_int>
  let outputs: HeaderList<Scalar.GSLMatrix>
  private var tokenMemory: [UnsafeMutableBufferPointer<CInt>] = []
  private let plan: ModelPlan
  private let steps: Int
  private let batchSize: Int

  init(_ plan: ModelPlan, steps: Int, batchSize: Int) throws(RecurError) {
    try requireSize("steps", steps, atLeast: 0)
    try requireSize("batchSize", batchSize, atLeast: 0)
    let count = try elementCount(steps, batchSize, of: CInt.self, named: "steps x batchSize")
    let features = plan.inputs.count { plan.graph.nodes[$0].layer.isFeatures }
    self.plan = plan
    self.steps = steps
    self.batchSize = batchSize
    self.features = HeaderList(count: features)
    tokens = HeaderList(count: plan.inputs.count - features)
    outputs = HeaderList(count: plan.outputs.count)
    for k in 0..<tokens.count {
      let memory = UnsafeMutableBufferPointer<CInt>.allocate(capacity: count)
      memory.initialize(repeating: 0)
      tokenMemory.append(memory)
      tokens.set(
        k, gsl_vector_int(size: count, stride: 1, data: memory.baseAddress, block: nil, owner: 0))
    }
  }

  deinit { for memory in tokenMemory { memory.deallocate() } }

  /// Sets the inputs, in the order of the nodes. Features must outlive the pass.
  func set(_ inputs: [ModelInput<Scalar>]) throws(RecurError) {
    guard inputs.count == plan.inputs.count else {
      throw .invalid(
        argument: "inputs", reason: "has \(inputs.count) elements, expected \(plan.inputs.count)")
    }
    var (feature, token) = (0, 0)
    for (input, k) in zip(inputs, plan.inputs) {
      let node = plan.graph.nodes[k]
      try input.require(steps: steps, batchSize: batchSize, named: node.name)
      switch (input, node.layer) {
      case (.features(let batch), .features):
        features.set(feature, batch.header)
        feature += 1
      case (.tokens(let batch), .tokens):
        try copy(batch, to: tokenMemory[token], named: node.name)
        token += 1
      case (.features, _):
        throw .invalid(argument: node.name, reason: "is features, expected tokens")
      case (.tokens, _):
        throw .invalid(argument: node.name, reason: "is tokens, expected features")
      }
    }
  }

  private func copy(
    _ batch: TokenBatch, to memory: UnsafeMutableBufferPointer<CInt>, named name: String
  ) throws(RecurError) {
    for (row, token) in batch.tokens.enumerated() {
      guard let small = CInt(exactly: token) else {
        throw .invalid(argument: name, reason: "has token \(token) in row \(row)")
      }
      memory[row] = small
    }
  }

  func pass(
    _ batch: UnsafePointer<recur_batch>?, _ initialState: UnsafePointer<Scalar.GSLVector>?,
    _ finalState: UnsafeMutablePointer<Scalar.GSLVector>?
  ) -> ModelPassArguments<Scalar> {
    ModelPassArguments(
      features: features.pointers, tokens: tokens.pointers, batch: batch,
      initialState: initialState, finalState: finalState, outputs: outputs.pointers)
  }
}

extension ModelLayer {
  var isFeatures: Bool { if case .features = self { true } else { false } }
}

extension ModelInput {
  /// Throws an error unless the numbers of steps and sequences match.
  fileprivate func require(steps: Int, batchSize: Int, named name: String) throws(RecurError) {
    guard self.steps == steps, self.batchSize == batchSize else {
      throw .invalid(
        argument: name,
        reason: "has \(self.steps) steps of \(self.batchSize) sequences, "
          + "expected \(steps) of \(batchSize)")
    }
  }
}
