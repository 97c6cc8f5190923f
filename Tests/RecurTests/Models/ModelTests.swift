// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

/// Models compute what their layers compute alone, in whole sequences, chunks and streams.
@Suite struct ModelTests {
  private var generator = SplitMix64(seed: 7)
  private let network: LSTM<Float>
  private let head: Linear<Float>
  private let model: Model<Float>
  private let x: SequenceBatch<Float>

  /// y = head(lstm(x)) + x, with the parameters of a network and a linear layer.
  init() throws {
    network = try LSTM(inputSize: 3, hiddenSize: 5, layers: 2, seed: 1)
    head = try Linear(inputSize: 5, outputSize: 3, seed: 2)
    let x = ModelValue.features(size: 3).named("x")
    let y = x.lstm(hiddenSize: 5, layers: 2).dense(size: 3).named("head") + x
    var model = try Model<Float>(ModelGraph(outputs: y.named("y")))
    try model.parameters.setElements(network.parameters.elements + head.parameters.elements)
    self.model = model
    self.x = try SequenceBatch(
      steps: 6, batchSize: 2, features: 3, elements: generator.vector(36) as [Float])
  }

  @Test func valuesDescribeAGraph() throws {
    var lstm = NetworkConfiguration(.lstm, inputSize: 3, hiddenSize: 5)
    lstm.layers = 2
    #expect(
      model.graph
        == ModelGraph([
          ModelNode("x", .features(3)),
          ModelNode("lstm", .network(lstm), of: "x"),
          ModelNode("head", .dense(size: 3), of: "lstm"),
          ModelNode("y", .add, of: "head", "x", isOutput: true),
        ]))
    #expect(model.inputs.map(\.name) == ["x"] && model.outputs.map(\.name) == ["y"])
    #expect(model.chunkSteps == 1)
    #expect(
      model.parameters.slices.map(\.name)
        == network.parameters.slices.map { "lstm.\($0.name)" } + ["head.weight", "head.bias"])
  }

  /// Names that are given are kept, and the others get numbers.
  @Test func valuesWithoutNamesAreNumbered() {
    let x = ModelValue.features(size: 4)
    let a = x.dense(size: 2).activation(.leakyRelu(alpha: 0.2))
    let b = x.dense(size: 2).named("dense_2").activation(.tanh)
    let y = ModelValue.concatenation(of: a, b, x.dense(size: 1)).dense(size: 1)
    #expect(
      ModelGraph(outputs: y).nodes.map(\.name)
        == [
          "features", "dense", "leakyRelu", "dense_2", "tanh", "dense_3", "concatenate", "dense_4",
        ])
  }

  /// A thread of a queue may have a stack of only 512 KB.
  @Test func aLongChainNeedsNoDeepStack() async throws {
    @Sendable func result() throws -> [Float] {
      var y = ModelValue.features(size: 1)
      for _ in 0..<4000 { y = y.activation(.relu) }
      let model = try Model<Float>(outputs: y, seed: 0)
      let x = try SequenceBatch<Float>(steps: 1, batchSize: 1, features: 1, elements: [2])
      return try model(x).output.elements
    }
    let elements = try await withCheckedThrowingContinuation { continuation in
      let thread = Thread { continuation.resume(with: Result { try result() }) }
      thread.stackSize = 512 << 10
      thread.start()
    }
    #expect(elements == [2])
  }

  @Test(arguments: [nil, [6, 2], [0, 5]]) func itComputesWhatItsLayersCompute(
    lengths: [Int]?
  ) throws {
    let state = try model.zeroState(batchSize: 2)
    let result = try model(x, lengths: lengths, initialState: state)
    let layers = try network(x, lengths: lengths)
    var y = try head(layers.outputs) + x
    for t in 0..<6 {
      for b in 0..<2 where t >= lengths?[b] ?? 6 { for k in 0..<3 { y[t, b, k] = 0 } }
    }
    #expect(try result.output == y)
    #expect(result["y"] == y && result["x"] == nil)
    #expect(result.finalState?["lstm.h"] == layers.finalState.hidden)
    #expect(result.finalState?["lstm.c"] == layers.finalState.cell)
  }

  @Test func chunksContinueFromAState() throws {
    let whole = try model(x)
    let first = try model(x[steps: 0..<2])
    let second = try model(x[steps: 2..<6], initialState: first.finalState)
    let y = try whole.output
    #expect(try first.output == y[steps: 0..<2] && second.output == y[steps: 2..<6])
    #expect(second.finalState == whole.finalState)
  }

  @Test func streamsEqualWholeSequences() throws {
    let whole = try model(x)
    for steps in [1, 2, 3] {
      var matrices = try model.stream(batchSize: 2, steps: steps)
      var spans = try model.stream(batchSize: 2, steps: steps)
      var lists = try model.stream(batchSize: 2, steps: steps)
      for first in stride(from: 0, to: 6, by: steps) {
        let block = try x[steps: first..<first + steps]
        let expected = try whole.output[steps: first..<first + steps].matrix
        var y = try Matrix<Float>(rows: 2 * steps, columns: 3)
        try matrices.step(block.matrix, into: &y)
        #expect(y.elements == expected.elements)
        var buffer = [Float](repeating: .nan, count: 6 * steps)
        let input = block.elements
        var output = buffer.mutableSpan
        try spans.step(input.span, into: &output)
        #expect(buffer == expected.elements)
        #expect(try lists.step([.features(block)])[0].elements == expected.elements)
      }
      #expect(matrices.state == whole.finalState && spans.state == whole.finalState)
      try matrices.setState(model.zeroState(batchSize: 2))
      var y = try Matrix<Float>(rows: 2 * steps, columns: 3)
      try matrices.step(x[steps: 0..<steps].matrix, into: &y)
      #expect(try y.elements == whole.output[steps: 0..<steps].elements)
    }
  }

  @Test func itsGradientsAreThoseOfItsLayers() throws {
    let lengths = [6, 3]
    var dy = try SequenceBatch<Float>(steps: 6, batchSize: 2, features: 3)
    for t in 0..<6 {
      for b in 0..<2 where t < lengths[b] { for k in 0..<3 { dy[t, b, k] = Float(t + b - k) } }
    }
    let pass = try model.trainingPass(x, lengths: lengths)
    #expect(try pass.results.output == model(x, lengths: lengths).output)
    let gradients = try pass.backward(outputGradient: dy)
    let layers = try network.trainingPass(x, lengths: lengths)
    let linear = try head.trainingPass(layers.outputs).backward(outputGradient: dy)
    let expected = try layers.backward(outputGradient: linear.inputs)
    let parts = expected.parameters.elements + linear.parameters.elements
    #expect(gradients.parameters.elements == parts)
    #expect(try gradients.inputs["x"] == expected.inputs + dy)
    #expect(gradients.initialState["lstm.h"] == expected.initialState.hidden)
    #expect(gradients.initialState["lstm.c"] == expected.initialState.cell)
    var sum = try gradients.parameters.zeros()
    for isFirst in [true, false] {
      let rest = try model.trainingPass(["x": .features(x)], lengths: lengths).backward(
        outputGradients: ["y": dy], inputs: false, addingTo: &sum)
      #expect(rest.inputs.isEmpty)
      #expect((sum.elements == parts) == isFirst)
    }
  }
}

/// Models with several inputs and outputs, and what models refuse.
@Suite struct ModelArgumentTests {
  private let model: Model<Double>
  private let inputs: [String: ModelInput<Double>]
  private let tokens: TokenBatch
  private let x: SequenceBatch<Double>

  init() throws {
    let x = ModelValue.features(size: 2).named("x")
    let tokens = ModelValue.tokens(vocabularySize: 5).named("tokens")
    let sum = tokens.embedding(size: 2) + x
    model = try Model(
      outputs: sum.named("sum"), sum.lastStep().dense(size: 3).named("classes"), seed: 3)
    self.tokens = try TokenBatch(steps: 2, batchSize: 2, tokens: [0, 4, 2, 2])
    self.x = try SequenceBatch(
      steps: 2, batchSize: 2, features: 2, elements: (0..<8).map { Double($0) })
    inputs = ["x": .features(self.x), "tokens": .tokens(self.tokens)]
  }

  @Test func severalInputsAndOutputsHaveNames() throws {
    let result = try model(inputs)
    #expect(model.inputs.map(\.name) == ["tokens", "x"])
    #expect(result.names == ["sum", "classes"])
    let weight = try #require(model.parameters["embedding.weight"])
    let sum = try #require(result["sum"])
    for (row, token) in tokens.tokens.enumerated() {
      for k in 0..<2 { #expect(sum.matrix[row, k] == weight[token, k] + x.matrix[row, k]) }
    }
    let classes = try #require(result["classes"])
    #expect(classes.steps == 1 && classes.batchSize == 2 && classes.features == 3)
    let gradients = try model.trainingPass(inputs).backward(outputGradients: ["sum": sum])
    #expect(gradients.inputs == ["x": sum])
    let table = try #require(gradients.parameters["embedding.weight"])
    for k in 0..<2 {
      #expect(table[0, k] == sum[0, 0, k] && table[2, k] == sum[1, 0, k] + sum[1, 1, k])
      #expect(table[1, k] == 0)
    }
  }

  @Test func onlyAModelOfStepsCanBeStreamed() throws {
    var reverse = NetworkConfiguration(.gru, inputSize: 0, hiddenSize: 2)
    reverse.bidirectional = true
    let x = ModelValue.features(size: 2)
    let model = try Model<Double>(outputs: x.network(reverse).named("both"), seed: 0)
    #expect(model.chunkSteps == nil)
    #expect {
      _ = try model.stream(batchSize: 1)
    } throws: { error in
      "\(error)".contains("both") && "\(error)".contains("reverse")
    }
    var half = Convolution.causal(outputSize: 1, kernelSize: 3)
    half.stride = 2
    let strided = try Model<Double>(outputs: x.convolution(half), seed: 0)
    #expect(strided.chunkSteps == 2)
    #expect(throws: RecurError.self) { _ = try strided.stream(batchSize: 1, steps: 3) }
    #expect(throws: RecurError.self) { _ = try strided.stream(batchSize: 1, steps: 0) }
    let odd = try SequenceBatch<Double>(steps: 3, batchSize: 1, features: 2)
    let whole = try strided(odd)
    #expect(try whole.finalState == nil && whole.output.steps == 2)
  }

  @Test func wrongArgumentsAreNamed() throws {
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return "no error"
    }
    #expect(message { _ = try model(["x": .features(x)]) }.hasPrefix("tokens is missing"))
    #expect(
      message { _ = try model(inputs.merging(["z": .features(x)]) { a, _ in a }) }
        .hasPrefix("z is not an input"))
    #expect(
      message { _ = try model(["x": .tokens(tokens), "tokens": .tokens(tokens)]) }
        == "x is tokens, expected features")
    #expect(
      message { _ = try model(["x": .features(x), "tokens": .features(x)]) }
        == "tokens is features, expected tokens")
    #expect(message { _ = try model(x) }.hasPrefix("inputs has 1 elements"))
    let large = try TokenBatch(steps: 2, batchSize: 2, tokens: [0, 1, 1 << 40, 0])
    #expect(
      message { _ = try model(["x": .features(x), "tokens": .tokens(large)]) }
        .hasPrefix("tokens has token 1099511627776"))
    let above = try TokenBatch(steps: 2, batchSize: 2, tokens: [0, 1, 5, 0])
    #expect(
      message { _ = try model(["x": .features(x), "tokens": .tokens(above)]) }
        .hasPrefix("tokens has token 5 at step 1 of sequence 0"))
    #expect(message { _ = try model(inputs).output }.hasPrefix("output is one of sum, classes"))
    #expect(
      message { _ = try model.trainingPass(inputs).backward(outputGradients: ["y": x]) }
        .hasPrefix("y is not an output"))
    #expect(
      message { _ = try model.trainingPass(inputs).backward(outputGradients: ["classes": x]) }
        .hasPrefix("the gradient of classes has 2 steps"))
    #expect(
      message { _ = try model(inputs, initialState: otherState()) }.hasPrefix("initialState is"))
    #expect(message { _ = try model(inputs, lengths: [1]) }.hasPrefix("lengths is"))
    #expect(
      message { _ = try model.trainingPass(inputs, dropoutSeed: 1) }
        == "dropoutSeed is given, but the model has neither dropout nor zoneout")
  }

  @Test func theOnlyInputNeedsNoName() throws {
    let model = try Model<Double>(
      outputs: .tokens(vocabularySize: 5).embedding(size: 2).gru(hiddenSize: 3), seed: 2)
    let named = try model(["tokens": .tokens(tokens)]).output
    #expect(try model(.tokens(tokens)).output == named)
    #expect(try model(tokens).output == named)
    let pass = try model.trainingPass(.tokens(tokens))
    #expect(try pass.results.output == named)
    #expect(throws: RecurError.invalid(argument: "tokens", reason: "is features, expected tokens"))
    {
      try model(.features(x))
    }
  }

  private func otherState() throws -> ModelState<Double> {
    try Model<Double>(outputs: .features(size: 1).gru(hiddenSize: 2), seed: 0)
      .zeroState(batchSize: 2)
  }

  @Test(arguments: [
    (ModelGraph([]), "count is 0"),
    (ModelGraph([ModelNode("a b", .features(1), isOutput: true)]), "nodes [0] has no valid name"),
    (ModelGraph([ModelNode("a\0", .features(1), isOutput: true)]), "nodes has a name with a NUL"),
    (ModelGraph([ModelNode("x", .features(-1))]), "nodes [0] \"x\": size is -1"),
    (
      ModelGraph([
        ModelNode("x", .features(1)),
        ModelNode("y", .add, sources: Array(repeating: "x", count: 9)),
      ]), "nodes [1] \"y\" reads 9 values"
    ),
    (
      ModelGraph([
        ModelNode("x", .features(1)), ModelNode("y", .slice(-1..<1), of: "x", isOutput: true),
      ]), "nodes [1] \"y\": channels.lowerBound is -1"
    ),
    (ModelGraph(outputs: causal(kernelSize: 0)), "has kernel_size 0"),
    (ModelGraph(outputs: causal(kernelSize: .min)), "kernelSize is \(Int.min)"),
    (ModelGraph(outputs: causal(kernelSize: .max, dilation: .max)), "has kernel_size"),
    (
      ModelGraph([
        ModelNode("x", .features(1)),
        ModelNode(
          "y", .network(.init(.gru, inputSize: 0, hiddenSize: -3)), of: "x", isOutput: true),
      ]), "nodes [1] \"y\": hiddenSize is -3"
    ),
    (
      ModelGraph([
        ModelNode("x", .features(1)),
        ModelNode(
          "y", .network(.init(.gru, inputSize: 2, hiddenSize: 3)), of: "x", isOutput: true),
      ]), "has input size 2, expected 1"
    ),
  ]) func invalidGraphsAreRefused(graph: ModelGraph, message: String) {
    #expect {
      _ = try Model<Float>(graph)
    } throws: { error in
      "\(error)".contains(message)
    }
  }

  private static func causal(kernelSize: Int, dilation: Int = 1) -> ModelValue {
    .features(size: 1).convolution(
      .causal(outputSize: 1, kernelSize: kernelSize, dilation: dilation))
  }

  @Test func masksNeedASeed() throws {
    var configuration = NetworkConfiguration(.lstm, inputSize: 0, hiddenSize: 4)
    configuration.recurrentDropout = 0.5
    let model = try Model<Double>(
      outputs: .features(size: 2).network(configuration), seed: 1)
    #expect(throws: RecurError.self) { _ = try model.trainingPass(x) }
    let one = try model.trainingPass(x, dropoutSeed: 1).results.output
    #expect(try one == model.trainingPass(x, dropoutSeed: 1).results.output)
    #expect(try one != model.trainingPass(x, dropoutSeed: 2).results.output)
  }

  /// A description of a few bytes must not take all memory: the slices of the parameters are not listed.
  @Test func billionsOfLayersAreRefused() throws {
    var configuration = NetworkConfiguration(.lstm, inputSize: 1, hiddenSize: 1)
    configuration.layers = 2_147_483_647
    let error = RecurError.invalid(
      argument: "parameters", reason: "has 8589934588 matrices, expected at most 1048576")
    #expect(throws: error) { try LSTM<Float>(configuration) }
    #expect(throws: error) {
      try Model<Float>(
        ModelGraph([
          ModelNode("x", .features(1)),
          ModelNode("y", .network(configuration), of: "x", isOutput: true),
        ]))
    }
  }
}
