// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

/// Arguments of streams and passes that do not fit a model.
@Suite struct StreamArgumentTests {
  private func message(_ body: () throws -> Void) -> String? {
    do { try body() } catch { return "\(error)" }
    return nil
  }

  private func model() throws -> Model<Float> {
    var model = try Model<Float>(
      outputs: ModelValue.features(size: 2).named("x").dense(size: 1).named("y"), seed: 1)
    try model.parameters.set("y.weight", to: Matrix([[2, 3]]))
    try model.parameters.set("y.bias", to: Matrix([[0.5]]))
    return model
  }

  @Test func spansHaveTheSizesOfABlock() throws {
    var stream = try model().stream(batchSize: 2, steps: 2)
    let input: [Float] = [1, 0, 0, 1, 1, 1, 2, -1]
    var output: [Float] = []
    func step(_ inputs: Int, _ outputs: Int) -> String? {
      output = Array(repeating: 0, count: outputs)
      return message {
        var span = output.mutableSpan
        try stream.step(input.span.extracting(0..<inputs), into: &span)
      }
    }
    #expect(step(7, 4) == "input has 7 elements, expected 4 x 2")
    #expect(step(8, 3) == "output has 3 elements, expected 4 x 1")
    #expect(step(8, 4) == nil)
    #expect(output == [2.5, 3.5, 5.5, 1.5])
  }

  @Test func severalInputsAreLists() throws {
    let (a, b) = (
      ModelValue.features(size: 1).named("a"), ModelValue.features(size: 1).named("b")
    )
    let model = try Model<Float>(outputs: (a * b).named("y"), seed: 1)
    var stream = try model.stream(batchSize: 1)
    var y = try Matrix<Float>(rows: 1, columns: 1)
    let reason = "step has one input and one output, but the model does not; expected lists"
    let one = try Matrix<Float>([[3]])
    #expect(message { try stream.step(one, into: &y) } == reason)
    let inputs = try [3, 5].map {
      ModelInput<Float>.features(
        try SequenceBatch(steps: 1, batchSize: 1, features: 1, elements: [$0]))
    }
    #expect(try stream.step(inputs)[0].elements == [15])
    var none: [Matrix<Float>] = []
    #expect(
      message { try stream.step(inputs, into: &none) } == "outputs has 0 elements, expected 1")
    let long = ModelInput<Float>.features(try SequenceBatch(steps: 2, batchSize: 1, features: 1))
    #expect(
      message { _ = try stream.step([inputs[0], long]) }
        == "b has 2 steps of 1 sequences, expected 1 of 1")
    var tokens = try Model<Float>(
      outputs: ModelValue.tokens(vocabularySize: 3).embedding(size: 1).named("y"), seed: 1
    ).stream(batchSize: 1)
    #expect(message { try tokens.step(one, into: &y) } == reason)
  }

  @Test func rowsOfOutputsAreCounted() throws {
    let model = try model()
    #expect(
      try model.rowsWithinSequences(of: "y", steps: 2, batchSize: 2, lengths: [2, 1])
        == [true, true, true, false])
    #expect(
      message { _ = try model.rowsWithinSequences(of: "z", steps: 2, batchSize: 2, lengths: nil) }
        == "z is not an output, expected y")
    #expect(
      message { _ = try model.rowsWithinSequences(of: "y", steps: 2, batchSize: 2, lengths: [1]) }
        == "lengths is 1 x 1, expected 2 x 1")
  }

  @Test func tokensFillABatch() throws {
    for (steps, batchSize) in [(2, 2), (-1, -3), (3, 0), (.max, 3)] {
      #expect(
        message { _ = try TokenBatch(steps: steps, batchSize: batchSize, tokens: [1, 2, 3]) }
          == "tokens has 3 elements, expected \(steps) times \(batchSize)")
    }
    #expect(try TokenBatch(steps: 3, batchSize: 1, tokens: [1, 2, 3]).tokens == [1, 2, 3])
    #expect(try TokenBatch(steps: 0, batchSize: 4, tokens: []).batchSize == 4)
  }

  @Test func workspacesHaveSizes() throws {
    let model = try Model<Float>(
      outputs: ModelValue.features(size: 2).gru(hiddenSize: 3).named("y"), seed: 1)
    let inference = try model.workspaceBytes(steps: 8, batchSize: 2, for: .inference)
    #expect(inference > 0)
    #expect(try model.workspaceBytes(steps: 8, batchSize: 2, for: .training()) > inference)
    #expect(try model.workspaceBytes(steps: 8, batchSize: 4, for: .inference) > inference)
  }

  @Test func initializationsHaveDefaults() {
    #expect(Initialization.blockOrthogonal == .blockOrthogonal(forgetGateBias: nil))
    #expect(Initialization.orthogonal == .orthogonal(forgetGateBias: nil))
    #expect(Initialization.blockOrthogonal != .orthogonal)
  }
}
