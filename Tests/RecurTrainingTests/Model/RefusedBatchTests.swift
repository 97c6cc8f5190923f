// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

@testable import RecurTraining

/// Inputs, targets and states that do not fit a model.
@Suite struct RefusedBatchTests {
  private let network = try! GRU<Double>(inputSize: 2, hiddenSize: 3, seed: 1)

  private func sequenceModel(_ reading: ModelReading = .everyStep) throws -> SequenceModel<Double> {
    try SequenceModel(
      network: network, head: Linear(inputSize: 3, outputSize: 4, seed: 2), reading: reading)
  }

  private func batch(
    _ targets: Targets<Double>, mask: [Bool]? = nil, lengths: [Int]? = nil
  ) throws -> TrainingBatch<Double> {
    TrainingBatch(
      input: .features(try SequenceBatch(steps: 2, batchSize: 3, features: 2)), lengths: lengths,
      targets: targets, mask: mask)
  }

  private let labels = Targets<Double>.labels([0, 1, 2, 3, 0, 1])

  private func values(_ rows: Int, _ columns: Int) throws -> Targets<Double> {
    .values(try Matrix(rows: rows, columns: columns))
  }

  @Test func targetsFitTheLoss() throws {
    let model = try sequenceModel()
    let graph = try model.model
    let six = Array(repeating: true, count: 6)
    for (loss, batch, expected) in [
      (.crossEntropy(), try batch(labels), nil),
      (.crossEntropy(classWeights: [1, 2, 3, 4]), try batch(labels), nil),
      (
        .crossEntropy(classWeights: [1, 2]), try batch(labels),
        "classWeights has 2 elements, expected 4"
      ),
      (
        .crossEntropy(), try batch(values(6, 4)),
        "targets has values, expected labels for this loss"
      ),
      (.meanSquaredError, try batch(labels), "targets has labels, expected values for this loss"),
      (.meanSquaredError, try batch(values(5, 4)), "targets has 5 rows, expected 6"),
      (.meanSquaredError, try batch(values(6, 3)), "targets is 6 x 3, expected 6 x 4"),
      (.quantiles([0.25, 0.5]), try batch(values(6, 4)), "targets is 6 x 4, expected 6 x 2"),
      (.quantiles([0.25, 0.5]), try batch(values(6, 2)), nil),
      (.meanSquaredError, try batch(values(6, 4), mask: six), nil),
      (
        .meanSquaredError, try batch(values(6, 4), mask: [true]), "mask has 1 rows, expected 6"
      ),
      (
        .crossEntropy(), try batch(.labels([0, 1, 4, 3, 0, 1])),
        "labels has 4 in row 2, expected 0 to 3"
      ),
      (
        .crossEntropy(), try batch(.labels([0, 1, 2, 3, -1, 1])),
        "labels has -1 in row 4, expected 0 to 3"
      ),
      (.crossEntropy(ignoring: -1), try batch(.labels([0, 1, 2, 3, -1, 1])), nil),
      (
        .crossEntropy(),
        try batch(.labels([0, 1, 2, 3, 9, 1]), mask: [true, true, true, true, false, true]),
        nil
      ),
      (.crossEntropy(), try batch(.labels([0, 1, 2, 3, 0, 9]), lengths: [2, 2, 1]), nil),
    ] as [(Loss, TrainingBatch<Double>, String?)] {
      for found in [
        message { try model.loss(loss, of: batch).value.count },
        message {
          try graph.evaluate(loss, on: batch, initialState: nil, threads: nil).value.count
        },
      ] {
        if let expected {
          #expect(found == expected)
        } else {
          #expect(found.hasPrefix("no error but "), "\(loss): \(found)")
        }
      }
    }
  }

  @Test func lengthsAreThoseOfTheSequences() throws {
    #expect(
      message { try sequenceModel().loss(.crossEntropy(), of: batch(labels, lengths: [1, 2])) }
        == "lengths is 2 x 1, expected 3 x 1")
    let ragged = try batch(labels, lengths: [2, 0, 1])
    #expect(
      try ragged.rowsWithinSequences(steps: 2, batchSize: 3, everyStep: true)
        == [true, false, true, true, false, false])
    #expect(
      try ragged.rowsWithinSequences(steps: 2, batchSize: 3, everyStep: false)
        == [true, false, true])
    #expect(
      message { try ragged.rowsWithinSequences(steps: 2, batchSize: 4, everyStep: true) }
        == "lengths is 3 x 1, expected 4 x 1")
  }

  @Test func partsFitTogether() throws {
    func model(_ embedding: Int?, _ head: Int) -> String {
      message {
        try SequenceModel(
          embedding: embedding.map { try Embedding(vocabularySize: 5, size: $0, seed: 1) },
          network: network, head: Linear(inputSize: head, outputSize: 4, seed: 2),
          reading: .everyStep
        ).outputSize
      }
    }
    #expect(model(2, 3) == "no error but 4" && model(nil, 3) == "no error but 4")
    #expect(model(3, 3) == "embedding has size 3, expected the network's input size 2")
    #expect(model(2, 2) == "head has input size 2, expected the network's output size 3")
  }

  @Test func inputsAreTokensOrFeatures() throws {
    let features = ModelInput<Double>.features(
      try SequenceBatch(steps: 2, batchSize: 3, features: 2))
    let tokens = ModelInput<Double>.tokens(
      try TokenBatch(steps: 2, batchSize: 3, tokens: [0, 1, 2, 3, 4, 0]))
    let plain = try sequenceModel()
    let embedded = try SequenceModel(
      embedding: Embedding(vocabularySize: 5, size: 2, seed: 1), network: network,
      head: Linear(inputSize: 3, outputSize: 4, seed: 2), reading: .everyStep)
    #expect(
      message { try plain(tokens) }
        == "input has tokens, expected features: the model has no embedding")
    #expect(message { try embedded(features) } == "input has features, expected tokens")
    #expect(plain.inputSize == 2 && embedded.inputSize == nil)
    #expect(plain.outputSize == 4 && plain.embedding == nil)
    #expect(
      embedded.description
        == "Embedding(vocabularySize: 5, size: 2), GRU(inputSize: 2, hiddenSize: 3), "
        + "Linear(inputSize: 3, outputSize: 4)")
    #expect(try sequenceModel(.lastStep).description.hasSuffix("outputSize: 4) of the last step"))
    #expect(
      message { try sequenceModel().generate(after: [0]) { _ in false } }
        == "model does not predict a token at every step")
  }

  @Test func statesAreThoseOfTheModel() throws {
    let model = try sequenceModel()
    let lstm = try LSTM<Double>(inputSize: 2, hiddenSize: 3, layers: 2, projectionSize: 2, seed: 1)
    let other = try SequenceModel(
      network: lstm, head: Linear(inputSize: 2, outputSize: 4, seed: 2), reading: .everyStep)
    let error = message {
      try model.loss(
        .crossEntropy(), of: batch(labels), initialState: lstm.zeroState(batchSize: 3))
    }
    #expect(
      error
        == "initialState is a LSTMState<Double>, expected a HiddenState<Double>")
    let (h, c) = (try Matrix<Double>(rows: 4, columns: 2), try Matrix<Double>(rows: 4, columns: 3))
    func state(_ matrices: [String: Matrix<Double>]) -> String {
      message { try other.batchSize(of: other.state(of: matrices)) }
    }
    #expect(state(["hidden": h, "cell": c]) == "no error but 2")
    #expect(
      state(["hidden": h])
        == "state has the parts [\"hidden\"], expected [\"cell\", \"hidden\"]")
    #expect(
      state(["hidden": try Matrix(rows: 3, columns: 2), "cell": c])
        == "state.hidden has 3 rows, expected a multiple of the layers and directions")
    #expect(state(["hidden": c, "cell": c]) == "state.hidden is 4 x 3, expected 4 x 2")
    #expect(state(["hidden": h, "cell": h]) == "state.cell is 4 x 2, expected 4 x 3")
    #expect(
      message { try model.state(of: ["hidden": h, "cell": c]) }
        == "state has the parts [\"cell\", \"hidden\"], expected [\"hidden\"]")
    let saved = other.matrices(of: try lstm.zeroState(batchSize: 1))
    #expect(saved.map(\.name) == ["hidden", "cell"])
  }

  @Test func statesOfAGraphAreThoseOfItsNodes() throws {
    let x = ModelValue.features(size: 2).named("x")
    let model = try Model<Double>(outputs: x.lstm(hiddenSize: 3).named("y"), seed: 1)
    func state(_ matrices: [String: Matrix<Double>]) -> String {
      message { try model.state(of: matrices).batchSize }
    }
    let part = try Matrix<Double>(rows: 2, columns: 3)
    #expect(state(["y.h": part, "y.c": part]) == "no error but 2")
    #expect(
      state(["y.h": part]) == "state has the parts [\"y.h\"], expected [\"y.h\", \"y.c\"]")
    let none = try Model<Double>(outputs: x.dense(size: 1).named("y"), seed: 1)
    #expect(
      message { try none.state(of: ["y.h": part]) } == "state is given, but the model has none")
  }

  @Test func inputsOfAGraphHaveNames() throws {
    let (a, b) = (
      ModelValue.features(size: 1).named("a"), ModelValue.features(size: 1).named("b")
    )
    let model = try Model<Double>(outputs: (a + b).named("y"), seed: 1)
    let one = ModelInput<Double>.features(try SequenceBatch(steps: 1, batchSize: 1, features: 1))
    let targets = ["y": OutputTargets<Double>(.values(try Matrix([[0.5]])))]
    func loss(_ inputs: [String: ModelInput<Double>], _ names: [String] = ["y"]) -> String {
      message {
        try model.evaluate(
          .meanSquaredError,
          on: TrainingBatch(
            inputs: inputs,
            targets: Dictionary(uniqueKeysWithValues: names.map { ($0, targets["y"]!) })),
          initialState: nil, threads: nil
        ).value.mean
      }
    }
    #expect(loss(["a": one, "b": one]) == "no error but 0.25")
    #expect(loss(["a": one, "b": one], [""]) == "no error but 0.25")
    #expect(loss(["": one]) == "inputs has an element without a name, expected the names a, b")
    #expect(
      loss(["a": one, "b": one], ["", "y"])
        == "targets has an element without a name, expected the names y")
    #expect(loss(["a": one, "b": one], ["z"]) == "targets has no output z, expected y")
    #expect(
      loss(["a": one, "b": one], ["y", "z"])
        == "loss is one loss, expected one for each of 2 outputs (.heads)")
  }

  @Test func metricsHaveTargets() throws {
    let model = try sequenceModel()
    let data = try BatchExamples(batch(labels))
    let named = Changed<Double>(base: data) { _, _ in }
    #expect(
      message { try model.metrics([.accuracy(of: "z")], .crossEntropy(), over: named) }
        == "metrics has accuracy of the output \"z\", which has no targets")
    #expect(
      message { try model.metrics([.accuracy, .accuracy], .crossEntropy(), over: named) }
        == "metrics has two with the same name")
    #expect(
      message {
        try model.metrics(
          [.accuracy], .meanSquaredError, over: BatchExamples(batch(values(6, 4))))
      } == "targets has values, expected labels")
    #expect(
      message { try model.metrics([.errorToSignal], .crossEntropy(), over: named) }
        == "targets has labels, expected values")
    #expect(try model.metrics([], .crossEntropy(), over: named).isEmpty)
  }

  @Test func gradientsHaveTheLayout() throws {
    let embedding = try Embedding<Double>(vocabularySize: 5, size: 2, seed: 1)
    let tokens = try TokenBatch(steps: 2, batchSize: 1, tokens: [4, 4])
    let gradient = try SequenceBatch<Double>(
      steps: 2, batchSize: 1, features: 2, elements: [1, 2, 3, 4])
    var sums = try embedding.parameters.zeros()
    try embedding.backward(tokens: tokens, outputGradient: gradient, addingTo: &sums)
    try embedding.backward(tokens: tokens, outputGradient: gradient, addingTo: &sums)
    #expect(sums.elements == [0, 0, 0, 0, 0, 0, 0, 0, 8, 12])
    for (steps, features) in [(1, 2), (2, 3)] {
      let wrong = try SequenceBatch<Double>(steps: steps, batchSize: 1, features: features)
      #expect(
        message { try embedding.backward(tokens: tokens, outputGradient: wrong, addingTo: &sums) }
          == "outputGradient is \(steps) x \(features), expected 2 x 2")
    }
    var other = try network.parameters.zeros()
    #expect(
      message { try embedding.backward(tokens: tokens, outputGradient: gradient, addingTo: &other) }
        == "gradients does not have the layout of this embedding's parameters")
    #expect(
      message {
        try sequenceModel().loss(.crossEntropy(), of: batch(labels), addingGradientsTo: &other)
      } == "gradients does not have the layout of this model's parameters")
  }
}
