// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport
import Testing

/// A cell with its options, in both precisions and in the reference.
protocol TestedCell: Sendable, CustomTestStringConvertible {
  var name: String { get }

  /// Calls the visitor with a problem in each precision.
  func visit(_ shape: NetworkShape, seed: UInt64, _ visitor: some ProblemVisitor) throws
}

/// The work of a test on a problem of any cell.
protocol ProblemVisitor {
  func visit<Network, Cell>(_ problem: NetworkProblem<Network, Cell>) throws
}

struct Tested<InDouble: RecurrentNetwork, InFloat: RecurrentNetwork, Cell: ReferenceCell>:
  TestedCell
where InDouble.Scalar == Double, InFloat.Scalar == Float, Cell.R == Wide {
  let name: String
  let options: Cell.Options
  let inDouble: @Sendable (NetworkShape) throws -> InDouble
  let inFloat: @Sendable (NetworkShape) throws -> InFloat

  var testDescription: String { name }

  func visit(_ shape: NetworkShape, seed: UInt64, _ visitor: some ProblemVisitor) throws {
    try visitor.visit(
      NetworkProblem(inDouble(shape), Cell.self, options, shape, seed: seed))
    try visitor.visit(
      NetworkProblem(inFloat(shape), Cell.self, options, shape, seed: seed))
  }
}

private func rnn(
  _ activation: Activation, bias: Bool = true, gateClamp: Double? = nil
) -> any TestedCell {
  @Sendable func make<S: RecurScalar>(_ s: NetworkShape) throws -> RNN<S> {
    try RNN(
      inputSize: s.I, hiddenSize: s.H, layers: s.L, bidirectional: s.bidirectional,
      activation: activation, bias: bias, gateClamp: gateClamp, dropout: s.dropout,
      recurrentDropout: s.recurrentDropout, zoneout: s.zoneout, seed: 0)
  }
  return Tested<RNN<Double>, RNN<Float>, ReferenceRNN<Wide>>(
    name: "RNN \(activation)\(bias ? "" : " no bias")\(gateClamp == nil ? "" : " clamp")",
    options: .init(f: activation.reference, gateClamp: gateClamp ?? 0, bias: bias),
    inDouble: make, inFloat: make)
}

private func residual(
  _ activation: Activation, bias: Bool = true, gateClamp: Double? = nil
) -> any TestedCell {
  @Sendable func make<S: RecurScalar>(_ s: NetworkShape) throws -> ResidualRNN<S> {
    try ResidualRNN(
      inputSize: s.I, hiddenSize: s.H, layers: s.L, bidirectional: s.bidirectional,
      activation: activation, bias: bias, gateClamp: gateClamp, dropout: s.dropout,
      recurrentDropout: s.recurrentDropout, zoneout: s.zoneout, seed: 0)
  }
  return Tested<ResidualRNN<Double>, ResidualRNN<Float>, ReferenceResidual<Wide>>(
    name: "residual \(activation)\(bias ? "" : " no bias")\(gateClamp == nil ? "" : " clamp")",
    options: .init(f: activation.reference, gateClamp: gateClamp ?? 0, bias: bias),
    inDouble: make, inFloat: make)
}

private func gru(
  before: Bool = false, _ f: Activation = .sigmoid, _ g: Activation = .tanh, bias: Bool = true,
  normalized: Bool = false, gateClamp: Double? = nil
) -> any TestedCell {
  @Sendable func make<S: RecurScalar>(_ s: NetworkShape) throws -> GRU<S> {
    try GRU(
      inputSize: s.I, hiddenSize: s.H, layers: s.L, bidirectional: s.bidirectional,
      reset: before ? .beforeProduct : .afterProduct, activation: f, candidateActivation: g,
      bias: bias, layerNormalization: normalized, gateClamp: gateClamp, dropout: s.dropout,
      recurrentDropout: s.recurrentDropout, zoneout: s.zoneout, seed: 0)
  }
  return Tested<GRU<Double>, GRU<Float>, ReferenceGRU<Wide>>(
    name: "GRU reset \(before ? "before" : "after") \(f) \(g)\(bias ? "" : " no bias")"
      + (normalized ? " normalized" : "") + (gateClamp == nil ? "" : " clamp"),
    options: .init(
      f: f.reference, g: g.reference, gateClamp: gateClamp ?? 0, reset: before ? .before : .after,
      bias: bias,
      layerNormalization: normalized),
    inDouble: make, inFloat: make)
}

private func lstm(
  projected: Bool = false, peepholes: Bool = false, coupled: Bool = false,
  _ f: Activation = .sigmoid, _ g: Activation = .tanh, _ h: Activation = .tanh,
  bias: Bool = true, normalized: Bool = false, gateClamp: Double? = nil, cellClamp: Double? = nil
) -> any TestedCell {
  @Sendable func make<S: RecurScalar>(_ s: NetworkShape) throws -> LSTM<S> {
    try LSTM(
      inputSize: s.I, hiddenSize: s.H, layers: s.L, bidirectional: s.bidirectional,
      projectionSize: projected ? projectedSize : nil, peepholes: peepholes,
      coupledGates: coupled, activation: f,
      candidateActivation: g, outputActivation: h, bias: bias, layerNormalization: normalized,
      gateClamp: gateClamp, cellClamp: cellClamp,
      dropout: s.dropout,
      recurrentDropout: s.recurrentDropout, zoneout: s.zoneout,
      cellZoneout: s.cellZoneout, seed: 0)
  }
  let set = [
    (projected, " projected"), (peepholes, " peepholes"), (coupled, " coupled"),
    (!bias, " no bias"), (normalized, " normalized"), (gateClamp != nil, " clamp"),
    (cellClamp != nil, " cell clamp"),
  ]
  return Tested<LSTM<Double>, LSTM<Float>, ReferenceLSTM<Wide>>(
    name: "LSTM \(f) \(g) \(h)" + set.filter(\.0).map(\.1).joined(),
    options: .init(
      f: f.reference, g: g.reference, h: h.reference, gateClamp: gateClamp ?? 0,
      peepholes: peepholes,
      coupledGates: coupled, projectionSize: projected ? projectedSize : nil,
      cellClamp: cellClamp ?? 0,
      bias: bias, layerNormalization: normalized),
    inDouble: make, inFloat: make)
}

/// P of the tested projections; H must be larger.
private let projectedSize = 2

/// All cells and options.
enum TestedCells {
  static let all: [any TestedCell] =
    activations.map { rnn($0) } + [
      rnn(.tanh, bias: false), rnn(.tanh, gateClamp: 0.5),
      rnn(.hardSigmoid(), bias: false, gateClamp: 0.7),
      residual(.tanh), residual(.relu), residual(.identity), residual(.softsign, bias: false),
      residual(.tanh, gateClamp: 0.5),
      gru(), gru(before: true), gru(bias: false), gru(before: true, bias: false),
      gru(gateClamp: 0.4),
      gru(before: true, gateClamp: 0.4), gru(normalized: true), gru(before: true, normalized: true),
      gru(bias: false, normalized: true, gateClamp: 0.4), gru(.hardSigmoid(), .softsign),
      gru(before: true, .scaledTanh(alpha: 0.7, beta: 1.2), .elu(alpha: 0.5)),
    ] + lstms

  /// Sixteen combinations of the options that change the structure, and other options.
  static let lstms: [any TestedCell] =
    (0..<16).map { n in
      let (projected, peepholes, coupled) = (n & 1 != 0, n & 2 != 0, n & 4 != 0)
      return n & 8 == 0
        ? lstm(projected: projected, peepholes: peepholes, coupled: coupled)
        : lstm(
          projected: projected, peepholes: peepholes, coupled: coupled, bias: false, gateClamp: 0.6,
          cellClamp: 0.3)
    } + [
      lstm(normalized: true),
      lstm(
        projected: true, peepholes: true, coupled: true, normalized: true, gateClamp: 0.6,
        cellClamp: 0.3),
      lstm(projected: true, bias: false, normalized: true),
      lstm(.hardSigmoid(alpha: 0.3, beta: 0.4), .softsign, .relu),
      lstm(
        peepholes: true, .scaledTanh(alpha: 0.7, beta: 1.2), .softplus, .sigmoid, gateClamp: 0.5),
      lstm(peepholes: true, .sigmoid, .leakyRelu(alpha: 0.1), .softplus),
      lstm(.thresholdedRelu(alpha: 0.1), .tanh, .softsign),
      lstm(.hardSigmoid(), .affine(alpha: 0.7, beta: 0.1), .identity),
      lstm(cellClamp: 0.4),
    ]

  static let activations: [Activation] = [
    .tanh, .sigmoid, .relu, .identity, .affine(alpha: 0.8, beta: -0.1), .leakyRelu(alpha: 0.2),
    .thresholdedRelu(alpha: 0.3), .scaledTanh(alpha: 1.3, beta: 0.6),
    .hardSigmoid(alpha: 0.4, beta: 0.3), .elu(alpha: 0.7), .softsign, .softplus,
    .hardTanh(min: -0.4, max: 0.3),
  ]

  /// One cell of each structure, for tests that do not depend on activations.
  static let structures: [any TestedCell] = [
    rnn(.tanh), residual(.tanh), gru(), gru(before: true), lstm(),
    lstm(projected: true, peepholes: true), lstm(peepholes: true, coupled: true, cellClamp: 0.5),
    gru(normalized: true), gru(before: true, normalized: true),
    lstm(projected: true, peepholes: true, normalized: true),
  ]
}

extension Activation {
  var reference: ReferenceActivation {
    switch self {
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .relu: .relu
    case .identity: .identity
    case .affine(let alpha, let beta): .affine(alpha: alpha, beta: beta)
    case .leakyRelu(let alpha): .leakyRelu(alpha: alpha)
    case .thresholdedRelu(let alpha): .thresholdedRelu(alpha: alpha)
    case .scaledTanh(let alpha, let beta): .scaledTanh(alpha: alpha, beta: beta)
    case .hardSigmoid(let alpha, let beta): .hardSigmoid(alpha: alpha, beta: beta)
    case .elu(let alpha): .elu(alpha: alpha)
    case .softsign: .softsign
    case .softplus: .softplus
    case .hardTanh(let min, let max): .hardTanh(min: min, max: max)
    case .silu: .silu
    }
  }
}
