// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import TestSupport
import Testing

/// Long sequences in chunks: each chunk starts from the state after the previous one.
@Suite struct TruncationTests {
  private let steps = 10_000
  private let chunk = 100
  private let network: LSTM<Double>
  private let x: SequenceBatch<Double>
  private let dy: SequenceBatch<Double>

  init() throws {
    var random = SplitMix64(seed: 7)
    network = try LSTM(inputSize: 2, hiddenSize: 6, layers: 2, initialization: .uniform, seed: 7)
    x = try SequenceBatch(
      steps: steps, batchSize: 2, features: 2, elements: random.vector(steps * 4))
    dy = try SequenceBatch(
      steps: steps, batchSize: 2, features: 6, elements: random.vector(steps * 12, 0.01))
  }

  private var operations: NetworkOperations { network.operations(T: steps, B: 2) }

  private func expectSame(_ a: [Double], _ b: [Double], _ operations: Int) {
    let tolerance = Tolerance(operations: operations, magnitude: magnitude(b))
    #expect(largestDifference(a, b) <= tolerance.bound(epsilon: .ulpOfOne))
  }

  @Test func chunksOfALongSequenceAreTheWhole() throws {
    let whole = try network.trainingPass(x)
    var states: [LSTMState<Double>] = [try network.zeroState(batchSize: 2)]
    for first in stride(from: 0, to: steps, by: chunk) {
      let result = try network(
        x[steps: first..<first + chunk], initialState: states.last!)
      expectSame(
        result.outputs.matrix.elements,
        try whole.outputs[steps: first..<first + chunk].matrix.elements, operations.forward)
      states.append(result.finalState)
    }
    // Nothing is truncated, because the gradient of the state is passed backward from chunk to
    // chunk.
    let want = try whole.backward(outputGradient: dy)
    var gradients = try network.parameters.zeros()
    var dState: LSTMState<Double>?
    for first in stride(from: steps - chunk, through: 0, by: -chunk) {
      let pass = try network.trainingPass(
        x[steps: first..<first + chunk], initialState: states[first / chunk])
      dState = try pass.backward(
        outputGradient: dy[steps: first..<first + chunk], finalStateGradient: dState,
        addingTo: &gradients
      ).initialState
    }
    expectSame(gradients.elements, want.parameters.elements, operations.parameters)
    expectSame(
      dState!.cell.elements, want.initialState.cell.elements, operations.inputs)
  }

  @Test func checkpointsOfALongSequenceTakeLittleMemory() throws {
    let all = try network.workspaceBytes(steps: steps, batchSize: 2, for: .training())
    let few = try network.workspaceBytes(
      steps: steps, batchSize: 2, for: .training(segmentLength: 96))
    let step = try network.workspaceBytes(steps: 2 * steps, batchSize: 2, for: .inference)
    let inference = try network.workspaceBytes(steps: steps, batchSize: 2, for: .inference)
    #expect(few * 20 < all)
    // Inference stores two integers per step.
    #expect(step - inference == 2 * steps * MemoryLayout<Int>.stride)
    let pass = try network.trainingPass(x, segmentLength: 96)
    let got = try pass.backward(outputGradient: dy)
    let want = try network.trainingPass(x).backward(outputGradient: dy)
    #expect(got.parameters == want.parameters)
    #expect(got.inputs == want.inputs)
  }
}
