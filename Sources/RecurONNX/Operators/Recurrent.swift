// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

// RNN, GRU and LSTM: X, W, R, B, sequence_lens, initial_h, initial_c, P.

/// The sizes and options of a recurrent operator.
private struct Recurrent {
  var configuration: NetworkConfiguration
  var directions: Int
  var isBatchFirst: Bool

  init(_ call: Call, _ cell: NetworkConfiguration.Cell, input: Int) throws(Refusal) {
    let names = ["forward": 1, "bidirectional": 2]
    let direction = try call.string("direction", default: "forward")
    guard let directions = names[direction] else {
      throw Refusal(
        "has the direction \(direction), and Recur has no network of that direction alone")
    }
    let layout = try call.integer("layout", default: 0)
    guard layout == 0 || layout == 1 else { throw Refusal("has the layout \(layout)") }
    isBatchFirst = layout == 1
    self.directions = directions
    let r = try call.constant(2).knownDims
    guard r.count == 3, r[2] >= 1, r[0] == directions,
      try call.integer("hidden_size", default: r[2]) == r[2]
    else { throw Refusal("has a tensor R of the shape \(r)") }
    configuration = NetworkConfiguration(cell, inputSize: input, hiddenSize: r[2])
    configuration.bidirectional = directions == 2
    configuration.bias = call.optional(3) != nil
    try readOptions(call)
    try checkShapes(call)
  }

  private mutating func readOptions(_ call: Call) throws(Refusal) {
    let clip = try call.float("clip", default: 0)
    guard clip >= 0 else { throw Refusal("has the clip \(clip)") }
    configuration.gateClamp = clip == 0 ? nil : clip
    if configuration.cell == .gru {
      configuration.reset =
        try call.integer("linear_before_reset", default: 0) == 0 ? .beforeProduct : .afterProduct
    }
    if configuration.cell == .lstm {
      configuration.coupledGates = try call.integer("input_forget", default: 0) != 0
      configuration.peepholes = call.optional(7) != nil
    }
    let activations = try call.activations()
    let each = configuration.cell == .lstm ? 3 : configuration.cell == .gru ? 2 : 1
    guard !activations.isEmpty else { return }
    guard activations.count == directions * each,
      activations.prefix(each) == activations.suffix(each)
    else {
      throw Refusal(
        "has \(activations.count) activations, expected \(each), the same in each direction")
    }
    configuration.activation = activations[0]
    if each > 1 { configuration.candidateActivation = activations[1] }
    if each > 2 { configuration.outputActivation = activations[2] }
  }

  /// The number of rows of W and R for each direction. A coupled LSTM has four gates in ONNX, too.
  private var rows: Int {
    (configuration.coupledGates ? 4 : configuration.gateCount) * configuration.hiddenSize
  }

  private func checkShapes(_ call: Call) throws(Refusal) {
    let (h, d, input) = (configuration.hiddenSize, directions, configuration.inputSize)
    let expected = [1: [d, rows, input], 2: [d, rows, h], 3: [d, 2 * rows], 7: [d, 3 * h]]
    for (k, dims) in expected.sorted(by: { $0.key < $1.key }) {
      guard let constant = try call.optionalConstant(k) else { continue }
      guard try constant.knownDims == dims, constant.type.isFloating else {
        throw Refusal(
          "has an input \(k + 1) of the shape \(describe(constant.dims)), expected \(dims)")
      }
    }
  }
}

extension Call {
  /// The activations with their constants, which are listed in the order of the activations that have them.
  fileprivate func activations() throws(Refusal) -> [Activation] {
    let names = node.attributes["activations"]?.strings ?? []
    var alphas = (node.attributes["activation_alpha"]?.floats ?? []).map(shortest)[...]
    var betas = (node.attributes["activation_beta"]?.floats ?? []).map(shortest)[...]
    var result: [Activation] = []
    for name in names {
      let alpha = { (value: Double) in alphas.popFirst() ?? value }
      let beta = { (value: Double) in betas.popFirst() ?? value }
      switch name.lowercased() {
      case "tanh": result.append(.tanh)
      case "sigmoid": result.append(.sigmoid)
      case "relu": result.append(.relu)
      case "affine": result.append(.affine(alpha: alpha(1), beta: beta(0)))
      case "leakyrelu": result.append(.leakyRelu(alpha: alpha(0.01)))
      case "thresholdedrelu": result.append(.thresholdedRelu(alpha: alpha(1)))
      case "scaledtanh": result.append(.scaledTanh(alpha: alpha(1), beta: beta(1)))
      case "hardsigmoid": result.append(.hardSigmoid(alpha: alpha(0.2), beta: beta(0.5)))
      case "elu": result.append(.elu(alpha: alpha(1)))
      case "softsign": result.append(.softsign)
      case "softplus": result.append(.softplus)
      default: throw Refusal("has the activation \(name), which is not supported")
      }
    }
    guard alphas.isEmpty, betas.isEmpty else {
      throw Refusal("has more constants than its activations")
    }
    return result
  }
}

/// Returns the lowering of a recurrent operator.
private func network(_ cell: NetworkConfiguration.Cell) -> Operation.Lower {
  { lowering, call throws(Refusal) in
    let x = try call.tracked(0)
    guard x.axes.count == 3 else {
      throw Refusal("has an input of \(x.axes.count) axes, expected 3")
    }
    let recurrent = try Recurrent(call, cell, input: x.columns)
    let (steps, sequences) = recurrent.isBatchFirst ? (1, 0) : (0, 1)
    guard x.axes[steps] == (x.steps.isOne ? [] : [.steps]),
      x.axes[sequences] == (x.sequences.isOne ? [] : [.sequences]), !x.isPerSequence,
      x.axes[2].count == x.columnFactors.count
    else {
      throw Refusal(
        "has an input with the axes \(x.axes.map(names)), expected steps, sequences, channels")
    }
    try checkLengths(call, x)
    let node = lowering.builder.add(.network(recurrent.configuration), of: [x.node])
    lowering.builder[node].weights = try weights(call, x)
    var parts = [StatePart.Kind.hidden]
    if cell == .lstm { parts.append(.cell) }
    var outputs = [recurrent.outputs(lowering, x, node)]
    for (k, kind) in parts.enumerated() {
      let part = StatePart(
        node: node, kind: kind, directions: recurrent.directions,
        size: recurrent.configuration.hiddenSize)
      outputs.append(try recurrent.state(lowering, call, x, part, initial: 5 + k))
    }
    return outputs
  }
}

/// Lengths must be those of whole sequences: ONNX computes later layers past the end of a sequence, Recur does not.
private func checkLengths(_ call: Call, _ x: Tracked) throws(Refusal) {
  guard let lengths = call.optional(4) else { return }
  guard let constant = lengths.constant, let steps = x.steps.number,
    try constant.numbers().elements.allSatisfy({ $0 == steps })
  else { throw Refusal("has sequence_lens, which is not supported") }
}

private func weights(_ call: Call, _ x: Tracked) throws(Refusal) -> RecurrentWeights {
  func parameter(_ k: Int) throws(Refusal) -> Parameter? {
    guard let constant = try call.optionalConstant(k) else { return nil }
    return Parameter { () throws(Refusal) in try constant.values().elements }
  }
  let (w, order) = (try call.constant(1), x.columnOrder(ofAxis: 2))
  let reordered = Parameter { () throws(Refusal) in
    let (elements, n) = (try w.values().elements, order.count)
    guard order != Array(0..<n) else { return elements }
    return elements.indices.map { elements[$0 / n * n + order[$0 % n]] }
  }
  guard let r = try parameter(2) else { throw Refusal("has no R") }
  return RecurrentWeights(w: reordered, r: r, b: try parameter(3), p: try parameter(7))
}

extension Recurrent {
  /// Y: steps, directions, sequences, channels; or sequences, steps, directions, channels.
  fileprivate func outputs(_ lowering: Lowering, _ x: Tracked, _ node: Int) -> Value {
    var y = x
    y.node = node
    y.positions = 1
    y.channels = directions * configuration.hiddenSize
    y = lowering.reshaped(y, positions: directions)
    y.axes =
      isBatchFirst
      ? [[.sequences], [.steps], [.positions], [.channels]]
      : [[.steps], [.positions], [.sequences], [.channels]]
    y.dropOnes()
    return Value(y)
  }

  /// Y_h or Y_c: directions, sequences, channels; or sequences, directions, channels.
  fileprivate func state(
    _ lowering: Lowering, _ call: Call, _ x: Tracked, _ part: StatePart, initial k: Int
  ) throws(Refusal) -> Value {
    let number = lowering.parts.count
    lowering.parts.append(part)
    if let initial = call.optional(k) { try setInitial(lowering, initial, number, x) }
    let dims = [Size(directions), x.sequences, Size(part.size)]
    var state = try StateTensor(origin: -1 - number, dims: dims, lowering)
    if isBatchFirst { state = try state.rearranged(.transpose([1, 0, 2])) }
    let isHidden = part.kind == .hidden
    return Value(tracked: isHidden ? lastOutputs(lowering, x, part.node!) : nil, state: state)
  }

  /// The final h: the outputs of the last step, and those of the reverse direction of the first step.
  private func lastOutputs(_ lowering: Lowering, _ x: Tracked, _ node: Int) -> Tracked {
    let size = configuration.hiddenSize
    var last = x
    last.node = node
    last.positions = 1
    last.channels = directions * size
    if !x.steps.isOne {
      last.node = lowering.builder.add(.lastStep, of: [node])
      if directions == 2 {
        let first = lowering.builder.add(.firstStep, of: [node])
        last.node = lowering.concatenated([
          lowering.builder.add(.slice(0..<size), of: [last.node]),
          lowering.builder.add(.slice(size..<2 * size), of: [first]),
        ])
      }
      last.steps = Size(1)
      last.isPerSequence = true
    }
    last = lowering.reshaped(last, positions: directions)
    last.axes =
      isBatchFirst
      ? [[.sequences], [.positions], [.channels]] : [[.positions], [.sequences], [.channels]]
    last.dropOnes()
    return last
  }

  private func setInitial(
    _ lowering: Lowering, _ initial: Value, _ part: Int, _ x: Tracked
  ) throws(Refusal) {
    if let constant = initial.constant {
      guard try constant.isZero else {
        throw Refusal(
          "has an initial state that is a constant other than 0; make it an input of the model")
      }
      return
    }
    guard var state = initial.state else {
      throw Refusal("has an initial state that is computed, expected an input or 0")
    }
    if isBatchFirst, state.dims.count == 3 { state = try state.rearranged(.transpose([1, 0, 2])) }
    let expected = [directions, x.sequences.number ?? 1, configuration.hiddenSize]
    guard state.array.dims == expected, (state.sequencesAxis == nil) == (x.sequences.number != nil),
      state.sequencesAxis == nil || state.sequencesAxis == 1,
      state.array.elements.allSatisfy({ $0.origin >= 0 })
    else {
      throw Refusal(
        "has an initial state of the shape \(describe(state.dims)), expected "
          + "[\(directions), \(x.sequences), \(configuration.hiddenSize)] of inputs")
    }
    lowering.initialStates.append((part, state))
  }
}

private let recurrentAttributes: Set<String> = [
  "activation_alpha", "activation_beta", "activations", "clip", "direction", "hidden_size",
  "layout",
]

let recurrentOperations: [String: Operation] = [
  "RNN": Operation(inputs: 6, recurrentAttributes, lower: network(.simple)),
  "GRU": Operation(
    inputs: 6, recurrentAttributes.union(["linear_before_reset"]), lower: network(.gru)),
  "LSTM": Operation(
    inputs: 8, recurrentAttributes.union(["input_forget"]), lower: network(.lstm)),
]
