// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

/// Compares results with those of PyTorch and ONNX Runtime for the same inputs: Tests/golden.
@Suite struct GoldenTests {
  @Test(arguments: try! GoldenFile<PyTorchCase>.read("pytorch").cases)
  func pyTorch(_ golden: PyTorchCase) throws {
    try golden.check()
  }

  @Test(arguments: try! GoldenFile<ONNXCase>.read("onnxruntime").cases)
  func onnxRuntime(_ golden: ONNXCase) throws {
    try golden.check { try $0.setParameters($1, in: .onnx) }
  }
}

struct GoldenFile<Case: Decodable>: Decodable {
  var cases: [Case]

  static func read(_ name: String) throws -> GoldenFile {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = folder.appending(path: "golden/\(name).json")
    return try JSONDecoder().decode(GoldenFile.self, from: Data(contentsOf: file))
  }
}

/// The maximum difference from golden results, in units of the tolerance.
struct Deviation {
  var operations: Int
  var epsilon: Double
  private(set) var largest = 0.0

  init(operations: Int, epsilon: Double) {
    (self.operations, self.epsilon) = (operations, epsilon)
  }

  mutating func add<Scalar: BinaryFloatingPoint>(_ got: [Scalar]?, _ want: [Double]?) {
    guard let got, let want else {
      if (got == nil) != (want == nil) { largest = .infinity }
      return
    }
    let bound = Tolerance(operations: operations, magnitude: magnitude(want)).bound(
      epsilon: epsilon)
    largest = max(largest, largestDifference(got.map { Double($0) }, want) / bound)
  }
}

/// A network in float64 with all gradients of ⟨dy, y⟩ + ⟨dhT, hT⟩ + ⟨dcT, cT⟩.
struct PyTorchCase: Decodable, Sendable, CustomTestStringConvertible {
  var name, cell: String
  var activation: String?
  var bias, bidirectional, initial: Bool
  var layers, projection, T, B, I, H: Int
  var lengths: [Int]?
  var theta, x, dy, dhT, y, hT, dx, dh0, dtheta: [Double]
  var h0, c0, dcT, cT, dc0: [Double]?

  var testDescription: String { name }

  func check() throws {
    switch cell {
    case "rnn":
      try check(
        RNN<Double>(
          inputSize: I, hiddenSize: H, layers: layers, bidirectional: bidirectional,
          activation: activation == "relu" ? .relu : .tanh, bias: bias, seed: 0))
    case "gru":
      try check(
        GRU<Double>(
          inputSize: I, hiddenSize: H, layers: layers, bidirectional: bidirectional, bias: bias,
          seed: 0))
    case "lstm":
      try check(
        LSTM<Double>(
          inputSize: I, hiddenSize: H, layers: layers, bidirectional: bidirectional,
          projectionSize: projection == 0 ? nil : projection, bias: bias, seed: 0))
    default: throw RecurError.unsupported(argument: "cell", reason: cell)
    }
  }

  private func check<Network: RecurrentNetwork>(_ network: Network) throws
  where Network.Scalar == Double {
    var network = network
    try network.parameters.setElements(theta)
    let pass = try network.trainingPass(
      SequenceBatch(steps: T, batchSize: B, features: I, elements: x), lengths: lengths,
      initialState: initial ? network.state(batchSize: B, hidden: h0!, cell: c0) : nil)
    let operations = network.operations(T: T, B: B)
    var forward = Deviation(operations: operations.forward, epsilon: .ulpOfOne)
    forward.add(pass.outputs.matrix.elements, y)
    forward.add(pass.finalState.hidden.elements, hT)
    forward.add(pass.finalState.cellState?.elements, cT)
    #expect(forward.largest <= 1)
    let gradients = try pass.backward(
      outputGradient: SequenceBatch(
        steps: T, batchSize: B, features: network.outputSize, elements: dy),
      finalStateGradient: network.state(batchSize: B, hidden: dhT, cell: dcT))
    var backward = Deviation(operations: operations.parameters, epsilon: .ulpOfOne)
    backward.add(gradients.inputs.matrix.elements, dx)
    backward.add(gradients.initialState.hidden.elements, dh0)
    backward.add(gradients.initialState.cellState?.elements, dc0)
    backward.add(gradients.parameters.elements, dtheta)
    #expect(backward.largest <= 1)
  }
}

/// One layer in float32, with parameters in ONNX's order.
struct ONNXCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Function: Decodable, Sendable {
    var name: String
    var alpha, beta: Double

    var activation: Activation {
      get throws {
        switch name {
        case "tanh": .tanh
        case "sigmoid": .sigmoid
        case "relu": .relu
        case "affine": .affine(alpha: alpha, beta: beta)
        case "leaky_relu": .leakyRelu(alpha: alpha)
        case "thresholded_relu": .thresholdedRelu(alpha: alpha)
        case "scaled_tanh": .scaledTanh(alpha: alpha, beta: beta)
        case "hard_sigmoid": .hardSigmoid(alpha: alpha, beta: beta)
        case "elu": .elu(alpha: alpha)
        case "softsign": .softsign
        case "softplus": .softplus
        default: throw RecurError.unsupported(argument: "activation", reason: name)
        }
      }
    }
  }

  var name, cell, reset: String
  var T, B, I, H: Int
  var bidirectional, bias, peepholes, coupled: Bool
  var clip: Double
  var activations: [String: Function]
  var lengths: [Int]?
  var foreign, x, y, hT: [Double]
  var h0, c0, cT: [Double]?

  var testDescription: String { name }

  private func activation(_ gate: String) throws -> Activation {
    try activations[gate]!.activation
  }

  /// - Parameter take: a function that sets the parameters of a network.
  func check(
    _ take: (inout any RecurrentNetwork<Float>, ParameterVector<Float>) throws -> Void
  ) throws {
    #expect(try deviation(take) <= 1)
  }

  /// The deviation from golden results, in units of the tolerance. The bound includes 2⁻²² per step
  /// for ONNX Runtime's approximations of the activations.
  func deviation(
    _ take: (inout any RecurrentNetwork<Float>, ParameterVector<Float>) throws -> Void
  ) throws -> Double {
    var network = try network()
    try take(&network, vector(for: network))
    return try deviation(of: network)
  }

  private func vector(for network: any RecurrentNetwork<Float>) throws -> ParameterVector<Float> {
    var vector = try network.parameters(in: .onnx)
    try vector.setElements(foreign.map { Float($0) })
    return vector
  }

  private func network() throws -> any RecurrentNetwork<Float> {
    let clip = clip == 0 ? nil : clip
    return switch cell {
    case "rnn":
      try RNN<Float>(
        inputSize: I, hiddenSize: H, bidirectional: bidirectional, activation: activation("f"),
        bias: bias, gateClamp: clip, seed: 0)
    case "gru":
      try GRU<Float>(
        inputSize: I, hiddenSize: H, bidirectional: bidirectional,
        reset: reset == "after" ? .afterProduct : .beforeProduct, activation: activation("f"),
        candidateActivation: activation("g"), bias: bias, gateClamp: clip, seed: 0)
    default:
      try LSTM<Float>(
        inputSize: I, hiddenSize: H, bidirectional: bidirectional,
        peepholes: peepholes, coupledGates: coupled, activation: activation("f"),
        candidateActivation: activation("g"), outputActivation: activation("h"), bias: bias,
        gateClamp: clip, seed: 0)
    }
  }

  private func deviation<Network: RecurrentNetwork<Float>>(of network: Network) throws -> Double {
    let state = try h0.map {
      try network.state(batchSize: B, hidden: $0.map { Float($0) }, cell: c0?.map { Float($0) })
    }
    let result = try network(
      SequenceBatch(steps: T, batchSize: B, features: I, elements: x.map { Float($0) }),
      lengths: lengths, initialState: state)
    var deviation = Deviation(
      operations: network.operations(T: T, B: B).forward, epsilon: Double(Float.ulpOfOne))
    deviation.add(result.outputs.matrix.elements, y)
    deviation.add(result.finalState.hidden.elements, hT)
    deviation.add(result.finalState.cellState?.elements, cT)
    return deviation.largest
  }
}

extension RecurrentNetwork {
  func operations(T: Int, B: Int) -> NetworkOperations {
    NetworkOperations(
      T: T, B: B, I: inputSize, H: hiddenSize, P: configuration.stateSize,
      G: configuration.gateCount, L: configuration.layers, D: configuration.directions)
  }

  func state(batchSize: Int, hidden: [Scalar], cell: [Scalar]?) throws -> State {
    var state = try zeroState(batchSize: batchSize)
    state.hidden = try Matrix(
      rows: state.hidden.rows, columns: state.hidden.columns, elements: hidden)
    if var withCell = state as? LSTMState<Scalar> {
      withCell.cell = try Matrix(
        rows: withCell.cell.rows, columns: withCell.cell.columns, elements: cell!)
      state = withCell as! State
    }
    return state
  }
}
