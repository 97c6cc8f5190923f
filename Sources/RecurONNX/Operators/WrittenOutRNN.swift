// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A term of a simple network that an exporter wrote out for each step, as PyTorch's newer exporter does:
/// h_k = φ(W x_k + b + R h_(k−1) + b'), with h_(−1) = 0. The last term joins h_0 to h_(T−1).
struct RNNTerm {
  enum Kind {
    /// W x_k + b
    case input

    /// R h_(k−1) + b'
    case product

    /// The sum of both.
    case sum

    /// h_k
    case hidden
  }

  var kind: Kind

  /// k
  var step: Int
  var shape: [Size]

  /// W x + b for all steps.
  var x: Tracked?
  var r: Constant?
  var bias: [Double]?
  var activation: Activation?

  private static let unknown = Refusal(
    "is a part of a network that is written out in an unknown form")

  var value: Value { Value(.step(self)) }

  /// Returns W x_k + b, given that for all steps.
  init?(_ x: Tracked, _ change: Rearrangement) {
    guard case .slice(let axis, let first, 1, 1) = change, x.axes[axis] == [.steps], axis == 0,
      x.positions == 1, x.axes.last == [.channels], x.axes.count == 3
    else { return nil }
    self.init(kind: .input, step: first, shape: [Size(1)] + x.dims[1...], x: x)
  }

  private init(kind: Kind, step: Int, shape: [Size], x: Tracked? = nil) {
    (self.kind, self.step, self.shape, self.x) = (kind, step, shape, x)
  }

  /// Returns R h_(−1) for the state 0; nil if the value is no such state.
  static func product(ofZero state: Value, _ r: Constant) throws(Refusal) -> RNNTerm? {
    guard let constant = state.constant, case .filled(0, let dims) = constant.storage,
      let size = dims.last, try r.knownDims.map({ Size($0) }) == [size, size]
    else { return nil }
    var term = RNNTerm(kind: .product, step: 0, shape: dims)
    term.r = r
    return term
  }

  /// Returns R h_k.
  func product(_ r: Constant) throws(Refusal) -> Value {
    guard kind == .hidden, let name = r.name, name == self.r?.name else { throw Self.unknown }
    var term = self
    term.kind = .product
    term.step += 1
    return term.value
  }

  /// Returns the sum with the bias b'. After the first step, it must be the same.
  func adding(_ constant: Constant) throws(Refusal) -> Value {
    let bias = try constant.values()
    guard kind == .product, bias.dims.map({ Size($0) }) == [shape.last],
      step == 0 ? self.bias == nil : self.bias == bias.elements
    else { throw Self.unknown }
    var term = self
    term.bias = bias.elements
    term.isBiasAdded = true
    return term.value
  }

  /// Whether the bias was added in this step.
  private var isBiasAdded = false

  func adding(_ other: RNNTerm) throws(Refusal) -> Value {
    let (product, input) = kind == .product ? (self, other) : (other, self)
    guard product.kind == .product, input.kind == .input, product.step == input.step,
      product.isBiasAdded == (product.bias != nil), let x = input.x,
      product.step == 0 || product.x?.isSame(as: x) == true,
      product.shape.filter({ !$0.isOne }) == input.shape.filter({ !$0.isOne })
    else { throw Self.unknown }
    var term = product
    term.kind = .sum
    term.x = x
    term.isBiasAdded = false
    term.shape = product.shape.count > input.shape.count ? product.shape : input.shape
    return term.value
  }

  func activated(_ activation: Activation) throws(Refusal) -> Value {
    guard kind == .sum, step == 0 || self.activation == activation else { throw Self.unknown }
    var term = self
    term.kind = .hidden
    term.activation = activation
    return term.value
  }

  /// Returns the network, given h_0 to h_(T−1).
  static func joined(_ terms: [RNNTerm], _ lowering: Lowering) throws(Refusal) -> Value {
    guard let last = terms.last, let x = last.x, let r = last.r, let phi = last.activation,
      x.steps == Size(terms.count),
      terms.enumerated().allSatisfy({ k, term in
        term.kind == .hidden && term.step == k && term.x?.isSame(as: x) == true
          && term.bias == last.bias && term.activation == phi
          && term.shape.count == 3 && term.shape[0].isOne
      })
    else { throw unknown }
    var (node, inputBias) = (x.node, Parameter?.none)
    if lowering.builder[node].layer == .scale, lowering.builder[node].parameters["weight"] == nil {
      inputBias = lowering.builder[node].parameters["bias"]
      node = lowering.builder[node].sources[0]
    }
    guard case .dense(let size, false) = lowering.builder[node].layer,
      let w = lowering.builder[node].parameters["weight"]
    else { throw unknown }
    var configuration = NetworkConfiguration(.simple, inputSize: 0, hiddenSize: size)
    configuration.activation = phi
    configuration.bias = inputBias != nil || last.bias != nil
    var result = x
    result.node = lowering.builder.add(
      .network(configuration), of: [lowering.builder[node].sources[0]])
    let zeros = Parameter(Array(repeating: 0, count: size))
    let (b, c) = (inputBias ?? zeros, last.bias.map { Parameter($0) } ?? zeros)
    lowering.builder[result.node].weights = RecurrentWeights(
      w: w,
      r: Parameter { () throws(Refusal) in
        let elements = try r.values().elements
        return (0..<size * size).map { elements[$0 % size * size + $0 / size] }
      },
      b: configuration.bias
        ? Parameter { () throws(Refusal) in try b.elements() + c.elements() } : nil)
    return Value(result)
  }
}

extension Constant {
  /// The name of a tensor of the file.
  var name: String? {
    if case .stored(let tensor) = storage, !tensor.name.isEmpty { tensor.name } else { nil }
  }
}
