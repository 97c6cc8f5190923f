// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport
import Testing

/// A network and a sequence with seeded values. The loss is linear in the outputs and final states.
struct NetworkProblem<Cell: ReferenceCell> where Cell.R == Wide {
  var network: ReferenceNetwork<Cell>
  var x: [[Wide]]
  var initial: [ReferenceState<Wide>]
  var masks = ReferenceMasks<Wide>()
  var dy: [[Wide]]
  var dFinal: [ReferenceState<Wide>]

  init(
    _ options: Cell.Options, T: Int = 3, I: Int = 2, H: Int = 3, L: Int, D: Int, masks: Bool,
    seed: UInt64
  ) {
    var random = SplitMix64(seed: seed)
    let P = options.shape(inputSize: I, hiddenSize: H).stateSize
    let count = (0..<L * D).reduce(0) {
      $0 + options.shape(inputSize: $1 < D ? I : D * P, hiddenSize: H).parameterCount
    }
    network = ReferenceNetwork(
      options, inputSize: I, hiddenSize: H, layers: L, directions: D,
      parameters: random.vector(count))
    x = random.matrix(T, I)
    dy = random.matrix(T, D * P)
    initial = network.shapes.map { random.state($0) }
    dFinal = network.shapes.map { random.state($0) }
    if masks {
      self.masks.betweenLayers = (1..<L).map { _ in random.dropout(T, D * P) }
      self.masks.recurrent = random.dropout(L * D, P)
      self.masks.zoneout = network.shapes.map { shape in
        (0..<T).map { _ in random.shares(shape) }
      }
    }
  }

  var output: ReferenceNetworkOutput<Wide> { network.forward(x, from: initial, masks: masks) }

  var loss: Wide {
    let output = output
    let final = output.finalStates
    return dot(output.outputs, dy) + dot(final.map(\.hidden), dFinal.map(\.hidden))
      + dot(final.map(\.cell), dFinal.map(\.cell))
  }

  var backward: ReferenceNetworkBackward<Wide> {
    network.backward(x: x, from: initial, masks: masks, dy: dy, dFinal: dFinal)
  }

  var inputs: [Wide] {
    get { Array(x.joined()) }
    set { x = rows(newValue, of: network.inputSize) }
  }

  func check(_ label: String) {
    let backward = backward
    var results: [(String, [Wide], [Wide])] = [
      ("parameters", backward.gradients, differences(\.network.parameters)),
      ("dx", Array(backward.dx.joined()), differences(\.inputs)),
    ]
    for index in initial.indices {
      let state = backward.dInitial[index]
      results.append(("dh0 \(index)", state.hidden, differences(\.initial[index].hidden)))
      results.append(("dc0 \(index)", state.cell, differences(\.initial[index].cell)))
    }
    let bound = Differences.bound * magnitude(backward.gradients)
    for (name, got, want) in results {
      #expect(largestDifference(got, want) <= bound, "\(name) of \(label)")
    }
  }

  private func differences(_ list: WritableKeyPath<NetworkProblem, [Wide]>) -> [Wide] {
    Differences.of(self, list, \.loss)
  }
}

extension SplitMix64 {
  /// Values from 0 to 1, like the zoneout fractions of inference.
  fileprivate mutating func shares(_ shape: ReferenceShape) -> ReferenceState<Wide> {
    let state = state(shape)
    return ReferenceState(hidden: state.hidden.map(abs), cell: state.cell.map(abs))
  }

  /// 0 with probability 0.3, otherwise 1 / 0.7.
  fileprivate mutating func dropout(_ rows: Int, _ columns: Int) -> [[Wide]] {
    matrix(rows, columns).map { (row: [Wide]) in row.map { $0 < -0.4 ? 0 : 1 / 0.7 } }
  }
}

private func zeros(_ rows: Int, _ columns: Int) -> [[Wide]] {
  Array(repeating: Array(repeating: 0, count: columns), count: rows)
}

@Suite struct ReferenceNetworkTests {
  typealias LSTM = ReferenceLSTM<Wide>
  static let sizes = [(1, 1), (1, 2), (2, 1), (2, 2), (3, 2)]

  @Test(arguments: sizes, [false, true])
  func gradientsAreTheDerivatives(_ size: (L: Int, D: Int), masks: Bool) {
    let (L, D) = size
    func check<Cell: ReferenceCell>(_: Cell.Type, _ options: Cell.Options, seed: UInt64)
    where Cell.R == Wide {
      NetworkProblem<Cell>(options, H: 2, L: L, D: D, masks: masks, seed: seed)
        .check("L \(L) D \(D) masks \(masks) seed \(seed)")
    }
    check(ReferenceRNN.self, .init(), seed: 20)
    check(ReferenceResidual.self, .init(), seed: 21)
    check(ReferenceGRU.self, .init(), seed: 22)
    check(LSTM.self, .init(peepholes: true, projectionSize: 1), seed: 23)
  }

  @Test func aNetworkOfOneCellIsTheCell() {
    let network = NetworkProblem<LSTM>(.init(), L: 1, D: 1, masks: false, seed: 24)
    let cell = network.network.cells[0]
    let states = cell.states(network.x, from: network.initial[0])
    let want = cell.backward(
      x: network.x, initial: network.initial[0], dh: network.dy, dFinal: network.dFinal[0])
    let got = network.backward
    #expect(network.output.outputs == states.map(\.hidden))
    #expect(network.output.finalStates == [states.last!])
    #expect(got.gradients == want.gradients.elements)
    #expect(got.dInitial == [want.dInitial])
    #expect(got.stateGradients == [want.stateGradients])
    #expect(got.dx == want.dx)
  }

  /// For a reversed sequence, the reverse direction equals the forward direction for the original
  /// sequence.
  @Test func theReverseDirectionBeginsAtTheLastStep() {
    var problem = NetworkProblem<ReferenceGRU<Wide>>(.init(), L: 1, D: 2, masks: false, seed: 25)
    let given = problem.output
    let stateGradients = problem.backward.stateGradients
    problem.network.cells.swapAt(0, 1)
    problem.initial.swapAt(0, 1)
    problem.dFinal.swapAt(0, 1)
    problem.x.reverse()
    problem.dy = problem.dy.reversed().map { Array($0[3...] + $0[..<3]) }
    #expect(problem.output.outputs == given.outputs.reversed().map { Array($0[3...] + $0[..<3]) })
    #expect(problem.output.finalStates == given.finalStates.reversed())
    #expect(given.finalStates[1].hidden == Array(given.outputs[0][3...]))
    #expect(given.finalStates[0].hidden == Array(given.outputs[2][..<3]))
    #expect(
      problem.backward.stateGradients
        == [stateGradients[1], stateGradients[0]].map { $0.reversed() })
  }

  /// At the last step of a direction, ∂L/∂h_t of the last layer is exactly the given gradient.
  @Test func stateGradientsStandAtTheirTimeSteps() {
    let problem = NetworkProblem<ReferenceRNN<Wide>>(.init(), L: 2, D: 2, masks: true, seed: 26)
    let got = problem.backward.stateGradients
    let last = zip(problem.dy[2][..<3], problem.dFinal[2].hidden).map { $0 + $1 }
    let first = zip(problem.dy[0][3...], problem.dFinal[3].hidden).map { $0 + $1 }
    #expect(got[2][2] == last)
    #expect(got[3][0] == first)
  }

  /// The only gate of the simple cell is its state.
  @Test func gatesStandAtTheirTimeSteps() {
    var problem = NetworkProblem<ReferenceRNN<Wide>>(.init(), L: 2, D: 2, masks: true, seed: 29)
    problem.masks.zoneout = []
    let gates = problem.network.gates(problem.x, from: problem.initial, masks: problem.masks)
    #expect(gates == problem.output.states.map { $0.map { [$0.hidden] } })
  }

  /// A mask of zeros separates the layers.
  @Test func aMaskOfZerosStopsTheGradient() {
    var problem = NetworkProblem<LSTM>(.init(), L: 2, D: 2, masks: true, seed: 27)
    problem.masks.betweenLayers = [zeros(3, 6)]
    problem.dFinal = problem.network.zeroStates
    #expect(problem.backward.dx.allSatisfy { $0.allSatisfy { $0 == 0 } })
    #expect(problem.output.layers[0] != problem.output.outputs)
  }

  /// With a recurrent mask of zeros, a step does not depend on the previous one, except through the
  /// unmasked state that the residual cell and the GRU carry over.
  @Test func aRecurrentMaskOfZerosStopsWhatIsNotCarried() {
    var simple = NetworkProblem<ReferenceRNN<Wide>>(.init(), L: 1, D: 1, masks: true, seed: 30)
    simple.masks = ReferenceMasks(recurrent: zeros(1, 3))
    #expect(simple.backward.dInitial[0].hidden == [0, 0, 0])
    var residual = NetworkProblem<ReferenceResidual<Wide>>(
      .init(), L: 1, D: 1, masks: true, seed: 31)
    residual.masks = ReferenceMasks(recurrent: zeros(1, 3))
    residual.dy = zeros(3, 3)
    #expect(residual.backward.dInitial == residual.dFinal)
    var gru = NetworkProblem<ReferenceGRU<Wide>>(.init(), L: 1, D: 1, masks: true, seed: 32)
    gru.masks = ReferenceMasks(recurrent: zeros(1, 3))
    gru.dy = zeros(3, 3)
    let z = gru.network.gates(gru.x, from: gru.initial, masks: gru.masks)[0].map { $0[1] }
    let product = zip(zip(z[2], z[1]), zip(z[0], gru.dFinal[0].hidden)).map { later, earlier in
      earlier.1 * later.0 * later.1 * earlier.0
    }
    #expect(
      largestDifference(gru.backward.dInitial[0].hidden, product) <= 8 * Double(Wide.ulpOfOne))
  }

  /// A unit with full zoneout keeps its state through all steps, and its gradient passes through,
  /// for h and c separately.
  @Test(arguments: [1, 2])
  func aZoneoutOfOneKeepsTheState(_ D: Int) {
    func problem(hidden: Wide, cell: Wide) -> NetworkProblem<LSTM> {
      var problem = NetworkProblem<LSTM>(.init(), L: 1, D: D, masks: false, seed: 33)
      let d = ReferenceState<Wide>(
        hidden: Array(repeating: hidden, count: 3), cell: Array(repeating: cell, count: 3))
      problem.masks.zoneout = Array(repeating: Array(repeating: d, count: 3), count: D)
      problem.dy = zeros(3, 3 * D)
      return problem
    }
    let both = problem(hidden: 1, cell: 1)
    #expect(both.output.finalStates == both.initial)
    #expect(both.backward.dInitial == both.dFinal)
    #expect(both.backward.gradients.allSatisfy { $0 == 0 })
    let cell = problem(hidden: 0, cell: 1)
    #expect(cell.output.finalStates.map(\.cell) == cell.initial.map(\.cell))
    #expect(cell.output.finalStates.map(\.hidden) != cell.initial.map(\.hidden))
    let none = problem(hidden: 0, cell: 0)
    var without = none
    without.masks.zoneout = []
    #expect(none.output.states == without.output.states)
  }

  @Test func withoutStepsTheStatesPassThrough() {
    let problem = NetworkProblem<LSTM>(.init(), T: 0, L: 2, D: 2, masks: true, seed: 28)
    #expect(problem.output.finalStates == problem.initial)
    #expect(problem.backward.dInitial == problem.dFinal)
  }
}
