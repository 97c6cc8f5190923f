// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

/// Training of graphs: the same numbers as a sequence model, several outputs, metrics and checkpoints.
@Suite struct ModelTrainingTests {
  private let windows: Windows<Double>
  private let sequenceModel: SequenceModel<Double>
  private let model: Model<Double>

  /// A sequence model, and a graph with the same parameters.
  init() throws {
    windows = try TrainingProblem.windows()
    sequenceModel = try TrainingProblem.model(dropout: 0, recurrentDropout: 0.3)
    var network = sequenceModel.network.configuration
    network.inputSize = 0
    let y = ModelValue.features(size: 2).network(network).lastStep().dense(size: 1)
    var model = try Model<Double>(ModelGraph(outputs: y.named("y")))
    try model.parameters.setElements(sequenceModel.parameters.elements)
    self.model = model
  }

  private var options: TrainingOptions { TrainingProblem.options }

  @Test func aGraphTrainsAsASequenceModel() throws {
    var expected = try Training(sequenceModel, options: options)
    var training = try Training(model, options: options)
    try expected.fit(windows, validation: windows)
    try training.fit(windows, validation: windows)
    #expect(training.history == expected.history)
    #expect(training.model.parameters.elements == expected.model.parameters.elements)
    #expect(training.best.parameters.elements == expected.best.parameters.elements)
  }

  @Test(arguments: [false, true]) func aResumedRunIsTheSame(stateful: Bool) throws {
    let x = ModelValue.tokens(vocabularySize: 5).embedding(size: 3)
    let model = try Model<Float>(outputs: x.gru(hiddenSize: 4).dense(size: 5), seed: 2)
    let text = (0..<61).map { ($0 * $0) % 5 }
    let data = try TokenStream<Float>(text, steps: 4, batchSize: 3)
    let options = TrainingOptions(
      loss: .crossEntropy(), learningRate: 0.05, epochs: 2,
      batching: stateful ? .stateful : .shuffled(size: 1), seed: 4)
    var whole = try Training(model, options: options)
    var saved: [Data] = []
    while try whole.step(data) != nil { saved.append(try whole.bytes) }
    #expect(saved.count == 10)
    for bytes in [saved[1], saved[5]] {
      var resumed = try Training<Model<Float>>(SafeTensors(bytes: bytes))
      try resumed.fit(data)
      #expect(resumed.model.parameters == whole.model.parameters)
      #expect(resumed.history == whole.history)
    }
  }

  /// The loss of labels is that of a softmax head, and classes and outputs have weights.
  @Test func lossesAreSums() throws {
    let x = ModelValue.features(size: 2)
    let h = x.rnn(hiddenSize: 3)
    let model = try Model<Double>(
      outputs: h.dense(size: 4).named("classes"), h.mean().dense(size: 1).named("level"), seed: 8)
    var generator = SplitMix64(seed: 3)
    let input = try SequenceBatch<Double>(
      steps: 3, batchSize: 2, features: 2, elements: generator.vector(12))
    let labels = [0, 3, 1, 2, 2, 9]
    let level = try Matrix<Double>([[0.5], [-1]])
    func batch(_ names: [String]) -> TrainingBatch<Double> {
      let all: [String: OutputTargets<Double>] = [
        "classes": .init(.labels(labels), mask: [true, true, false, true, true, true]),
        "level": .init(.values(level)),
      ]
      return TrainingBatch(
        inputs: ["": .features(input)], lengths: [3, 2],
        targets: all.filter { names.contains($0.key) })
    }
    func gradient(_ loss: Loss, _ names: [String]) throws -> (LossValue, ParameterVector<Double>) {
      var gradient = try model.parameters.zeros()
      let result = try model.differentiate(
        loss, on: batch(names), initialState: nil, dropoutSeed: nil, threads: nil,
        addingTo: &gradient)
      let again = try model.evaluate(loss, on: batch(names), initialState: nil, threads: nil)
      #expect(again.value == result.value)
      return (result.value, gradient)
    }
    let weights = [1, 0.5, 2, 4]
    let classes = Loss.crossEntropy(classWeights: weights)
    let (first, one) = try gradient(classes, ["classes"])
    let (second, two) = try gradient(.meanSquaredError, ["level"])
    let (sum, both) = try gradient(
      .heads(["classes": .init(classes, weight: 0.25), "level": .init(.meanSquaredError)]),
      ["classes", "level"])
    #expect(sum.mean == 0.25 * first.mean + second.mean && sum.count == 4 + 2)
    for k in 0..<both.count {
      let expected = 0.25 * one.elements[k] + two.elements[k]
      #expect(abs(both.elements[k] - expected) <= 64 * .ulpOfOne * max(abs(expected), 1e-3))
    }
    // Row 2 is masked, and row 5 is past the end of its sequence.
    let head = try SoftmaxHead<Double>(
      linear: Linear(
        weight: #require(model.parameters["classes.weight"]),
        bias: #require(model.parameters["classes.bias"]).elements))
    let rnn = try RNN<Double>(#require(configuration(of: model, "rnn")))
    var network = rnn
    try network.parameters.setElements(
      Array(model.parameters.elements.prefix(rnn.parameters.count)))
    let outputs = try network(input, lengths: [3, 2]).outputs
    let losses = try head.crossEntropy(outputs.matrix, labels: [0, 3, 1, 2, 2, 0]).losses
    let rows = [0, 1, 3, 4]
    let total = rows.reduce(0) { $0 + weights[labels[$1]] }
    let mean = rows.reduce(0) { $0 + weights[labels[$1]] * losses[$1] } / total
    #expect(abs(first.mean - mean) <= 32 * .ulpOfOne * mean)
  }

  private func configuration(
    of model: Model<Double>, _ name: String
  ) -> NetworkConfiguration? {
    guard case .network(let configuration)? = model.graph[name]?.layer else { return nil }
    return configuration
  }

  @Test func gradientsOfLabelsAreTheDerivative() throws {
    var generator = SplitMix64(seed: 3)
    let z = try Matrix<Double>(rows: 3, columns: 4, elements: generator.vector(12, 3))
    let (labels, weights) = ([2, 0, 3], [1.0, 0, 2.5])
    func loss(_ z: Matrix<Double>) throws -> Double {
      try Loss.crossEntropy(ofLogits: z, labels: labels, weights: weights).loss.mean
    }
    let gradient = try Loss.crossEntropy(ofLogits: z, labels: labels, weights: weights).gradient
    for row in 0..<3 {
      for k in 0..<4 {
        var (up, down) = (z, z)
        up[row, k] += 1e-5
        down[row, k] -= 1e-5
        let difference = try (loss(up) - loss(down)) / 2e-5
        #expect(abs(gradient[row, k] - difference) < 1e-9)
      }
    }
    let large = try Matrix<Double>([[1000, -1000]])
    #expect(
      try Loss.crossEntropy(ofLogits: large, labels: [1], weights: [1]).loss.mean == 2000)
  }

  @Test func metricsAreMeansOverTheRowsThatCount() throws {
    let x = ModelValue.features(size: 3)
    var model = try Model<Float>(ModelGraph(outputs: x.dense(size: 3, bias: false)))
    try model.parameters.setElements([1, 0, 0, 0, 1, 0, 0, 0, 1])  // the identity
    let rows = try Matrix<Float>([[1, 0, 0], [0, 2, 1], [0, 1, 3], [5, 0, 0]])
    let data = try Sequences<Float>(
      inputs: [rows, Matrix([[0, 0, 1]])], targets: .labels([[0, 1, 1, 7], [2]]),
      reading: .everyStep)
    let wide = Metric<Float>("largest") { rows in
      Double((0..<rows.outputs.rows).map { rows.outputs[$0, 2] }.reduce(0, +))
    }
    let loss = Loss.crossEntropy(ignoring: 7)
    let values = try model.metrics(
      [.accuracy, wide], loss, over: data, batching: .inOrder(size: 1))
    let expected: [String: Double] = ["accuracy": 0.75, "largest": 1.25]
    #expect(values == expected)
    let sum = Loss.heads([model.outputs[0].name: .init(loss)])
    #expect(try model.metrics([.accuracy, wide], sum, over: data) == expected)
    #expect(try model.metrics([], loss, over: data).isEmpty)
    #expect(throws: RecurError.self) { try model.metrics([wide, wide], loss, over: data) }
    let other = Metric<Float>("other", of: "z") { _ in 0 }
    #expect(throws: RecurError.self) { try model.metrics([other], loss, over: data) }
    struct Failure: Error {}
    let failing = Metric<Float>("failing") { _ in throw Failure() }
    #expect(throws: Failure.self) { try model.metrics([failing], loss, over: data) }
  }

  @Test func metricsAreReportedAfterEachEpoch() throws {
    var training = try Training(sequenceModel, options: options)
    let error = Metric<Double>("mean error") { rows in
      guard case .values(let targets) = rows.targets else { return .nan }
      return (0..<targets.rows).reduce(0) { $0 + abs(rows.outputs[$1, 0] - targets[$1, 0]) }
    }
    #expect(
      message { try training.fit(windows, metrics: [error]) }
        == "validation is missing, but patience, a plateau or a metric requires it")
    try training.fit(windows, validation: windows, metrics: [error])
    let expected = try training.model.loss(.meanAbsoluteError, over: windows).mean
    let last = try #require(training.history.last?.metrics?["mean error"])
    #expect(abs(last - expected) <= 64 * .ulpOfOne)
    let saved = try Training<SequenceModel<Double>>(SafeTensors(bytes: training.bytes))
    #expect(saved.history == training.history)
  }

  @Test func theFirstNodeThatIsNotFiniteIsNamed() throws {
    var broken = model
    broken.parameters.withMutableSpan { $0[$0.count - 1] = .infinity }  // the last bias
    let batch = try windows.batch([0, 1])
    let loss = Loss.meanSquaredError
    let place = try broken.firstNotFinite(loss, batch, initialState: nil, dropoutSeed: 1)
    #expect(place == NonFiniteLocation(node: "y", step: 0, sequence: 0))
    #expect(place?.description.contains("the node y") == true)
    var data = batch
    guard case .features(var x) = data.input else { return }
    x[3, 1, 0] = .nan
    data.input = .features(x)
    #expect(
      try model.firstNotFinite(loss, data, initialState: nil, dropoutSeed: 1)
        == NonFiniteLocation(node: "features", step: 3, sequence: 1))
    var targets = batch
    targets.targets = .values(try Matrix([[1], [.nan]]))
    #expect(
      try model.firstNotFinite(loss, targets, initialState: nil, dropoutSeed: 1)
        == NonFiniteLocation(node: "y", isTarget: true, step: 0, sequence: 1))
    targets.lengths = [6, 0]  // the target does not count
    #expect(try model.firstNotFinite(loss, targets, initialState: nil, dropoutSeed: 1) == nil)
    #expect(try model.firstNotFinite(loss, batch, initialState: nil, dropoutSeed: 1) == nil)
    var training = try Training(broken, options: options)
    #expect(throws: TrainingError.self) { try training.fit(windows) }
  }

  @Test func wrongBatchesAreRefused() throws {
    let batch = try windows.batch([0, 1])
    func refusal(_ loss: Loss, _ batch: TrainingBatch<Double>) -> String {
      message { try model.evaluate(loss, on: batch, initialState: nil, threads: nil) }
    }
    let y = try #require(batch.outputTargets[""])
    let two = TrainingBatch(inputs: batch.inputs, targets: ["y": y, "z": y])
    #expect(refusal(.meanSquaredError, two).hasPrefix("loss is one loss"))
    #expect(
      refusal(.heads(["y": .init(.meanSquaredError)]), two) == "targets has z, which has no loss")
    #expect(
      refusal(.heads(["y": .init(.meanSquaredError), "z": .init(.huber())]), two)
        .hasPrefix("targets has no output z"))
    #expect(
      message { try sequenceModel.loss(.heads(["y": .init(.huber())]), of: batch) }
        .hasPrefix("loss is a sum of losses"))
    #expect(message { try Training(model, options: .init(loss: .heads([:]))) }.hasPrefix("heads"))
    #expect(
      message { try Training(model, options: .init(loss: .crossEntropy(classWeights: [0]))) }
        .hasPrefix("classWeights is [0.0]"))
    let mean = try Model<Double>(
      outputs: .features(size: 2).mean().dense(size: 1).named("m"), seed: 1)
    #expect(
      message {
        try Training(mean, options: .init(loss: .meanSquaredError, batching: .stateful))
      }.contains("is a mean over steps"))
  }
}

/// Files of graphs.
@Suite struct ModelGraphFileTests {
  private let model: Model<Float>

  init() throws {
    let x = ModelValue.features(size: 4).named("x")
    var causal = Convolution.causal(outputSize: 6, kernelSize: 3)
    causal.groups = 2
    let h = x.convolution(causal).prelu().scale().gru(hiddenSize: 3)
    model = try Model(outputs: h.dense(size: 2).layerNormalization().named("y"), seed: 9)
  }

  @Test func aFileHasTheGraphAndTheParameters() throws {
    let folder = try TemporaryFolder()
    try model.save(to: folder["m"], info: ["a": "b"])
    let file = try SafeTensors(contentsOf: folder["m"])
    let read = try Model<Float>(file)
    #expect(read.graph == model.graph && read.parameters == model.parameters)
    #expect(try file.info == ["a": "b"])
    #expect(file["convolution.weight"]?.shape == [6, 2, 3])
    #expect(file["prelu.weight"]?.shape == [6] && file["scale.bias"]?.shape == [6])
    #expect(file["gru.weight_ih_l0"]?.shape == [9, 6] && file["dense.bias"]?.shape == [2])
    #expect(message { try Model<Double>(file) }.contains("is of type F32, expected F64"))
    #expect(message { try SequenceModel<Float>(file) }.hasSuffix("use Model instead"))
  }

  @Test func otherFilesAreRefused() throws {
    func refusal(_ change: (inout SafeTensors) -> Void) throws -> String {
      var file = try model.file(.model, [:], "test")
      change(&file)
      return message { try Model<Float>(SafeTensors(bytes: file.bytes)) }
    }
    #expect(try refusal { _ in }.hasPrefix("no error"))
    #expect(
      try refusal { $0.tensors.removeLast() }
        .contains("tensors, more than the file contains"))
    let renamed = try SafeTensors.Tensor("z", shape: [2], elements: [0, 0] as [Float])
    #expect(
      try refusal { $0.tensors[$0.tensors.count - 1] = renamed } == "test: has no tensor y.bias")
    #expect(
      try refusal { $0.metadata["recur.version"] = "1" } == "test: has version 1, expected 2")
    #expect(
      try refusal { $0.metadata["recur.model"] = "{\"nodes\":[]}" }
        .contains("describes an invalid model"))
    let large =
      "{\"nodes\":[{\"name\":\"x\",\"kind\":\"features\",\"size\":1000000},"
      + "{\"name\":\"y\",\"kind\":\"dense\",\"from\":[\"x\"],\"size\":1000000,\"output\":true}]}"
    #expect(
      try refusal { $0.metadata["recur.model"] = large }
        .contains("has 1000001000000 parameters in 2 tensors, more than the file contains"))
    let deep =
      "{\"nodes\":[{\"name\":\"x\",\"kind\":\"features\",\"size\":1},"
      + "{\"name\":\"y\",\"kind\":\"network\",\"from\":[\"x\"],\"output\":true,\"network\":"
      + "{\"cell\":\"gru\",\"inputSize\":1,\"hiddenSize\":1,\"layers\":1000000000}}]}"
    #expect(
      try refusal { $0.metadata["recur.model"] = deep }
        .contains("has 12000000000 parameters in 4000000000 tensors, more than the file contains"))
    let file = try model.file(.model, [:], "test")
    #expect(
      message { try Training<Model<Float>>(SafeTensors(bytes: file.bytes)) }
        == "test: is a model, expected a checkpoint")
  }

  @Test func graphsAreReadFromJSON() throws {
    let json = try model.graph.json
    #expect(try ModelGraph(json: json) == model.graph)
    #expect(
      message { try ModelGraph(json: "{\"nodes\":[{\"name\":\"x\",\"kind\":\"feature\"}]}") }
        .contains("feature"))
  }

  @Test func sequencesAreSplit() throws {
    let all = try Sequences<Float>(
      inputs: (0..<10).map { try Matrix([[Float($0)]]) }, targets: .labels((0..<10).map { [$0] }),
      reading: .lastStep)
    let (training, validation) = try all.split(validation: 0.25, seed: 1)
    #expect(training.count == 7 && validation.count == 3)
    func numbers(_ part: Sequences<Float>) -> [Int] { part.inputs.map { Int($0[0, 0]) } }
    #expect((numbers(training) + numbers(validation)).sorted() == Array(0..<10))
    #expect(numbers(training) == numbers(training).sorted())
    guard case .labels(let labels) = validation.targets else { return }
    #expect(labels == numbers(validation).map { [$0] })
    let again = try all.split(validation: 0.25, seed: 1).validation
    let other = try all.split(validation: 0.25, seed: 2).validation
    #expect(numbers(again) == numbers(validation) && numbers(other) != numbers(validation))
    #expect(try all.split(validation: 0, seed: 1).validation.count == 0)
    #expect(throws: RecurError.self) { try all.split(validation: 1.5, seed: 1) }
  }
}
