// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension ImportedModel {
  /// RTNeural's models: a list of layers, one after another, with Keras's weights and an activation after each.
  init(rtNeural json: ImportedJSON) throws(FileError) {
    let extras = try AIDAX(json)
    try json.allow(["in_shape", "layers"] + AIDAX.keys)
    let input = try json.value("in_shape").elements()
    guard let features = input.last else { throw json.refuse("in_shape is empty") }
    var parts = ModelParts<Scalar>(inputSize: try features.size())
    var channels = try features.size()
    extras.addInputGain(to: &parts, channels)
    let signal = parts.last
    let layers = try json.value("layers").elements()
    guard !layers.isEmpty else { throw json.refuse("layers is empty") }
    for (index, layer) in layers.enumerated() {
      let found = try RTNeuralLayer(layer, inputs: channels)
      let type = try layer.value("type").string().replacing("-", with: "_")
      let name = "\(type)_\(index)"
      parts.add(name, found.layer, parameters: found.parameters)
      channels = found.channels
      if let activation = found.activation { parts.add("\(name)_activation", activation) }
      guard try layer.value("shape").elements().last?.size() == channels else {
        throw try layer.value("shape").refuse("does not end in \(channels)")
      }
    }
    try extras.addSkip(to: &parts, of: signal, inputs: features.size(), outputs: channels, json)
    extras.addOutputGain(to: &parts, channels)
    try self.init(
      extras.isEmpty ? .rtNeural : .aidaX, parts, sampleRate: extras.sampleRate, path: json.path)
  }
}

/// A layer of RTNeural as a node.
struct RTNeuralLayer {
  var layer: ModelLayer
  var parameters: [String: [Double]]

  /// The number of channels of the output.
  var channels: Int

  /// The layer of the activation after this one, if there is one.
  var activation: ModelLayer?

  /// Reads a layer from its JSON and the number of its input channels.
  init(_ json: ImportedJSON, inputs: Int) throws(FileError) {
    switch try json.value("type").string() {
    case "dense", "time-distributed-dense": self = try Self.dense(json, inputs)
    case "conv1d": self = try Self.convolution(json, inputs)
    case "gru": self = try Self.network(.gru, json, inputs)
    case "lstm": self = try Self.network(.lstm, json, inputs)
    case "batchnorm": self = try Self.batchNormalization(json, inputs)
    case "prelu": self = try Self.prelu(json, inputs)
    case "activation": self = try Self.activation(json, inputs)
    case let type:
      throw json.refuse(
        "type is \(type), expected one of activation, batchnorm, conv1d, dense, gru, lstm, prelu, "
          + "time-distributed-dense")
    }
  }

  init(
    layer: ModelLayer, parameters: [String: [Double]] = [:], channels: Int,
    activation: ModelLayer? = nil
  ) {
    self.layer = layer
    self.parameters = parameters
    self.channels = channels
    self.activation = activation
  }

  private static let keys = ["type", "activation", "shape", "weights"]

  /// The layer of an activation by its name; nil for none.
  private static func activation(of json: ImportedJSON) throws(FileError) -> ModelLayer? {
    let name = try json.value("activation").string()
    let layers: [String: ModelLayer] = [
      "tanh": .activation(.tanh), "relu": .activation(.relu), "sigmoid": .activation(.sigmoid),
      "elu": .activation(.elu(alpha: 1)), "softmax": .softmax,
    ]
    if name.isEmpty || name == "linear" { return nil }
    guard let layer = layers[name] else {
      let known = layers.keys.sorted().joined(separator: ", ")
      throw json.refuse("activation is \(name), expected one of \(known)")
    }
    return layer
  }

  private static func dense(
    _ json: ImportedJSON, _ inputs: Int
  ) throws(FileError) -> RTNeuralLayer {
    try json.allow(keys)
    let weights = try json.value("weights").elements()
    guard 1...2 ~= weights.count else {
      throw json.refuse("has \(weights.count) weights, expected 1 or 2")
    }
    let (shape, kernel) = try weights[0].numbers()
    guard shape.count == 2, shape[0] == inputs else {
      throw weights[0].refuse("has shape \(shape), expected \(inputs) rows")
    }
    var parameters = ["weight": KerasLayout.permuted(kernel, shape)]
    if weights.count == 2 { parameters["bias"] = try weights[1].numbers([shape[1]]) }
    return try RTNeuralLayer(
      layer: .dense(size: shape[1], bias: weights.count == 2), parameters: parameters,
      channels: shape[1], activation: activation(of: json))
  }

  /// The padding is causal.
  private static func convolution(
    _ json: ImportedJSON, _ inputs: Int
  ) throws(FileError) -> RTNeuralLayer {
    try json.allow(keys + ["kernel_size", "dilation", "groups"])
    let weights = try json.value("weights").elements()
    guard weights.count == 2 else {
      throw json.refuse("has \(weights.count) weights, expected 2")
    }
    let groups = json.has("groups") ? try json.value("groups").size() : 1
    let (shape, kernel) = try weights[0].numbers()
    guard shape.count == 3, inputs.isMultiple(of: groups), shape[1] == inputs / groups,
      try json.value("kernel_size").elements().map({ json throws(FileError) in try json.size() })
        == [shape[0]]
    else {
      throw weights[0].refuse("has shape \(shape), which does not fit the sizes of the layer")
    }
    let (K, C, O) = (shape[0], shape[1], shape[2])
    let dilations = try json.value("dilation").elements()
    guard dilations.count == 1 else { throw json.refuse("has \(dilations.count) dilations") }
    var convolution = Convolution.causal(
      outputSize: O, kernelSize: K, dilation: try dilations[0].size())
    convolution.groups = groups
    let weight = KerasLayout.permuted(kernel, [K, C, O])
    return try RTNeuralLayer(
      layer: .convolution(convolution),
      parameters: ["weight": weight, "bias": weights[1].numbers([O])], channels: O,
      activation: activation(of: json))
  }

  private static func network(
    _ cell: NetworkConfiguration.Cell, _ json: ImportedJSON, _ inputs: Int
  ) throws(FileError) -> RTNeuralLayer {
    try json.allow(keys)
    let name = try json.value("activation").string()
    guard name == "tanh" else {
      throw json.refuse("activation is \(name), expected tanh")
    }
    let weights = try json.value("weights").elements()
    guard weights.count == 3 else {
      throw json.refuse("has \(weights.count) weights, expected 3")
    }
    let (shape, kernel) = try weights[0].numbers()
    let gates = cell == .gru ? 3 : 4
    guard shape.count == 2, shape[0] == inputs, shape[1].isMultiple(of: gates), shape[1] > 0 else {
      throw weights[0].refuse("has shape \(shape), expected \(inputs) rows")
    }
    let H = shape[1] / gates
    let recurrent = try weights[1].numbers([H, gates * H])
    let bias = try weights[2].numbers(cell == .gru ? [2, gates * H] : [gates * H])
    let configuration = NetworkConfiguration(cell, inputSize: inputs, hiddenSize: H)
    let parameters = try FileError.on(json.path, "cannot be read") { () throws(RecurError) in
      try configuration.parameters(fromKeras: kernel + recurrent + bias)
    }
    return RTNeuralLayer(layer: .network(configuration), parameters: parameters, channels: H)
  }

  /// With γ and β or without: w = γ / √(variance + ε) and b = β − mean w.
  private static func batchNormalization(
    _ json: ImportedJSON, _ inputs: Int
  ) throws(FileError) -> RTNeuralLayer {
    try json.allow(keys + ["epsilon"])
    let all = try json.value("weights").elements()
    guard all.count == 4 || all.count == 2 else {
      throw json.refuse("has \(all.count) weights, expected 2 or 4")
    }
    let lists = try all.map { json throws(FileError) in try json.numbers([inputs]) }
    let (mean, variance) = (lists[lists.count - 2], lists[lists.count - 1])
    let epsilon = try json.value("epsilon").number()
    let (gamma, beta) =
      lists.count == 4
      ? (lists[0], lists[1])
      : (Array(repeating: 1, count: inputs), Array(repeating: 0, count: inputs))
    let (weight, bias) = BatchNormalization(
      gamma: gamma, beta: beta, mean: mean, variance: variance, epsilon: epsilon
    ).scale
    return try RTNeuralLayer(
      layer: .scale, parameters: ["weight": weight, "bias": bias], channels: inputs,
      activation: activation(of: json))
  }

  private static func prelu(
    _ json: ImportedJSON, _ inputs: Int
  ) throws(FileError) -> RTNeuralLayer {
    try json.allow(keys)
    let weights = try json.value("weights").elements()
    guard weights.count == 1, case let (shape, slopes) = try weights[0].numbers(),
      shape == [1, inputs] || shape == [1, 1]
    else { throw json.refuse("has no weights of shape [1, \(inputs)] or [1, 1]") }
    return try RTNeuralLayer(
      layer: .prelu(shared: slopes.count < inputs), parameters: ["weight": slopes],
      channels: inputs, activation: activation(of: json))
  }

  private static func activation(
    _ json: ImportedJSON, _ inputs: Int
  ) throws(FileError) -> RTNeuralLayer {
    try json.allow(keys)
    guard try json.value("weights").elements().isEmpty else {
      throw json.refuse("has weights, expected none")
    }
    return RTNeuralLayer(
      layer: try activation(of: json) ?? .activation(.identity), channels: inputs)
  }
}
