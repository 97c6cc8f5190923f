// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur
import Recur
import RecurReference
import TestSupport

/// The sizes and options of a problem.
struct NetworkShape: CustomStringConvertible, Sendable {
  var T, B, I, H: Int
  var L = 1
  var bidirectional = false

  /// Whether sequences have different lengths, 0 to T.
  var ragged = false
  var dropout = 0.0
  var recurrentDropout = 0.0
  var zoneout = 0.0

  /// Only for cells that have c.
  var cellZoneout = 0.0
  var segmentLength: Int?

  var D: Int { bidirectional ? 2 : 1 }

  /// Whether a pass draws random masks.
  func random(hasCellState: Bool) -> Bool {
    dropout > 0 || recurrentDropout > 0 || zoneout > 0 || (hasCellState && cellZoneout > 0)
  }

  /// The same shape with every random option that it supports.
  var withRandomOptions: NetworkShape {
    var shape = self
    shape.dropout = L > 1 ? 0.4 : 0
    (shape.recurrentDropout, shape.zoneout, shape.cellZoneout) = (0.3, 0.35, 0.45)
    return shape
  }

  var description: String {
    "T B I H L D \(T) \(B) \(I) \(H) \(L) \(D), ragged \(ragged), "
      + "dropout \(dropout) \(recurrentDropout), "
      + "zoneout \(zoneout) \(cellZoneout), segments \(segmentLength ?? 0)"
  }
}

/// A network, a batch of sequences and gradients for all outputs, with seeded values, and the
/// results of the reference in the widest type.
struct NetworkProblem<Network: RecurrentNetwork, Cell: ReferenceCell>
where Cell.R == Wide {
  typealias Scalar = Network.Scalar

  let shape: NetworkShape
  let options: Cell.Options
  var network: Network
  var x: SequenceBatch<Scalar>
  var lengths: [Int]?
  var state: Network.State
  var dy: SequenceBatch<Scalar>
  var dState: Network.State
  var dropoutSeed: DropoutSeed?

  /// Weights are uniform in ±1/√n, where n is the number of summed products, so that values stay
  /// near 1.
  init(
    _ network: Network, _: Cell.Type, _ options: Cell.Options, _ shape: NetworkShape, seed: UInt64
  ) throws {
    var random = SplitMix64(seed: seed)
    let (T, B) = (shape.T, shape.B)
    (self.shape, self.options, self.network) = (shape, options, network)
    for part in network.parameters.slices {
      let values: [Scalar] = random.vector(
        part.rows * part.columns, 1 / Double(part.columns).squareRoot())
      try self.network.parameters.set(
        part.name, to: Matrix(rows: part.rows, columns: part.columns, elements: values))
    }
    x = try SequenceBatch(
      steps: T, batchSize: B, features: shape.I, elements: random.vector(T * B * shape.I))
    dy = try SequenceBatch(
      steps: T, batchSize: B, features: network.outputSize,
      elements: random.vector(T * B * network.outputSize))
    state = try randomState(like: network.zeroState(batchSize: B), &random)
    dState = try randomState(like: network.zeroState(batchSize: B), &random)
    if shape.ragged { lengths = (0..<B).map { _ in Int(random.next() % UInt64(T + 1)) } }
    if shape.random(hasCellState: state.cellState != nil) {
      dropoutSeed = DropoutSeed(seed, firstStep: 3, firstSequence: 5)
    }
  }

  var operations: NetworkOperations {
    let d = network.configuration
    return NetworkOperations(
      T: max(shape.T, 1), B: shape.B, I: shape.I, H: shape.H, P: d.stateSize, G: d.gateCount,
      L: shape.L, D: shape.D)
  }

  /// All compared values, in memory order.
  struct Values<R> {
    var forward: [(name: String, values: [R])] = []
    var inputs: [(name: String, values: [R])] = []
    var parameters: [R] = []
  }

  func pass() throws -> NetworkTrainingPass<Network> {
    try network.trainingPass(
      x, lengths: lengths, initialState: state, dropoutSeed: dropoutSeed,
      segmentLength: shape.segmentLength)
  }

  func native() throws -> Values<Scalar> {
    let pass = try pass()
    var values = Values<Scalar>()
    let final = pass.finalState
    values.forward = [
      ("y", pass.outputs.matrix.elements), ("hT", final.hidden.elements),
      ("cT", final.cellState?.elements ?? []),
    ]
    if shape.segmentLength == nil {
      for l in 0..<shape.L {
        for direction in Direction.allCases.prefix(shape.D) {
          let gates = try pass.gates(layer: l, direction: direction)
          values.forward.append(("gates of \(l) \(direction)", gates.matrix.elements))
        }
      }
    }
    let gradients = try pass.backward(
      outputGradient: dy, finalStateGradient: dState, stateNorms: true)
    let initial = gradients.initialState
    values.inputs = [
      ("dx", gradients.inputs.matrix.elements), ("dh0", initial.hidden.elements),
      ("dc0", initial.cellState?.elements ?? []), ("norms", gradients.stateNorms!.elements),
    ]
    values.parameters = gradients.parameters.elements
    return values
  }

  var reference: ReferenceNetwork<Cell> {
    ReferenceNetwork(
      options, inputSize: shape.I, hiddenSize: shape.H, layers: shape.L, directions: shape.D,
      parameters: network.parameters.elements.map { Wide($0) })
  }

  func expected() throws -> Values<Wide> {
    let reference = reference
    let (T, B, LD) = (shape.T, shape.B, shape.L * shape.D)
    let features = network.outputSize
    let G = network.configuration.gateCount * shape.H
    var y = Rows(T * B, features), dx = Rows(T * B, shape.I), norms = Rows(LD * T, B)
    var gates = (0..<LD).map { _ in Rows(T * B, G) }
    var final = States(LD * B), initial = States(LD * B)
    var parameters = [Wide](repeating: 0, count: network.parameters.count)
    for b in 0..<B {
      let length = lengths?[b] ?? T
      let x = (0..<length).map { t in (0..<shape.I).map { Wide(self.x[t, b, $0]) } }
      let dy = (0..<length).map { t in (0..<features).map { Wide(self.dy[t, b, $0]) } }
      let masks = masks(b, steps: length)
      let start = states(state, b)
      let output = reference.forward(x, from: start, masks: masks)
      let allGates = reference.gates(x, from: start, masks: masks)
      let back = reference.backward(
        x: x, from: start, masks: masks, dy: dy, dFinal: states(dState, b))
      for t in 0..<length {
        y.rows[t * B + b] = output.outputs[t]
        dx.rows[t * B + b] = back.dx[t]
        for ld in 0..<LD {
          gates[ld].rows[t * B + b] = allGates[ld][t].flatMap { $0 }
          let squares = back.stateGradients[ld][t].reduce(Wide(0)) { $0 + $1 * $1 }
          norms.rows[ld * T + t][b] = squares.squareRoot()
        }
      }
      for ld in 0..<LD {
        final.states[ld * B + b] = output.finalStates[ld]
        initial.states[ld * B + b] = back.dInitial[ld]
      }
      for (index, value) in back.gradients.enumerated() { parameters[index] += value }
    }
    var values = Values<Wide>()
    values.forward = [("y", y.elements), ("hT", final.hidden), ("cT", final.cell)]
    if shape.segmentLength == nil {
      values.forward += gates.map { ("gates", $0.elements) }
    }
    values.inputs = [
      ("dx", dx.elements), ("dh0", initial.hidden), ("dc0", initial.cell),
      ("norms", norms.elements),
    ]
    values.parameters = parameters
    return values
  }

  /// The state of one sequence.
  private func states(_ state: Network.State, _ b: Int) -> [ReferenceState<Wide>] {
    (0..<shape.L * shape.D).map { ld in
      let row = ld * shape.B + b
      let numbers = { (matrix: Matrix<Scalar>) in (0..<matrix.columns).map { Wide(matrix[row, $0]) }
      }
      return ReferenceState(
        hidden: numbers(state.hidden), cell: state.cellState.map { numbers($0) } ?? [])
    }
  }

  /// The masks of one sequence.
  private func masks(_ b: Int, steps: Int) -> ReferenceMasks<Wide> {
    var masks = ReferenceMasks<Wide>()
    func dropout(_ probability: Double, _ count: Int, place: Int, step: Int) -> [Wide] {
      hits(probability, count, place: place, b, step: step)
        .map { $0 ? 0 : Wide(Scalar(1 / (1 - probability))) }
    }
    if shape.dropout > 0 {
      masks.betweenLayers = (0..<shape.L - 1).map { layer in
        (0..<steps).map { t in
          dropout(
            shape.dropout, network.outputSize, place: layer, step: dropoutSeed!.firstStep + t)
        }
      }
    }
    if shape.recurrentDropout > 0 {
      masks.recurrent = (0..<shape.L * shape.D).map { ld in
        dropout(
          shape.recurrentDropout, network.configuration.stateSize, place: 4 << 29 + ld, step: 0)
      }
    }
    if shape.zoneout > 0 || shape.cellZoneout > 0 {
      masks.zoneout = (0..<shape.L * shape.D).map { ld in
        (0..<steps).map { zoneout(b, ld: ld, step: dropoutSeed!.firstStep + $0) }
      }
    }
    return masks
  }

  /// 1 for the units of h and c that keep their values.
  private func zoneout(_ b: Int, ld: Int, step: Int) -> ReferenceState<Wide> {
    func drawn(_ probability: Double, _ count: Int, place: Int) -> [Wide] {
      hits(probability, count, place: place, b, step: step).map { $0 ? 1 : 0 }
    }
    return ReferenceState(
      hidden: drawn(shape.zoneout, network.configuration.stateSize, place: 5 << 29 + ld),
      cell: state.cellState == nil ? [] : drawn(shape.cellZoneout, shape.H, place: 6 << 29 + ld))
  }

  /// The units that a mask hits: the generator's word is below the probability.
  private func hits(_ probability: Double, _ count: Int, place: Int, _ b: Int, step: Int) -> [Bool]
  {
    let seed = dropoutSeed!
    return (0..<count).map { unit in
      let counter = [unit / 4, place, seed.firstSequence + b, step]
      let key = [UInt32(truncatingIfNeeded: seed.seed), UInt32(seed.seed >> 32)]
      var words = [UInt32](repeating: 0, count: 4)
      recur_random_philox(counter.map { UInt32($0) }, key, &words)
      return Double(words[unit % 4]) < probability * 0x1p32
    }
  }
}

/// Rows that are 0 until they are set.
private struct Rows {
  var rows: [[Wide]]

  init(_ count: Int, _ columns: Int) {
    rows = Array(repeating: Array(repeating: 0, count: columns), count: count)
  }

  var elements: [Wide] { rows.flatMap { $0 } }
}

private struct States {
  var states: [ReferenceState<Wide>]

  init(_ count: Int) {
    states = Array(repeating: ReferenceState(hidden: []), count: count)
  }

  var hidden: [Wide] { states.flatMap(\.hidden) }
  var cell: [Wide] { states.flatMap(\.cell) }
}

/// A state with random values.
func randomState<State: NetworkState>(
  like state: State, _ random: inout SplitMix64
) throws -> State {
  var state = state
  state.hidden = try randomMatrix(like: state.hidden, &random)
  if var withCell = state as? LSTMState<State.Scalar> {
    withCell.cell = try randomMatrix(like: withCell.cell, &random)
    state = withCell as! State
  }
  return state
}

private func randomMatrix<Scalar: RecurScalar>(
  like m: Matrix<Scalar>, _ random: inout SplitMix64
) throws -> Matrix<Scalar> {
  try Matrix(rows: m.rows, columns: m.columns, elements: random.vector(m.rows * m.columns))
}
