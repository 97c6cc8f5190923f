// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension ImportedModel {
  /// GuitarML's models: y = W h + b, plus the first inputs if `skip` says so, where h are the outputs of a
  /// network. `state_dict` has PyTorch's names: `rec.weight_ih_l0`, `lin.weight`, ….
  init(guitarML json: ImportedJSON) throws(FileError) {
    try json.allow(["model_data", "state_dict"])
    let data = try json.value("model_data")
    try data.allow([
      "model", "input_size", "skip", "output_size", "unit_type", "num_layers", "hidden_size",
      "bias_fl",
    ])
    guard try data.value("model").string() == "SimpleRNN" else {
      throw try data.value("model").refuse("is \(data.value("model").string()), expected SimpleRNN")
    }
    let network = try data.network()
    let outputs = try data.value("output_size").size()
    var parts = ModelParts<Scalar>(inputSize: network.inputSize)
    let weights = try json.value("state_dict")
    let (recurrent, linear) = try weights.stateDict(of: network, outputs)
    parts.add("rec", .network(network), parameters: recurrent)
    parts.add("lin", .dense(size: outputs), parameters: linear)
    try parts.addSkip(data.skip(), network.inputSize, outputs, json)
    try self.init(.guitarML, parts, path: json.path)
  }
}

extension ModelParts {
  /// Adds the first `skip` inputs to the last node.
  fileprivate mutating func addSkip(
    _ skip: Int, _ inputs: Int, _ outputs: Int, _ json: ImportedJSON
  ) throws(FileError) {
    guard skip > 0 else { return }
    guard skip <= inputs, skip == outputs else {
      throw json.refuse("skip is \(skip), expected the number of outputs, \(outputs)")
    }
    let output = last
    if skip < inputs { add("dry", .slice(0..<skip), of: ["x"]) }
    add("y", .add, of: [output, skip < inputs ? "dry" : "x"])
  }
}

extension ImportedJSON {
  fileprivate func skip() throws(FileError) -> Int {
    let number = try value("skip").number()
    return number == 0 ? 0 : try value("skip").size()
  }

  fileprivate func network() throws(FileError) -> NetworkConfiguration {
    let type = try value("unit_type").string()
    let cells: [String: NetworkConfiguration.Cell] = ["LSTM": .lstm, "GRU": .gru, "RNN": .simple]
    guard let cell = cells[type] else {
      throw refuse("unit_type is \(type), expected \(cells.keys.sorted().joined(separator: ", "))")
    }
    var network = NetworkConfiguration(
      cell, inputSize: try value("input_size").size(), hiddenSize: try value("hidden_size").size())
    network.layers = try value("num_layers").size()
    if has("bias_fl") { network.bias = try value("bias_fl").flag() }
    return network
  }

  /// Returns the parameters of the network and of the linear layer. No other may remain.
  fileprivate func stateDict(
    of network: NetworkConfiguration, _ outputs: Int
  ) throws(FileError) -> (recurrent: [String: [Double]], linear: [String: [Double]]) {
    // Each layer has several; without them, its slices are not listed.
    guard network.layers <= count else {
      throw refuse("has \(count) entries, too few for \(network.layers) layers")
    }
    var recurrent: [String: [Double]] = [:]
    let shapes = try FileError.on(path, "describes an invalid network") { () throws(RecurError) in
      try network.parameterSlices
    }
    for slice in shapes {
      recurrent[slice.name] = try value("rec.\(slice.name)").numbers(slice.shape)
    }
    let linear = try [
      "weight": value("lin.weight").numbers([outputs, network.hiddenSize]),
      "bias": value("lin.bias").numbers([outputs]),
    ]
    try allow(shapes.map { "rec.\($0.name)" } + ["lin.weight", "lin.bias"])
    return (recurrent, linear)
  }
}
