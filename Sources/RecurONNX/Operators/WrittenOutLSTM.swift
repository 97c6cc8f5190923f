// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

// A step of an LSTM that an exporter wrote out: products, Split, activations, sums. The terms are recognized one
// after another; the last one adds the network.

/// The sum W x + R h + b of all gates, before it is split.
struct LSTMGates {
  /// W x, a dense layer without bias.
  var x: Tracked
  var hidden: StateTensor
  var r: Constant
  var bias: [Double]?

  var size: Int { hidden.array.elements.count }

  func isSame(as other: LSTMGates) -> Bool { x.node == other.x.node && bias == other.bias }
}

/// A gate: a range of the rows of W x + R h + b, with its activation.
struct CellGate {
  var gates: LSTMGates
  var range: Range<Int>
  var activation: Activation?
}

/// The new cell state f ∘ c + i ∘ g.
struct CellUpdate {
  var forget: CellGate
  var input: CellGate
  var candidate: CellGate
  var cell: StateTensor

  /// The number of the part of the final state.
  var part: Int
}

/// A term of a written-out LSTM.
enum LSTMTerm {
  /// R h
  case product(StateTensor, Constant)
  case gates(LSTMGates)
  case gate(CellGate)

  /// f ∘ c
  case kept(CellGate, StateTensor)

  /// i ∘ g
  case new(CellGate, CellGate)
  case cell(CellUpdate)

  /// h(c)
  case output(CellUpdate, Activation)
}

private let unknownTerm = Refusal(
  "is a part of a recurrent network that is written out in an unknown form")

/// Returns the product of a state and a matrix of H x 4·H.
func stateProduct(
  _ state: StateTensor, _ matrix: Constant, _ rows: Int, _ columns: Int
) throws(Refusal) -> Value {
  guard state.array.elements.count == rows, state.array.dims.last == rows,
    state.sequencesAxis != state.array.dims.count - 1, columns == 4 * rows
  else { throw unknownTerm }
  return Value(.cell(.product(state, matrix)))
}

/// Splits the sum of all gates.
func splitGates(_ term: LSTMTerm, _ call: Call) throws(Refusal) -> [Value] {
  guard case .gates(let gates) = term else { throw unknownTerm }
  let sizes = try splitSizes(call, 4 * gates.size, call.node.outputs.count)
  let rank = gates.x.axes.count
  guard try normalized(call.integer("axis", default: 0), rank: rank) == rank - 1,
    sizes == Array(repeating: gates.size, count: 4)
  else { throw unknownTerm }
  return (0..<4).map { k in
    Value(.cell(.gate(CellGate(gates: gates, range: k * gates.size..<(k + 1) * gates.size))))
  }
}

extension LSTMTerm {
  /// Adds W x or another term.
  func adding(_ value: Value, _ lowering: Lowering) throws(Refusal) -> Value {
    switch (self, value.pending, value.tracked) {
    case (.product(let hidden, let r), _, let x?):
      guard case .dense(4 * hidden.array.elements.count, _) = lowering.builder[x.node].layer,
        x.steps.isOne, !x.isPerSequence, x.axes.last == [.channels],
        x.dims.dropLast() == hidden.dims.dropLast()
      else { throw unknownTerm }
      return Value(.cell(.gates(LSTMGates(x: x, hidden: hidden, r: r))))
    case (.kept(let forget, let cell), .cell(.new(let input, let candidate))?, _),
      (.new(let input, let candidate), .cell(.kept(let forget, let cell))?, _):
      return try Self.update(forget, input, candidate, cell, lowering)
    default: throw unknownTerm
    }
  }

  /// Adds the bias.
  func adding(_ constant: Constant) throws(Refusal) -> Value {
    guard case .gates(var gates) = self, gates.bias == nil else { throw unknownTerm }
    let bias = try constant.values().elements
    guard bias.count == 4 * gates.size, try constant.knownDims.last == bias.count else {
      throw unknownTerm
    }
    gates.bias = bias
    return Value(.cell(.gates(gates)))
  }

  func activated(_ activation: Activation) throws(Refusal) -> Value {
    switch self {
    case .gate(var gate) where gate.activation == nil:
      gate.activation = activation
      return Value(.cell(.gate(gate)))
    case .cell(let update): return Value(.cell(.output(update, activation)))
    default: throw unknownTerm
    }
  }

  func multiplied(by value: Value, _ lowering: Lowering) throws(Refusal) -> Value {
    switch (self, value.pending) {
    case (.gate(let a), .cell(.gate(let b))?):
      // The candidate is the gate of another activation.
      guard let phi = a.activation, let psi = b.activation, a.gates.isSame(as: b.gates),
        (phi == .sigmoid) != (psi == .sigmoid)
      else { throw unknownTerm }
      return Value(.cell(phi == .sigmoid ? .new(a, b) : .new(b, a)))
    case (.gate(let gate), nil):
      guard let cell = value.state, value.tracked == nil, gate.activation != nil,
        cell.array.elements.allSatisfy({ $0.origin >= 0 })
      else { throw unknownTerm }
      return Value(.cell(.kept(gate, cell)))
    case (.gate(let gate), .cell(.output(let update, let phi))?),
      (.output(let update, let phi), .cell(.gate(let gate))?):
      return try update.network(gate, phi, lowering)
    default: throw unknownTerm
    }
  }

  /// Reserves a part of the final state; its node follows with the output gate.
  private static func update(
    _ forget: CellGate, _ input: CellGate, _ candidate: CellGate, _ cell: StateTensor,
    _ lowering: Lowering
  ) throws(Refusal) -> Value {
    let gates = input.gates
    guard forget.gates.isSame(as: gates), candidate.gates.isSame(as: gates),
      cell.dims == gates.hidden.dims
    else { throw unknownTerm }
    let part = lowering.parts.count
    lowering.parts.append(StatePart(node: nil, kind: .cell, directions: 1, size: gates.size))
    let update = CellUpdate(
      forget: forget, input: input, candidate: candidate, cell: cell, part: part)
    var value = Value(.cell(.cell(update)))
    value.state = try StateTensor(origin: -1 - part, dims: cell.dims, lowering)
    return value
  }
}

extension CellUpdate {
  /// Adds the network and returns its output o ∘ h(c).
  fileprivate func network(
    _ output: CellGate, _ phi: Activation, _ lowering: Lowering
  ) throws(Refusal) -> Value {
    let gates = input.gates
    let (x, h) = (gates.x, gates.size)
    let ranges = [input, output, forget, candidate].map(\.range.lowerBound)
    guard output.gates.isSame(as: gates), Set(ranges).count == 4, lowering.parts[part].node == nil,
      let sigma = input.activation, forget.activation == sigma, output.activation == sigma,
      let g = candidate.activation
    else { throw unknownTerm }
    let source = lowering.builder[x.node].sources[0]
    var configuration = NetworkConfiguration(.lstm, inputSize: 0, hiddenSize: h)
    configuration.activation = sigma
    configuration.candidateActivation = g
    configuration.outputActivation = phi
    configuration.bias = gates.bias != nil
    var result = x
    result.node = lowering.builder.add(.network(configuration), of: [source])
    result.channels = h
    result.dropOnes()
    lowering.builder[result.node].weights = weights(
      lowering.builder[x.node].parameters["weight"]!, ranges)
    lowering.parts[part].node = result.node
    lowering.initialStates.append((part, cell))
    let hidden = lowering.parts.count
    lowering.parts.append(StatePart(node: result.node, kind: .hidden, directions: 1, size: h))
    lowering.initialStates.append((hidden, gates.hidden))
    return Value(
      tracked: result,
      state: try StateTensor(origin: -1 - hidden, dims: gates.hidden.dims, lowering))
  }

  /// The tensors of an operator LSTM, whose gates are i, o, f, c.
  private func weights(_ dense: Parameter, _ ranges: [Int]) -> RecurrentWeights {
    let gates = input.gates
    let h = gates.size
    let rows = ranges.flatMap { $0..<$0 + h }
    return RecurrentWeights(
      w: Parameter { () throws(Refusal) in
        let elements = try dense.elements()
        let columns = elements.count / (4 * h)
        return rows.flatMap { elements[$0 * columns..<($0 + 1) * columns] }
      },
      r: Parameter { () throws(Refusal) in
        let elements = try gates.r.values().elements
        return rows.flatMap { row in (0..<h).map { elements[$0 * 4 * h + row] } }
      },
      b: gates.bias.map { bias in
        Parameter(rows.map { bias[$0] } + Array(repeating: 0, count: 4 * h))
      })
  }
}
