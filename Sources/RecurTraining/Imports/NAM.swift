// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension ImportedModel {
  /// Neural Amp Modeler's LSTMs. `weights` is one list: for each layer the matrix [W_ih, W_hh] (4H x I + H,
  /// gates i f g o), the bias (4H), and the initial h and c (H each); then the weight of the head and its bias.
  init(nam json: ImportedJSON) throws(FileError) {
    try json.allow([
      "version", "metadata", "architecture", "config", "weights", "sample_rate",
    ])
    let architecture = try json.value("architecture").string()
    guard architecture == "LSTM" else {
      throw json.refuse("architecture is \(architecture), expected LSTM")
    }
    let config = try json.value("config")
    try config.allow(["input_size", "hidden_size", "num_layers"])
    var network = NetworkConfiguration(
      .lstm, inputSize: try config.value("input_size").size(),
      hiddenSize: try config.value("hidden_size").size())
    network.layers = try config.value("num_layers").size()
    var list = try NumberList(json.value("weights"))
    var parts = ModelParts<Scalar>(inputSize: network.inputSize)
    let (parameters, states) = try list.layers(of: network)
    parts.add("lstm", .network(network), parameters: parameters)
    let head = try ["weight": list.take(network.hiddenSize), "bias": list.take(1)]
    parts.add("head", .dense(size: 1), parameters: head)
    try list.finish()
    let rate = json.has("sample_rate") ? try json.value("sample_rate").number() : nil
    try self.init(.nam, parts, initialState: states, sampleRate: rate, path: json.path)
  }
}

/// A list of numbers that is taken from its beginning.
private struct NumberList {
  private let json: ImportedJSON
  private var rest: ArraySlice<Double>

  init(_ json: ImportedJSON) throws(FileError) {
    self.json = json
    let (shape, numbers) = try json.numbers()
    guard shape.count == 1 else { throw json.refuse("has shape \(shape), expected one dimension") }
    rest = numbers[...]
  }

  mutating func take(_ count: Int) throws(FileError) -> [Double] {
    guard count <= rest.count else { throw json.refuse("has fewer numbers than the model needs") }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// Takes a matrix of two blocks of columns.
  mutating func take(
    rows: Int, columns: (Int, Int)
  ) throws(FileError) -> (left: [Double], right: [Double]) {
    let both = try take(rows * (columns.0 + columns.1))
    var (left, right): ([Double], [Double]) = ([], [])
    left.reserveCapacity(rows * columns.0)
    right.reserveCapacity(rows * columns.1)
    for start in stride(from: 0, to: both.count, by: columns.0 + columns.1) {
      left += both[start..<start + columns.0]
      right += both[start + columns.0..<start + columns.0 + columns.1]
    }
    return (left, right)
  }

  func finish() throws(FileError) {
    guard rest.isEmpty else {
      throw json.refuse("has \(rest.count) more numbers than the model needs")
    }
  }

  /// Takes the parameters and the initial states of all layers.
  mutating func layers(
    of network: NetworkConfiguration
  ) throws(FileError) -> (parameters: [String: [Double]], states: [String: [Double]]) {
    var parameters: [String: [Double]] = [:]
    var states: [String: [Double]] = ["lstm.h": [], "lstm.c": []]
    // Each layer has 2 matrices and 2 biases.
    parameters.reserveCapacity(4 * min(network.layers, rest.count))
    let H = network.hiddenSize
    for layer in 0..<network.layers {
      let inputs = layer == 0 ? network.inputSize : H
      let (inputWeight, stateWeight) = try take(rows: 4 * H, columns: (inputs, H))
      parameters["weight_ih_l\(layer)"] = inputWeight
      parameters["weight_hh_l\(layer)"] = stateWeight
      parameters["bias_ih_l\(layer)"] = try take(4 * H)
      parameters["bias_hh_l\(layer)"] = Array(repeating: 0, count: 4 * H)
      states["lstm.h"]! += try take(H)
      states["lstm.c"]! += try take(H)
    }
    return (parameters, states)
  }
}
