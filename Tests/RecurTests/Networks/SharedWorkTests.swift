// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import TestSupport
import Testing

/// State that passes share: threads, and parameters prepared for inference.
@Suite struct SharedWorkTests {
  private func input(_ steps: Int, _ batchSize: Int, _ features: Int) throws -> SequenceBatch<Float>
  {
    var random = SplitMix64(seed: 7)
    return try SequenceBatch(
      steps: steps, batchSize: batchSize, features: features,
      elements: random.vector(steps * batchSize * features))
  }

  @Test func anyNumberOfThreadsGivesTheSameBits() throws {
    let network = try GRU<Float>(
      inputSize: 20, hiddenSize: 80, layers: 2, bidirectional: true, seed: 0)
    let x = try input(12, 16, 20)
    let lengths = (0..<16).map { 12 - $0 % 5 }
    let alone = try network(x, lengths: lengths)
    let pass = try network.trainingPass(x, lengths: lengths)
    let gradients = try pass.backward(outputGradient: alone.outputs)
    for count in 1...3 {
      let threads = try Threads(count: count)
      let shared = try network(x, lengths: lengths, threads: threads)
      #expect(shared.outputs == alone.outputs && shared.finalState == alone.finalState)
      let pass = try network.trainingPass(x, lengths: lengths, threads: threads)
      let again = try pass.backward(outputGradient: alone.outputs)
      #expect(again.parameters == gradients.parameters)
      #expect(again.inputs == gradients.inputs)
    }
  }

  @Test func threadsOutOfRangeAreRefused() {
    for count in [-1, 0, 65, Int.max] {
      #expect(throws: RecurError.self) { try Threads(count: count) }
    }
  }

  @Test func threadsDoNotOutnumberProcessors() throws {
    let processors = try Threads(count: 64).count
    #expect((1...64).contains(processors))
    for count in 1...64 { #expect(try Threads(count: count).count == min(count, processors)) }
  }

  /// Inference uses the current parameters, however they were changed, and a copy uses its own.
  @Test func changedParametersAreSeen() throws {
    var network = try LSTM<Float>(inputSize: 3, hiddenSize: 5, seed: 0)
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

  /// One vector in two networks with different uses of the parameters.
  @Test func parametersOfTwoNetworks() throws {
    let plain = try LSTM<Float>(inputSize: 3, hiddenSize: 5, seed: 0)
    var clipped = try LSTM<Float>(inputSize: 3, hiddenSize: 5, gateClamp: 0.01, seed: 0)
    let x = try input(4, 2, 3)
    let own = try clipped(x).outputs
    clipped.parameters = plain.parameters
    let (first, second) = (try plain(x).outputs, try clipped(x).outputs)
    #expect(first != second)
    #expect(try plain(x).outputs == first)
    #expect(try clipped(x).outputs == second)
    clipped.parameters = try LSTM<Float>(inputSize: 3, hiddenSize: 5, gateClamp: 0.01, seed: 0)
      .parameters
    #expect(try clipped(x).outputs == own)
  }

  /// Concurrent passes of one network with several shapes.
  @Test func concurrentPasses() async throws {
    let network = try GRU<Float>(inputSize: 8, hiddenSize: 40, seed: 0)
    let threads = try Threads(count: 2)
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

  /// The steps of a stream equal those of the sequence, and a state that was read does not change
  /// afterwards.
  @Test func streamsAreSequences() throws {
    let network = try LSTM<Float>(
      inputSize: 3, hiddenSize: 6, layers: 2, projectionSize: 4, seed: 0)
    let x = try input(5, 2, 3)
    let whole = try network(x)
    var stream = try network.stream(batchSize: 2)
    var y = try Matrix<Float>(rows: 2, columns: 4)
    var states: [LSTMState<Float>] = [stream.state]
    for t in 0..<5 {
      try stream.step(x.step(t), into: &y)
      #expect(try y == whole.outputs.step(t))
      states.append(stream.state)
    }
    #expect(states[0] == (try network.zeroState(batchSize: 2)) && states[5] == whole.finalState)
    stream.state = states[3]
    #expect(try stream.step(x.step(3)) == whole.outputs.step(3))
    #expect(stream.state == states[4] && states[3] != states[4])
  }

  @Test func streamsRefuseWhatDoesNotFit() throws {
    let both = try GRU<Float>(inputSize: 3, hiddenSize: 6, bidirectional: true, seed: 0)
    #expect(throws: RecurError.self) { _ = try both.stream(batchSize: 1).state }
    let network = try GRU<Float>(inputSize: 3, hiddenSize: 6, seed: 0)
    #expect(throws: RecurError.self) { _ = try network.stream(batchSize: -1).state }
    let shapes = [(1, 3, 1, 5), (1, 2, 1, 6), (2, 3, 1, 6)]
    for (B, I, rows, P) in shapes {
      var stream = try network.stream(batchSize: 1)
      var y = try Matrix<Float>(rows: rows, columns: P)
      let x = try Matrix<Float>(rows: B, columns: I)
      do {
        try stream.step(x, into: &y)
        Issue.record("accepted \(B) x \(I) into \(rows) x \(P)")
      } catch RecurError.shape {}
    }
    var stream = try network.stream(batchSize: 1)
    stream.state = try network.zeroState(batchSize: 2)
    do {
      _ = try stream.step(Matrix(rows: 1, columns: 3))
      Issue.record("accepted a state of another batch")
    } catch RecurError.shape(let argument, _, _) {
      #expect(argument == "initialState.hidden")
    }
  }
}
