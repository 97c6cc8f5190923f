// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import TestSupport
import Testing

/// What passes share: threads, and the parameters prepared for inference.
@Suite struct SharedWorkTests {
  private func input(_ steps: Int, _ batchSize: Int, _ features: Int) throws -> SequenceBatch<Float>
  {
    var random = SplitMix64(seed: 7)
    return try SequenceBatch(
      steps: steps, batchSize: batchSize, features: features,
      elements: random.vector(steps * batchSize * features))
  }

  @Test func anyNumberOfThreadsGivesTheSameBits() throws {
    let network = try GRU<Float>(inputSize: 20, hiddenSize: 80, layers: 2, bidirectional: true)
    let x = try input(12, 16, 20)
    let lengths = (0..<16).map { 12 - $0 % 5 }
    let alone = try network(x, lengths: lengths)
    let pass = try network.trainingPass(x, lengths: lengths)
    let gradients = try pass.backward(outputGradients: alone.outputs)
    for count in 1...3 {
      let threads = try Threads(count)
      let shared = try network(x, lengths: lengths, threads: threads)
      #expect(shared.outputs == alone.outputs && shared.finalState == alone.finalState)
      let pass = try network.trainingPass(x, lengths: lengths, threads: threads)
      let again = try pass.backward(outputGradients: alone.outputs)
      #expect(again.parameters == gradients.parameters)
      #expect(again.inputs.input == gradients.inputs.input)
    }
  }

  @Test func threadsOutOfRangeAreRefused() {
    for count in [-1, 0, 65, Int.max] {
      #expect(throws: RecurError.self) { try Threads(count) }
    }
  }

  /// Inference uses the parameters as they are now, however they were changed, and a copy's its own.
  @Test func changedParametersAreSeen() throws {
    var network = try LSTM<Float>(inputSize: 3, hiddenSize: 5)
    let x = try input(4, 2, 3)
    let before = try network(x).outputs
    let copy = network
    try network.parameters.add(network.parameters, times: 0.5)
    let after = try network(x).outputs
    #expect(before != after)
    #expect(try copy(x).outputs == before)
    network.parameters.scale(by: Float(1) / 1.5)
    _ = try network(x)
    try network.parameters.setElements(copy.parameters.elements)
    #expect(try network(x).outputs == before)
    network.parameters.withMutableSpan { $0[0] += 1 }
    #expect(try network(x).outputs != before)
    let weights = try #require(copy.parameters["weight_ih_l0"])
    try network.parameters.set("weight_ih_l0", to: weights)
    #expect(try network(x).outputs == before)
  }

  /// One vector in two networks that use it differently.
  @Test func parametersOfTwoNetworks() throws {
    let plain = try LSTM<Float>(inputSize: 3, hiddenSize: 5)
    var clipped = try LSTM<Float>(inputSize: 3, hiddenSize: 5, clip: 0.01)
    let x = try input(4, 2, 3)
    let own = try clipped(x).outputs
    clipped.parameters = plain.parameters
    let (first, second) = (try plain(x).outputs, try clipped(x).outputs)
    #expect(first != second)
    #expect(try plain(x).outputs == first)
    #expect(try clipped(x).outputs == second)
    clipped.parameters = try LSTM<Float>(inputSize: 3, hiddenSize: 5, clip: 0.01).parameters
    #expect(try clipped(x).outputs == own)
  }

  /// Passes of one network at the same time, of several shapes.
  @Test func concurrentPasses() async throws {
    let network = try GRU<Float>(inputSize: 8, hiddenSize: 40)
    let threads = try Threads(2)
    let batches = try (1...6).map { try input(10 * $0, 1 + $0 % 3 * 8, 8) }
    let expected = try batches.map { try network($0).outputs }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for k in 0..<48 {
        group.addTask {
          let (x, y) = (batches[k % 6], expected[k % 6])
          if k % 2 == 0 { return try network(x, threads: threads).outputs == y }
          return try network.trainingPass(x).outputs == y
        }
      }
      for try await same in group { #expect(same) }
    }
  }
}
