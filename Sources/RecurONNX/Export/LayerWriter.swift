// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

// Layers with parameters, and activations, as nodes of ONNX.

extension ModelWriter {
  mutating func dense(
    _ node: ModelNode, _ size: Int, _ bias: Bool, _ source: WrittenValue
  ) throws(Refusal) -> WrittenValue {
    let (weight, columns) = (try elements(node, "weight"), source.columns)
    let transposed = (0..<columns * size).lazy.map { weight[$0 % size * columns + $0 / size] }
    let matrix = writer.tensor("\(node.name).weight", [columns, size], transposed)
    var result = writer.add("MatMul", [source.name, matrix])
    if bias {
      let vector = writer.tensor("\(node.name).bias", [size], try elements(node, "bias"))
      result = writer.add("Add", [result, vector])
    }
    return WrittenValue(name: result, channels: size, steps: source.steps)
  }

  /// Writes a layer whose parameters are those of channels.
  mutating func perChannel(_ node: ModelNode, _ source: WrittenValue) throws(Refusal)
    -> WrittenValue
  {
    let x = split(source)
    let result: String
    switch node.layer {
    case .softmax: result = writer.add("Softmax", [x], [("axis", .integer(-1))])
    case .prelu: result = writer.add("PRelu", [x, try channels(node, "weight")])
    case .layerNormalization(let epsilon):
      result = writer.add(
        "LayerNormalization", [x, try channels(node, "weight"), try channels(node, "bias")],
        [("axis", .integer(-1)), ("epsilon", .float(epsilon))])
    default:
      let product = writer.add("Mul", [x, try channels(node, "weight")])
      result = writer.add("Add", [product, try channels(node, "bias")])
    }
    return join(source.named(result))
  }

  private mutating func channels(_ node: ModelNode, _ part: String) throws(Refusal) -> String {
    let list = try elements(node, part)
    return writer.tensor("\(node.name).\(part)", [list.count], list)
  }

  mutating func apply(_ activation: Activation, to x: String) -> String {
    switch activation {
    case .tanh: return writer.add("Tanh", [x])
    case .sigmoid: return writer.add("Sigmoid", [x])
    case .relu: return writer.add("Relu", [x])
    case .identity: return x
    case .affine(let alpha, let beta):
      return writer.add(
        "Add", [writer.add("Mul", [x, writer.scalar(alpha)]), writer.scalar(beta)])
    case .leakyRelu(let alpha): return writer.add("LeakyRelu", [x], [("alpha", .float(alpha))])
    case .thresholdedRelu(let alpha):
      return writer.add("ThresholdedRelu", [x], [("alpha", .float(alpha))])
    case .scaledTanh(let alpha, let beta):
      let inner = writer.add("Tanh", [writer.add("Mul", [x, writer.scalar(beta)])])
      return writer.add("Mul", [inner, writer.scalar(alpha)])
    case .hardSigmoid(let alpha, let beta):
      return writer.add("HardSigmoid", [x], [("alpha", .float(alpha)), ("beta", .float(beta))])
    case .elu(let alpha): return writer.add("Elu", [x], [("alpha", .float(alpha))])
    case .softsign: return writer.add("Softsign", [x])
    case .softplus: return writer.add("Softplus", [x])
    case .hardTanh(let low, let high):
      return writer.add("Clip", [x, writer.scalar(low), writer.scalar(high)])
    case .silu: return writer.add("Mul", [x, writer.add("Sigmoid", [x])])
    }
  }
}

// Convolutions

extension ModelWriter {
  mutating func convolution(
    _ node: ModelNode, _ convolution: Convolution, _ source: WrittenValue
  ) throws(Refusal) -> WrittenValue {
    let overSteps = convolution.axis == .steps
    var value = source
    value.channels = convolution.outputSize
    var x: String
    if overSteps {
      x = writer.add("Transpose", [source.name], [("perm", .integers([1, 2, 0]))])
    } else {
      let rows = writer.add(
        "Reshape", [source.name, writer.list([-1, source.positions, source.channels])])
      x = writer.add("Transpose", [rows], [("perm", .integers([0, 2, 1]))])
    }
    x = try convolve(node, convolution, x, source.channels)
    if overSteps {
      if !convolution.keepsCount { value.steps = .name("\(node.name).steps") }
      return value.named(writer.add("Transpose", [x], [("perm", .integers([2, 0, 1]))]))
    }
    let reach = convolution.dilation * (convolution.kernelSize - 1) + 1
    let padded = source.positions + convolution.before + convolution.after
    value.positions = (padded - reach) / convolution.stride + 1
    let ordered = writer.add("Transpose", [x], [("perm", .integers([0, 2, 1]))])
    let rows = writer.add(
      "Slice", [writer.add("Shape", [source.name]), writer.list([0]), writer.list([2])])
    let shape = writer.add("Concat", [rows, writer.list([value.columns])], [("axis", .integer(0))])
    return value.named(writer.add("Reshape", [ordered, shape]))
  }

  private mutating func convolve(
    _ node: ModelNode, _ convolution: Convolution, _ x: String, _ channels: Int
  ) throws(Refusal) -> String {
    var (x, pads) = (x, [convolution.before, convolution.after])
    if convolution.padding != .zeros, pads != [0, 0] {
      let all = writer.list([0, 0, pads[0], 0, 0, pads[1]])
      let mode = convolution.padding == .reflect ? "reflect" : "edge"
      x = writer.add("Pad", [x, all], [("mode", .string(mode))])
      pads = [0, 0]
    }
    let dims = [convolution.outputSize, channels / convolution.groups, convolution.kernelSize]
    var inputs = [x, writer.tensor("\(node.name).weight", dims, try elements(node, "weight"))]
    if convolution.bias {
      inputs.append(writer.tensor("\(node.name).bias", [dims[0]], try elements(node, "bias")))
    }
    return writer.add(
      "Conv", inputs,
      [
        ("dilations", .integers([convolution.dilation])), ("group", .integer(convolution.groups)),
        ("kernel_shape", .integers([convolution.kernelSize])), ("pads", .integers(pads)),
        ("strides", .integers([convolution.stride])),
      ])
  }
}

extension Convolution {
  /// Whether there are as many outputs as inputs.
  fileprivate var keepsCount: Bool {
    stride == 1 && before + after == dilation * (kernelSize - 1)
  }
}

// Networks

/// A network, and the names of its states that are inputs of the ONNX model.
private struct WrittenNetwork {
  let name: String
  let configuration: NetworkConfiguration
  let states: [String]

  init(_ node: ModelNode, _ configuration: NetworkConfiguration, states: Bool) {
    name = node.name
    self.configuration = configuration
    let parts = configuration.cell == .lstm ? ["h", "c"] : ["h"]
    self.states = states ? parts.map { "\(node.name).\($0)" } : []
  }

  var stateShape: [GraphWriter.Dimension] {
    [
      .size(configuration.layers * configuration.directions), .name("sequences"),
      .size(configuration.hiddenSize),
    ]
  }

  /// The end of the name of a layer's final state: those of several layers are joined.
  func suffix(_ layer: Int) -> String { configuration.layers > 1 ? ".\(layer)" : "" }
}

extension ModelWriter {
  mutating func network(
    _ node: ModelNode, _ configuration: NetworkConfiguration, _ source: WrittenValue
  ) throws(Refusal) -> WrittenValue {
    guard configuration.cellClamp == nil else { throw Refusal("clamps the cell state") }
    let parameters = try foreign(node, configuration)
    let attributes = try configuration.attributes
    let network = WrittenNetwork(node, configuration, states: states)
    for state in network.states {
      writer.input(state, .float, network.stateShape)
    }
    var x = source.name
    for layer in 0..<configuration.layers {
      var inputs = [x]
      for part in ["W", "R", "B"] { inputs.append(tensor(part, layer, parameters, network)) }
      inputs.append("")
      for state in ["h", "c"] { inputs.append(initial(state, layer, network)) }
      inputs.append(tensor("P", layer, parameters, network))
      while inputs.last == "" { inputs.removeLast() }
      let y = writer.add(
        configuration.operatorName, inputs, attributes,
        more: network.states.map { "\($0).final\(network.suffix(layer))" })
      let ordered = writer.add("Transpose", [y], [("perm", .integers([0, 2, 1, 3]))])
      x = writer.add("Reshape", [ordered, writer.list([0, 0, configuration.outputSize])])
    }
    for state in network.states { writeFinal(state, network) }
    return WrittenValue(name: x, channels: configuration.outputSize, steps: source.steps)
  }

  /// Writes a part of the parameters of a layer; empty if the network does not have it.
  private mutating func tensor(
    _ part: String, _ layer: Int, _ parameters: ParameterVector<Scalar>, _ network: WrittenNetwork
  ) -> String {
    guard let matrix = parameters["\(part)_l\(layer)"] else { return "" }
    let d = network.configuration.directions
    let dims =
      part == "B" || part == "P"
      ? [d, matrix.elements.count / d] : [d, matrix.rows / d, matrix.columns]
    return writer.tensor(
      "\(network.name).\(part)_l\(layer)", dims, matrix.elements.map { Float($0) })
  }

  /// Writes the initial state of a layer; empty if it is 0.
  private mutating func initial(
    _ part: String, _ layer: Int, _ network: WrittenNetwork
  ) -> String {
    let (state, d) = ("\(network.name).\(part)", network.configuration.directions)
    guard network.states.contains(state) else { return "" }
    guard network.configuration.layers > 1 else { return state }
    return writer.add(
      "Slice",
      [state, writer.list([layer * d]), writer.list([(layer + 1) * d]), writer.list([0])])
  }

  /// Writes the final state of all layers.
  private mutating func writeFinal(_ state: String, _ network: WrittenNetwork) {
    let layers = network.configuration.layers
    if layers > 1 {
      _ = writer.add(
        "Concat", (0..<layers).map { "\(state).final\(network.suffix($0))" },
        [("axis", .integer(0))], output: "\(state).final")
    }
    writer.output("\(state).final", network.stateShape)
  }

  /// The parameters of a network in ONNX's layout.
  private func foreign(
    _ node: ModelNode, _ configuration: NetworkConfiguration
  ) throws(Refusal) -> ParameterVector<Scalar> {
    do throws(RecurError) {
      var network = try configuration.network(of: Scalar.self)
      for slice in network.parameters.slices {
        guard let matrix = model.parameters["\(node.name).\(slice.name)"] else {
          throw .outOfMemory(reason: "memory for \(slice.name) cannot be allocated")
        }
        try network.parameters.set(slice.name, to: matrix)
      }
      return try network.parameters(in: .onnx)
    } catch { throw Refusal("\(error)") }
  }
}

extension NetworkConfiguration {
  fileprivate var operatorName: String { cell == .simple ? "RNN" : cell == .gru ? "GRU" : "LSTM" }

  fileprivate var attributes: [(String, GraphWriter.Attribute)] {
    get throws(Refusal) {
      var attributes: [(String, GraphWriter.Attribute)] = [
        ("hidden_size", .integer(hiddenSize)),
        ("direction", .string(bidirectional ? "bidirectional" : "forward")),
      ]
      if let gateClamp { attributes.append(("clip", .float(gateClamp))) }
      if cell == .gru {
        attributes.append(("linear_before_reset", .integer(reset == .afterProduct ? 1 : 0)))
      }
      if coupledGates { attributes.append(("input_forget", .integer(1))) }
      var (names, alphas, betas) = ([String](), [Double](), [Double]())
      let each = [activation, candidateActivation, outputActivation].prefix(
        cell == .lstm ? 3 : cell == .gru ? 2 : 1)
      for phi in (0..<directions).flatMap({ _ in each }) {
        let (name, alpha, beta) = try phi.inONNX
        names.append(name)
        if let alpha { alphas.append(alpha) }
        if let beta { betas.append(beta) }
      }
      attributes.append(("activations", .strings(names)))
      if !alphas.isEmpty { attributes.append(("activation_alpha", .floats(alphas))) }
      if !betas.isEmpty { attributes.append(("activation_beta", .floats(betas))) }
      return attributes
    }
  }
}

extension Activation {
  /// The name and the constants of an activation within a recurrent operator.
  fileprivate var inONNX: (String, Double?, Double?) {
    get throws(Refusal) {
      switch self {
      case .tanh: ("Tanh", nil, nil)
      case .sigmoid: ("Sigmoid", nil, nil)
      case .relu: ("Relu", nil, nil)
      case .identity: ("Affine", 1, 0)
      case .affine(let alpha, let beta): ("Affine", alpha, beta)
      case .leakyRelu(let alpha): ("LeakyRelu", alpha, nil)
      case .thresholdedRelu(let alpha): ("ThresholdedRelu", alpha, nil)
      case .scaledTanh(let alpha, let beta): ("ScaledTanh", alpha, beta)
      case .hardSigmoid(let alpha, let beta): ("HardSigmoid", alpha, beta)
      case .elu(let alpha): ("Elu", alpha, nil)
      case .softsign: ("Softsign", nil, nil)
      case .softplus: ("Softplus", nil, nil)
      case .hardTanh, .silu:
        throw Refusal("has the activation \(self), which ONNX's networks do not have")
      }
    }
  }
}
