// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

/// Parts of a state by layer and direction, and the last layer's directions side by side.
@Suite struct StateTests {
  private let network: LSTM<Double>
  private let hidden: Matrix<Double>

  /// L·D·B x P = 2·2·3 x 2, and row r contains 10 r and 10 r + 1.
  init() throws {
    network = try LSTM(
      inputSize: 2, hiddenSize: 5, layers: 2, bidirectional: true, projectionSize: 2, seed: 0)
    hidden = try Matrix((0..<12).map { [Double(10 * $0), Double(10 * $0 + 1)] })
  }

  @Test func rowsAreReadAndReplaced() throws {
    let part = try Matrix<Double>([[60, 61], [70, 71], [80, 81]])
    #expect(try network.rows(of: hidden, layer: 1) == part)
    var changed = hidden
    try network.setRows(of: &changed, layer: 0, direction: .reverse, to: part)
    #expect(try network.rows(of: changed, layer: 0, direction: .reverse) == part)
    #expect(Array(changed.elements[..<6]) == Array(hidden.elements[..<6]))
    #expect(Array(changed.elements[12...]) == Array(hidden.elements[12...]))
    #expect(hidden[3, 0] == 30)
  }

  @Test func lastHiddenIsTheLastLayerSideBySide() throws {
    let joined = try network.lastHidden(of: network.state(hidden: hidden))
    #expect(try joined == Matrix([[60, 61, 90, 91], [70, 71, 100, 101], [80, 81, 110, 111]]))
    let state = try network.state(lastHidden: joined)
    #expect(try network.lastHidden(of: state) == joined)
    #expect(state.hidden.rows == 12 && state.hidden.elements[..<12].allSatisfy { $0 == 0 })
    #expect(try state.cell == Matrix(rows: 12, columns: 5))
    let one = try GRU<Double>(inputSize: 1, hiddenSize: 2, seed: 0)
    let h = try Matrix<Double>([[1, 2], [3, 4]])
    #expect(try one.lastHidden(of: one.state(hidden: h)) == h)
    #expect(try one.state(lastHidden: h).hidden == h)
  }

  /// The gradient of the final state equals that of the outputs at the last step of each direction.
  @Test func itsGradientIsThatOfTheLastOutputs() throws {
    let x = try SequenceBatch<Double>(
      steps: 4, batchSize: 3, features: 2, elements: (0..<24).map { Double($0 % 7) / 7 })
    let lengths = [4, 1, 3]
    let dh = try Matrix<Double>([[1, -2, 3, -4], [0.5, 2, -1, 3], [4, 1, 2, -3]])
    var dy = try SequenceBatch<Double>(steps: 4, batchSize: 3, features: 4)
    for b in 0..<3 {
      for j in 0..<2 {
        dy[lengths[b] - 1, b, j] = dh[b, j]
        dy[0, b, 2 + j] = dh[b, 2 + j]
      }
    }
    let byState = try network.trainingPass(x, lengths: lengths)
      .backward(finalStateGradient: network.state(lastHidden: dh))
    let byOutputs = try network.trainingPass(x, lengths: lengths).backward(outputGradient: dy)
    #expect(byState.parameters == byOutputs.parameters)
    #expect(byState.inputs == byOutputs.inputs)
  }

  /// Code that is generic over the type of the state uses these members.
  @Test func statesOfOneMatrixOrTwo() throws {
    let c = try Matrix<Double>(rows: 12, columns: 5)
    func again<State: NetworkState<Double>>(_ state: State) throws -> State {
      try State(hidden: state.hidden, cellState: state.cellState)
    }
    let two = LSTMState(hidden: hidden, cell: c)
    #expect(two.cellState == c)
    #expect(try again(two) == two)
    let one = HiddenState(hidden: hidden)
    #expect(one.cellState == nil)
    #expect(try again(one) == one)
    #expect {
      try HiddenState(hidden: hidden, cellState: c)
    } throws: {
      "\($0)" == "cellState is given, but the state has no cell state"
    }
    #expect {
      try LSTMState(hidden: hidden, cellState: nil)
    } throws: {
      "\($0)" == "cellState is missing, but an LSTM state requires one"
    }
  }

  @Test func otherShapesAreErrors() throws {
    var state = hidden
    let part = try Matrix<Double>(rows: 3, columns: 2)
    #expect(throws: RecurError.shape(argument: "rows", expected: .init(3, 2), found: .init(2, 2))) {
      try network.setRows(of: &state, layer: 0, to: Matrix(rows: 2, columns: 2))
    }
    #expect(throws: RecurError.self) { try network.setRows(of: &state, layer: 2, to: part) }
    #expect(state == hidden)
    #expect(
      throws: RecurError.shape(argument: "lastHidden", expected: .init(3, 4), found: .init(3, 2))
    ) {
      _ = try network.state(lastHidden: part)
    }
    let wide = try network.state(hidden: Matrix(rows: 12, columns: 3))
    #expect(
      throws: RecurError.shape(
        argument: "state.hidden", expected: .init(12, 2), found: .init(12, 3))
    ) {
      _ = try network.lastHidden(of: wide)
    }
    let uneven = try network.state(hidden: Matrix(rows: 11, columns: 2))
    #expect(throws: RecurError.self) { _ = try network.lastHidden(of: uneven) }
  }
}
