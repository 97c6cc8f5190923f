// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import Testing
import TestSupport

/// Compares the diagnosis of graphs with that of a `SequenceModel`, and with finite differences.
@Suite struct ModelGradientDiagnosisTests {
  static let T = 7, B = 3, I = 2, H = 4, O = 2
  static let lengths = [7, 4, 5]

  private func batch(rows: Int, seed: UInt64 = 3) throws -> TrainingBatch<Double> {
    var generator = SplitMix64(seed: seed)
    return TrainingBatch(
      input: .features(
        try SequenceBatch(
          steps: Self.T, batchSize: Self.B, features: Self.I,
          elements: generator.vector(Self.T * Self.B * Self.I))),
      lengths: Self.lengths,
      targets: .values(
        try Matrix(rows: rows, columns: Self.O, elements: generator.vector(rows * Self.O))))
  }

  /// A graph of a network and a head, and the equal `SequenceModel`.
  private func models(
    _ configuration: NetworkConfiguration, _ reading: ModelReading
  ) throws -> (graph: Model<Double>, sequences: SequenceModel<Double>) {
    let network = try configuration.network(of: Double.self, seed: 1)
    let head = try Linear<Double>(
      inputSize: configuration.outputSize, outputSize: Self.O, seed: 2)
    var nodes = [
      ModelNode("x", .features(Self.I)), ModelNode("net", .network(configuration), of: "x"),
    ]
    if reading == .lastStep { nodes.append(ModelNode("last", .lastStep, of: "net")) }
    nodes.append(
      ModelNode("y", .dense(size: Self.O), of: nodes.last!.name, isOutput: true))
    var graph = try Model<Double>(ModelGraph(nodes))
    for (vector, prefix) in [(network.parameters, "net."), (head.parameters, "y.")] {
      for slice in vector.slices {
        try graph.parameters.set(prefix + slice.name, to: vector[slice.name]!)
      }
    }
    return (graph, try SequenceModel(network: network, head: head, reading: reading))
  }

  static let networks: [NetworkConfiguration] = [
    NetworkConfiguration(.simple, inputSize: I, hiddenSize: H),
    NetworkConfiguration(.residual, inputSize: I, hiddenSize: H),
    {
      var gru = NetworkConfiguration(.gru, inputSize: I, hiddenSize: H)
      gru.layers = 2
      return gru
    }(),
    {
      var lstm = NetworkConfiguration(.lstm, inputSize: I, hiddenSize: H)
      lstm.projectionSize = 3
      return lstm
    }(),
    {
      var both = NetworkConfiguration(.lstm, inputSize: I, hiddenSize: H)
      both.bidirectional = true
      return both
    }(),
  ]

  @Test(arguments: networks) func aGraphOfOneNetworkHasTheNumbersOfASequenceModel(
    _ configuration: NetworkConfiguration
  ) throws {
    let (graph, sequences) = try models(configuration, .everyStep)
    let batch = try batch(rows: Self.T * Self.B)
    let found = try graph.diagnoseGradients(
      .meanSquaredError, of: batch, sequences: 2, saturatedBelow: 0.3)
    let expected = try sequences.diagnoseGradients(
      .meanSquaredError, of: batch, sequences: 2, saturatedBelow: 0.3)
    #expect(found["net"]!.network == expected)
    #expect(found.loss == expected.loss && found.gradientNorm == expected.gradientNorm)
    #expect(found.clipping(at: 0.01) == expected.clipping(at: 0.01))
    #expect(found.nodes.map(\.name) == ["net", "y"] && found["y"]!.network == nil)
    #expect(found["x"] == nil)
    #expect(found.summary == "net: " + expected.summary)
  }

  /// The last step of a `SequenceModel` is that of the final state, whose gradient takes another way.
  @Test func theLastStepHasTheNumbersOfASequenceModel() throws {
    let (graph, sequences) = try models(Self.networks[2], .lastStep)
    let batch = try batch(rows: Self.B)
    let found = try graph.diagnoseGradients(.meanSquaredError, of: batch)
    let expected = try sequences.diagnoseGradients(.meanSquaredError, of: batch)
    let own = try #require(found["net"]?.network)
    #expect(own.jacobians == expected.jacobians && own.bound == expected.bound)
    let tolerance = Tolerance(operations: 20 * Self.T * Self.H, magnitude: 1)
    for (layer, other) in zip(own.layers, expected.layers) {
      #expect(layer.gates == other.gates)
      for (norms, others) in zip(layer.stateNorms, other.stateNorms) {
        #expect(norms.count == others.count)
        for (norm, other) in zip(norms, others) {
          #expect(abs(norm - other) <= tolerance.bound(epsilon: .ulpOfOne))
        }
      }
    }
    // Only the last step of a sequence is read.
    #expect(found["last"]!.valueNorms.map(\.count) == [1, 1, 1])
    for (b, length) in Self.lengths.enumerated() {
      let norms = found["net"]!.valueNorms[b]
      #expect(norms.count == length && norms.dropLast().allSatisfy { $0 == 0 })
      #expect(norms.last == found["last"]!.valueNorms[b][0] && norms.last! > 0)
    }
  }

  /// A graph with a stride, a skip connection and two networks. A zero is added to the value of each node in turn,
  /// and the derivative with respect to its elements is a difference of losses.
  @Test func normsOfValuesAreThoseOfFiniteDifferences() throws {
    var convolution = Convolution.causal(outputSize: 3, kernelSize: 2)
    convolution.stride = 1
    let lstm = NetworkConfiguration(.lstm, inputSize: 3, hiddenSize: 3)
    let gru = NetworkConfiguration(.gru, inputSize: 3, hiddenSize: Self.H)
    let graph = ModelGraph([
      ModelNode("x", .features(Self.I)),
      ModelNode("conv", .convolution(convolution), of: "x"),
      ModelNode("lstm", .network(lstm), of: "conv"),
      ModelNode("sum", .add, of: "lstm", "conv"),
      ModelNode("gru", .network(gru), of: "sum"),
      ModelNode("y", .dense(size: Self.O), of: "gru", isOutput: true),
    ])
    let model = try Model<Double>(graph, seed: 4)
    let batch = try batch(rows: Self.T * Self.B)
    let diagnosis = try model.diagnoseGradients(.meanSquaredError, of: batch, sequences: 0)
    #expect(diagnosis.nodes.map(\.name) == ["conv", "lstm", "sum", "gru", "y"])
    #expect(diagnosis["lstm"]!.network!.jacobians?.productNorms == [])
    for node in diagnosis.nodes {
      let (shifted, columns) = try withShift(model, after: node.name)
      for b in 0..<Self.B {
        #expect(node.valueNorms[b].count == Self.lengths[b])
        for (t, norm) in node.valueNorms[b].enumerated() {
          var squares = 0.0
          for column in 0..<columns {
            let slope = try difference(shifted, batch, t, b, column, columns)
            squares += slope * slope
          }
          #expect(abs(squares.squareRoot() - norm) < 1e-8, "\(node.name), step \(t) of \(b)")
        }
      }
    }
  }

  /// Returns the model with another input, which is added to the value of a node.
  private func withShift(
    _ model: Model<Double>, after name: String
  ) throws -> (model: Model<Double>, columns: Int) {
    let sizes = ["conv": 3, "lstm": 3, "sum": 3, "gru": Self.H, "y": Self.O]
    var nodes = [ModelNode("shift", .features(sizes[name]!))]
    for var node in model.graph.nodes {
      node.sources = node.sources.map { $0 == name ? "shifted" : $0 }
      let isOutput = node.isOutput
      if node.name == name { node.isOutput = false }
      nodes.append(node)
      if node.name == name {
        nodes.append(ModelNode("shifted", .add, of: name, "shift", isOutput: isOutput))
      }
    }
    var shifted = try Model<Double>(ModelGraph(nodes))
    for slice in model.parameters.slices {
      try shifted.parameters.set(slice.name, to: model.parameters[slice.name]!)
    }
    return (shifted, sizes[name]!)
  }

  /// The central difference of the loss.
  private func difference(
    _ model: Model<Double>, _ batch: TrainingBatch<Double>, _ t: Int, _ b: Int, _ column: Int,
    _ columns: Int
  ) throws -> Double {
    let step = 1e-4
    let losses = try [step, -step].map { value in
      var shift = try SequenceBatch<Double>(
        steps: Self.T, batchSize: Self.B, features: columns)
      shift[t, b, column] = value
      var own = batch
      own.inputs = ["x": batch.inputs[TrainingBatch<Double>.only]!, "shift": .features(shift)]
      return try model.evaluate(.meanSquaredError, on: own, initialState: nil, threads: nil)
        .value.mean
    }
    return (losses[0] - losses[1]) / (2 * step)
  }

  @Test func aNetworkAfterAStrideHasItsOwnSteps() throws {
    var convolution = Convolution.causal(outputSize: 3, kernelSize: 2)
    convolution.stride = 2
    let model = try Model<Double>(
      ModelGraph([
        ModelNode("x", .features(Self.I)),
        ModelNode("conv", .convolution(convolution), of: "x"),
        ModelNode(
          "gru", .network(NetworkConfiguration(.gru, inputSize: 3, hiddenSize: Self.O)),
          of: "conv", isOutput: true),
      ]), seed: 4)
    let diagnosis = try model.diagnoseGradients(.meanSquaredError, of: batch(rows: 4 * Self.B))
    #expect(diagnosis["gru"]!.valueNorms.map(\.count) == [4, 2, 3])
    #expect(diagnosis["gru"]!.network!.layers[0].stateNorms.map(\.count) == [4, 2, 3])
    #expect(diagnosis["gru"]!.network!.jacobians!.productNorms.map(\.count) == [4, 2, 3])
  }

  @Test func theInitialStateReachesTheNetwork() throws {
    let (graph, sequences) = try models(
      NetworkConfiguration(.lstm, inputSize: Self.I, hiddenSize: Self.H), .everyStep)
    let batch = try batch(rows: Self.T * Self.B)
    var generator = SplitMix64(seed: 8)
    let (h, c) = (
      try Matrix<Double>(rows: Self.B, columns: Self.H, elements: generator.vector(12)),
      try Matrix<Double>(rows: Self.B, columns: Self.H, elements: generator.vector(12))
    )
    var state = try graph.zeroState(batchSize: Self.B)
    try state.set("net.h", to: h)
    try state.set("net.c", to: c)
    let found = try graph.diagnoseGradients(
      .meanSquaredError, of: batch, initialState: state)
    let expected = try sequences.diagnoseGradients(
      .meanSquaredError, of: batch, initialState: LSTMState(hidden: h, cell: c))
    #expect(found["net"]!.network == expected)
  }

  @Test func wrongOptionsAreRefused() throws {
    let (graph, _) = try models(Self.networks[0], .everyStep)
    let batch = try batch(rows: Self.T * Self.B)
    #expect(
      throws: RecurError.invalid(
        argument: "sequences", reason: "is 4, expected 0 to the batch size 3")
    ) { try graph.diagnoseGradients(.meanSquaredError, of: batch, sequences: 4) }
    #expect(
      throws: RecurError.invalid(argument: "saturatedBelow", reason: "is 2.0, expected 0 to 1")
    ) { try graph.diagnoseGradients(.meanSquaredError, of: batch, saturatedBelow: 2) }
    var configuration = Self.networks[0]
    configuration.zoneout = 0.5
    let (masked, _) = try models(configuration, .everyStep)
    #expect(
      throws: RecurError.unsupported(
        argument: "model",
        reason: "has dropout or zoneout, which gradient measurements do not support")
    ) { try masked.diagnoseGradients(.meanSquaredError, of: batch) }
  }
}
