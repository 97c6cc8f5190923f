// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurONNX

@Suite("Layers that are written as ONNX")
struct ONNXWrittenLayerTests {
  private static let activations: [Activation] = [
    .tanh, .sigmoid, .relu, .identity, .affine(alpha: 0.5, beta: -0.25), .leakyRelu(alpha: 0.125),
    .thresholdedRelu(alpha: 0.25), .scaledTanh(alpha: 1.5, beta: 0.5),
    .hardSigmoid(alpha: 0.75, beta: 0.25), .elu(alpha: 0.5), .softsign, .softplus,
    .hardTanh(min: -0.5, max: 0.25), .silu,
  ]

  /// Writes a model of the input x, reads it again, and compares the outputs y of both in double precision.
  private func expectSame(_ value: ModelValue, features: Int, states: Bool = false) throws {
    let model = try Model<Double>(outputs: value.named("y"), seed: 7)
    // Parameters that 32-bit numbers have.
    var rounded = model
    for slice in model.parameters.slices {
      let matrix = try #require(model.parameters[slice.name])
      try rounded.parameters.set(
        slice.name,
        to: Matrix(
          rows: matrix.rows, columns: matrix.columns,
          elements: matrix.elements.enumerated().map {
            Double(Float($1 + 0.01 * Double($0 % 7)))
          }))
    }
    let again = try ONNXModel<Double>(bytes: ONNXModel.bytes(of: rounded, states: states))
    let elements = GraphText.distinct(5 * 2 * features, 1)
    let x = try SequenceBatch(
      steps: 5, batchSize: 2,
      matrix: Matrix<Double>(rows: 10, columns: features, elements: elements))
    let expected = try #require(try rounded(["x": .features(x)])["y"])
    let result = try #require(
      try again.run(["x": ONNXTensor(shape: [5, 2, features], elements: elements)])["y"])
    #expect(result.shape == [expected.steps, 2, expected.features])
    for (a, b) in zip(result.elements, expected.elements) { #expect(abs(a - b) < 1e-12) }
  }

  @Test("activations", arguments: activations)
  func activation(_ phi: Activation) throws {
    try expectSame(ModelValue.features(size: 3).named("x").activation(phi), features: 3)
  }

  @Test("activations of cells", arguments: activations.filter { $0 != .silu })
  func cellActivation(_ phi: Activation) throws {
    var simple = NetworkConfiguration(.simple, inputSize: 3, hiddenSize: 2)
    simple.activation = phi
    var gru = NetworkConfiguration(.gru, inputSize: 3, hiddenSize: 2)
    gru.candidateActivation = phi
    gru.bidirectional = true
    var lstm = NetworkConfiguration(.lstm, inputSize: 3, hiddenSize: 2)
    lstm.outputActivation = phi
    lstm.candidateActivation = .scaledTanh(alpha: 1.5, beta: 0.5)
    let x = ModelValue.features(size: 3).named("x")
    for configuration in [simple, gru, lstm] {
      guard case .hardTanh = phi else {
        try expectSame(x.network(configuration), features: 3)
        continue
      }
      let model = try Model<Double>(outputs: x.network(configuration).named("n"), seed: 1)
      let error = #expect(throws: ONNXError.self) { try ONNXModel.bytes(of: model) }
      #expect(
        error?.description
          == "node \"n\" has the activation \(phi), which ONNX's networks do not have")
    }
  }

  @Test("options of cells")
  func options() throws {
    let x = ModelValue.features(size: 3).named("x")
    var gru = NetworkConfiguration(.gru, inputSize: 3, hiddenSize: 2)
    gru.reset = .beforeProduct
    gru.gateClamp = 0.5
    gru.layers = 2
    try expectSame(x.network(gru), features: 3)
    gru.reset = .afterProduct
    gru.bias = false
    gru.bidirectional = true
    try expectSame(x.network(gru), features: 3)
    var lstm = NetworkConfiguration(.lstm, inputSize: 3, hiddenSize: 2)
    lstm.coupledGates = true
    lstm.peepholes = true
    lstm.layers = 3
    try expectSame(x.network(lstm), features: 3)
    try expectSame(x.network(lstm), features: 3, states: true)
    lstm.coupledGates = false
    lstm.bias = false
    try expectSame(x.network(lstm), features: 3, states: true)
  }

  @Test("values of several positions")
  func positions() throws {
    let x = ModelValue.features(size: 12).named("x")
    let split = x.reshape(positions: 3)
    try expectSame(split.softmax(), features: 12)
    try expectSame(split.layerNormalization(), features: 12)
    try expectSame(split.prelu(), features: 12)
    try expectSame(split.scale(), features: 12)
    try expectSame(split.slice(channels: 1..<3), features: 12)
    try expectSame(split.magnitude(), features: 12)
    try expectSame(.concatenation(of: split, split.activation(.tanh)), features: 12)
    try expectSame(x.slice(channels: 2..<7), features: 12)
    try expectSame(x.magnitude(), features: 12)
    try expectSame(.concatenation(of: x, x.activation(.tanh)), features: 12)
    try expectSame(split.dense(size: 2), features: 12)
    try expectSame(split.dense(size: 2, bias: false), features: 12)
    try expectSame(x.lastStep(), features: 12)
    try expectSame(x.firstStep(), features: 12)
    try expectSame(x.mean(), features: 12)
    try expectSame(x.maximum(), features: 12)
  }

  @Test("convolutions")
  func convolutions() throws {
    let x = ModelValue.features(size: 12).named("x")
    for axis in [Convolution.Axis.steps, .positions] {
      let value = axis == .steps ? x : x.reshape(positions: 4)
      for padding in [Convolution.Padding.zeros, .reflect, .replicate] {
        for (stride, dilation, before, after) in [
          (1, 1, 1, 1), (2, 1, 0, 1), (1, 2, 3, 1), (1, 1, 0, 0),
        ] {
          var convolution = Convolution(over: axis, outputSize: 6, kernelSize: 3)
          convolution.stride = stride
          convolution.dilation = dilation
          (convolution.before, convolution.after) = (before, after)
          convolution.padding = padding
          convolution.groups = stride == 2 ? 3 : 1
          convolution.bias = dilation == 1
          try expectSame(value.convolution(convolution), features: 12)
        }
      }
    }
  }

  @Test("the reasons of layers without an equivalent")
  func refused() throws {
    let x = ModelValue.features(size: 3).named("x")
    var clamped = NetworkConfiguration(.lstm, inputSize: 3, hiddenSize: 4)
    clamped.cellClamp = 1
    let model = try Model<Double>(outputs: x.network(clamped).named("n"), seed: 1)
    let error = #expect(throws: ONNXError.self) { try ONNXModel.bytes(of: model) }
    #expect(error?.description == "node \"n\" clamps the cell state")
  }

  @Test("the names, types and sizes of a file")
  func names() throws {
    let x = ModelValue.features(size: 3).named("x")
    let tokens = ModelValue.tokens(vocabularySize: 5).named("k")
    let sum = x.convolution(.causal(outputSize: 2, kernelSize: 2)).named("c")
    let model = try Model<Float>(
      outputs:
        sum, x.convolution(Convolution(over: .steps, outputSize: 2, kernelSize: 2)).named("d"),
      x.lastStep().named("l"), tokens.embedding(size: 4).named("e"), seed: 1)
    let proto = try ModelProto(ONNXModel.bytes(of: model), folder: nil)
    #expect(proto.opset == 17)
    let graph = try #require(proto.graph)
    func shape(_ info: ValueInfoProto) -> String {
      (info.shape ?? []).map { dimension in
        switch dimension {
        case .size(let size): "\(size)"
        case .name(let name): name
        case .unknown: "?"
        }
      }.joined(separator: ",")
    }
    #expect(Set(graph.inputs.map(\.name)) == ["x", "k"])
    for input in graph.inputs {
      #expect(shape(input) == (input.name == "x" ? "steps,sequences,3" : "steps,sequences"))
      #expect(input.elementType == (input.name == "x" ? 1 : 7))
    }
    let outputs = Dictionary(uniqueKeysWithValues: graph.outputs.map { ($0.name, shape($0)) })
    #expect(
      outputs == [
        "c": "steps,sequences,2", "d": "d.steps,sequences,2", "l": "1,sequences,3",
        "e": "steps,sequences,4",
      ])
    #expect(graph.nodes.allSatisfy { $0.name == $0.outputs[0] })
    #expect(Set(graph.nodes.map(\.name)).count == graph.nodes.count)
  }

  /// Other readers need the types of attributes, which this one does not read.
  @Test("the fields of a file, and the types of attributes")
  func fields() throws {
    var lstm = NetworkConfiguration(.lstm, inputSize: 3, hiddenSize: 2)
    lstm.candidateActivation = .hardSigmoid(alpha: 0.25, beta: 0.5)
    let x = ModelValue.features(size: 3).named("x")
    let value = x.convolution(.causal(outputSize: 3, kernelSize: 2)).activation(.elu(alpha: 0.5))
      .network(lstm)
    let model = WireMessage(
      try ONNXModel.bytes(of: Model<Float>(outputs: value.named("y"), seed: 1)))
    func number(_ message: WireMessage, _ field: Int) -> UInt64? {
      message.fields.lazy.compactMap {
        if case .varint(field, let value) = $0 { value } else { nil }
      }.first
    }
    #expect(number(model, 1) == 8 && model[2] == [Array("Recur".utf8)])
    let version = WireMessage(model[8][0])
    #expect(number(version, 2) == 17 && version[1] == [[]])
    let graph = WireMessage(model[7][0])
    #expect(graph[2] == [Array("graph".utf8)])
    var types: [String: UInt64] = [:]
    for node in graph[1] {
      for attribute in WireMessage(node)[5].map({ WireMessage($0) }) {
        types[String(decoding: attribute[1][0], as: UTF8.self)] = number(attribute, 20)
      }
    }
    #expect(
      types == [
        "perm": 7, "dilations": 7, "group": 2, "kernel_shape": 7, "pads": 7, "strides": 7,
        "alpha": 1, "hidden_size": 2, "direction": 3, "activations": 8, "activation_alpha": 6,
        "activation_beta": 6,
      ])
  }

  @Test("a causal convolution of one step has no state")
  func kernelOfOne() throws {
    let x = ModelValue.features(size: 3).named("x")
    for (size, reason) in [
      (1, nil), (2, "has the convolution c, whose state an ONNX model cannot have"),
    ] as [(Int, String?)] {
      let value = x.convolution(.causal(outputSize: 2, kernelSize: size)).named("c")
      let model = try Model<Float>(outputs: value.gru(hiddenSize: 2), seed: 1)
      #expect(ONNXModel.reasonAgainstStates(of: model) == reason)
    }
    let positions = x.reshape(positions: 3).convolution(
      Convolution(over: .positions, outputSize: 2, kernelSize: 2))
    let model = try Model<Float>(outputs: positions, seed: 1)
    #expect(ONNXModel.reasonAgainstStates(of: model) == nil)
  }
}
