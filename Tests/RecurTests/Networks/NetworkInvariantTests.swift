// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur
import Recur
import RecurReference
import TestSupport
import Testing

/// Invariants that users rely on, for every cell: bit-identical where the same sums are computed,
/// otherwise within the tolerance.
@Suite struct NetworkInvariantTests {
  static let shape = NetworkShape(T: 9, B: 3, I: 4, H: 6, L: 2)

  private func forEachCell(_ shape: NetworkShape = shape, _ visitor: some ProblemVisitor) throws {
    for cell in TestedCells.structures { try cell.visit(shape, seed: 5, visitor) }
  }

  @Test(arguments: [false, true])
  func missingStateIsZeroState(_ bidirectional: Bool) throws {
    struct Check: ProblemVisitor {
      func visit<Network, Cell>(_ problem: NetworkProblem<Network, Cell>) throws {
        let network = problem.network
        let missing = try network.trainingPass(problem.x)
        let given = try network.trainingPass(
          problem.x, initialState: network.zeroState(batchSize: problem.shape.B))
        #expect(missing.outputs == given.outputs)
        let a = try missing.backward(outputGradient: problem.dy)
        let b = try given.backward(
          outputGradient: problem.dy,
          finalStateGradient: network.zeroState(batchSize: problem.shape.B))
        #expect(a.parameters == b.parameters)
        #expect(a.initialState == b.initialState)
        let none = try network.trainingPass(problem.x).backward()
        #expect(none.parameters.elements.allSatisfy { $0 == 0 })
      }
    }
    var shape = Self.shape
    shape.bidirectional = bidirectional
    try forEachCell(shape, Check())
  }

  @Test func inferenceIsTheTrainingPass() throws {
    struct Check: ProblemVisitor {
      func visit<Network, Cell>(_ problem: NetworkProblem<Network, Cell>) throws {
        let output = try problem.network(
          problem.x, lengths: problem.lengths, initialState: problem.state)
        let pass = try problem.pass()
        #expect(output.outputs == pass.outputs)
        #expect(output.finalState == pass.finalState)
      }
    }
    for bidirectional in [false, true] {
      for layers in 1...4 {
        var shape = Self.shape
        (shape.L, shape.bidirectional, shape.ragged) = (layers, bidirectional, true)
        try forEachCell(shape, Check())
      }
    }
  }

  @Test func segmentsChangeNoBit() throws {
    struct Check: ProblemVisitor {
      func visit<Network, Cell>(_ problem: NetworkProblem<Network, Cell>) throws {
        let want = try problem.native()
        for every in [1, 2, 5, 6, 13, 40, 100] {
          let pass = try problem.network.trainingPass(
            problem.x, lengths: problem.lengths, initialState: problem.state,
            dropoutSeed: problem.dropoutSeed, segmentLength: every)
          #expect(pass.outputs.matrix.elements == want.forward[0].values)
          let got = try pass.backward(
            outputGradient: problem.dy, finalStateGradient: problem.dState, stateNorms: true)
          #expect(got.parameters.elements == want.parameters, "\(problem.options) every \(every)")
          #expect(got.inputs.matrix.elements == want.inputs[0].values)
          #expect(got.initialState.hidden.elements == want.inputs[1].values)
          #expect(got.stateNorms?.elements == want.inputs[3].values)
        }
      }
    }
    for ragged in [false, true] {
      var shape = Self.shape
      (shape.T, shape.ragged) = (40, ragged)
      try forEachCell(shape.withRandomOptions, Check())
    }
  }

  @Test func stepByStepIsTheWhole() throws {
    struct Check: ProblemVisitor {
      func visit<Network, Cell>(_ problem: NetworkProblem<Network, Cell>) throws {
        let whole = try problem.network(problem.x, initialState: problem.state)
        var state = problem.state
        for t in 0..<problem.shape.T {
          let output: Matrix<Network.Scalar>
          (output, state) = try problem.network.step(problem.x.step(t), from: state)
          problem.expectSame(
            output.elements, try whole.outputs.step(t).elements, problem.operations.forward)
        }
        problem.expectSame(
          state.hidden.elements, whole.finalState.hidden.elements, problem.operations.forward)
      }
    }
    try forEachCell(Self.shape, Check())
    try forEachCell(Self.shape.withRandomOptions, Check())
  }

  /// Chunks that carry the state forward and its gradient backward equal the whole sequence, also
  /// with masks if the chunks know their first step.
  @Test(arguments: [[0, 9], [1, 8], [4, 5], [3, 3, 3], [2, 0, 6, 1]])
  func chunksAreTheWhole(_ chunks: [Int]) throws {
    struct Check: ProblemVisitor {
      let chunks: [Int]

      func visit<Network, Cell>(_ problem: NetworkProblem<Network, Cell>) throws {
        let network = problem.network
        let want = try problem.native()
        var starts = [(step: 0, state: problem.state)]
        for chunk in chunks {
          let (step, state) = starts.last!
          let pass = try network.trainingPass(
            problem.x[steps: step..<step + chunk], initialState: state,
            dropoutSeed: DropoutSeed(5, firstStep: 3 + step, firstSequence: 5))
          starts.append((step + chunk, pass.finalState))
        }
        problem.expectSame(
          starts.last!.state.hidden.elements, want.forward[1].values, problem.operations.forward)
        var gradients = try network.parameters.zeros()
        var dState = problem.dState
        for (chunk, (step, state)) in zip(chunks, starts).reversed() {
          let pass = try network.trainingPass(
            problem.x[steps: step..<step + chunk], initialState: state,
            dropoutSeed: DropoutSeed(5, firstStep: 3 + step, firstSequence: 5))
          let inputs = try pass.backward(
            outputGradient: problem.dy[steps: step..<step + chunk], finalStateGradient: dState,
            addingTo: &gradients)
          dState = inputs.initialState
        }
        problem.expectSame(gradients.elements, want.parameters, problem.operations.parameters)
        problem.expectSame(
          dState.hidden.elements, want.inputs[1].values, problem.operations.inputs)
      }
    }
    try forEachCell(Self.shape.withRandomOptions, Check(chunks: chunks))
  }

  /// A sequence in a batch, with or without padding, has the same results as alone.
  @Test(arguments: [false, true])
  func eachSequenceIsByItself(_ bidirectional: Bool) throws {
    struct Check: ProblemVisitor {
      func visit<Network, Cell>(_ problem: NetworkProblem<Network, Cell>) throws {
        let network = problem.network
        let pass = try problem.pass()
        let outputs = pass.outputs
        let all = try pass.backward(
          outputGradient: problem.dy, finalStateGradient: problem.dState)
        var gradients = try network.parameters.zeros()
        for b in 0..<problem.shape.B {
          let length = problem.lengths?[b] ?? problem.shape.T
          let one = { (batch: SequenceBatch<Network.Scalar>) in
            try SequenceBatch(
              steps: length, batchSize: 1, features: batch.features,
              elements: batch.batchFirst[b].prefix(length).joined())
          }
          var seed = problem.dropoutSeed
          seed?.firstSequence += b
          let alone = try network.trainingPass(
            one(problem.x), initialState: problem.sequence(b, of: problem.state),
            dropoutSeed: seed)
          problem.expectSame(
            alone.outputs.matrix.elements, try one(outputs).matrix.elements,
            problem.operations.forward)
          let inputs = try alone.backward(
            outputGradient: one(problem.dy),
            finalStateGradient: problem.sequence(b, of: problem.dState), addingTo: &gradients)
          problem.expectSame(
            inputs.inputs.matrix.elements, try one(all.inputs).matrix.elements,
            problem.operations.inputs)
        }
        problem.expectSame(
          gradients.elements, all.parameters.elements, problem.operations.parameters)
      }
    }
    for ragged in [false, true] {
      var shape = Self.shape
      (shape.B, shape.ragged, shape.bidirectional) = (5, ragged, bidirectional)
      try forEachCell(shape, Check())
      try forEachCell(shape.withRandomOptions, Check())
    }
  }

  @Test func paddingIsNeitherReadNorFilled() throws {
    struct Check: ProblemVisitor {
      func visit<Network, Cell>(_ problem: NetworkProblem<Network, Cell>) throws {
        var spoiled = problem
        for b in 0..<problem.shape.B {
          for t in problem.lengths![b]..<problem.shape.T {
            for i in 0..<problem.shape.I { spoiled.x[t, b, i] = .nan }
            for k in 0..<problem.dy.features { spoiled.dy[t, b, k] = .infinity }
          }
        }
        let (got, want) = (try spoiled.native(), try problem.native())
        #expect(got.forward.map(\.values) == want.forward.map(\.values))
        #expect(got.inputs.map(\.values) == want.inputs.map(\.values))
        #expect(got.parameters == want.parameters)
        let outputs = try problem.pass().outputs
        for b in 0..<problem.shape.B {
          for t in problem.lengths![b]..<problem.shape.T {
            #expect((0..<outputs.features).allSatisfy { outputs[t, b, $0] == 0 })
          }
        }
      }
    }
    for bidirectional in [false, true] {
      var shape = Self.shape
      (shape.B, shape.ragged, shape.bidirectional) = (6, true, bidirectional)
      try forEachCell(shape.withRandomOptions, Check())
    }
  }

  @Test func gradientsAreAdded() throws {
    struct Check: ProblemVisitor {
      func visit<Network, Cell>(_ problem: NetworkProblem<Network, Cell>) throws {
        let once = try problem.pass().backward(outputGradient: problem.dy)
        var twice = once.parameters
        _ = try problem.pass().backward(outputGradient: problem.dy, addingTo: &twice)
        problem.expectSame(
          twice.elements, once.parameters.elements.map { 2 * $0 }, problem.operations.parameters)
      }
    }
    try forEachCell(Self.shape, Check())
  }

  /// The gradient of half the sum of squares of the outputs, as a value and as a function of the
  /// outputs.
  @Test func outputGradientAsAFunction() throws {
    struct Check: ProblemVisitor {
      func visit<Network, Cell>(_ problem: NetworkProblem<Network, Cell>) throws {
        let pass = try problem.pass()
        let outputs = pass.outputs
        let want = try pass.backward(
          outputGradient: outputs, finalStateGradient: problem.dState, stateNorms: true)
        let got = try problem.pass().backward(
          finalStateGradient: problem.dState, stateNorms: true
        ) { outputs in outputs }
        #expect(got.parameters == want.parameters && got.inputs == want.inputs)
        #expect(got.initialState == want.initialState && got.stateNorms == want.stateNorms)
        #expect(throws: CancellationError.self) {
          try problem.pass().backward { _ in throw CancellationError() }
        }
      }
    }
    try forEachCell(Self.shape, Check())
  }

  @Test func recordIsWhatTheCellSays() throws {
    let network = try LSTM<Double>(
      inputSize: 3, hiddenSize: 4, layers: 3, bidirectional: true,
      initialization: .uniform, seed: 4)
    var random = SplitMix64(seed: 1)
    let x = try SequenceBatch<Double>(
      steps: 5, batchSize: 3, features: 3, elements: random.vector(45))
    let pass = try network.trainingPass(x, lengths: [2, 5, 3])
    for layer in 0..<3 {
      let outputs = try pass.outputs(ofLayer: layer)
      for direction in Direction.allCases {
        let gates = try pass.gates(layer: layer, direction: direction)
        let cells = try pass.cellStates(layer: layer, direction: direction)
        for (t, b) in [(0, 0), (1, 0), (2, 0), (4, 0), (4, 1), (2, 2)] {
          for k in 0..<4 {
            let h = gates[t, b, 12 + k] * Double.tanh(cells[t, b, k])
            #expect(abs(outputs[t, b, 4 * direction.rawValue + k] - h) <= 1e-15)
          }
        }
      }
    }
    #expect(try pass.outputs(ofLayer: 2) == pass.outputs)
    let part = try network.rows(of: pass.finalState.hidden, layer: 2, direction: .reverse)
    #expect(try part.elements[0..<4] == pass.outputs.step(0).elements[4..<8])
  }

  @Test func viewsGiveTheSame() throws {
    let network = try GRU<Double>(inputSize: 4, hiddenSize: 5, seed: 0)
    var random = SplitMix64(seed: 2)
    let x = try SequenceBatch<Double>(
      steps: 7, batchSize: 3, features: 4, elements: random.vector(84))
    let want = try network(x)
    let fromArray = try MatrixView.over(x.matrix.elements, rows: 21, columns: 4) {
      view throws(RecurError) in
      try network(view, steps: 7, batchSize: 3)
    }
    #expect(fromArray.outputs == want.outputs)

    // The same rows within wider ones
    let parent = gsl_matrix_calloc(22, 9)!
    defer { gsl_matrix_free(parent) }
    var part = gsl_matrix_submatrix(parent, 1, 2, 21, 4)
    for row in 0..<21 {
      for column in 0..<4 { gsl_matrix_set(&part.matrix, row, column, x.matrix[row, column]) }
    }
    let fromPart = try MatrixView<Double>.over(&part.matrix) { view throws(RecurError) in
      try network(view, steps: 7, batchSize: 3)
    }
    #expect(fromPart.outputs == want.outputs)
  }

  @Test func aModelIsAValueForManyTasks() async throws {
    let original = try LSTM<Double>(inputSize: 4, hiddenSize: 9, seed: 0)
    let x = try SequenceBatch<Double>(
      steps: 7, batchSize: 3, features: 4, elements: (0..<84).map { Double($0 % 5) })
    let want = try original(x).outputs
    var changed = original
    try changed.parameters.set("bias_ih_l0", to: Matrix(rows: 36, columns: 1))
    #expect(try changed(x).outputs != want)
    try await withThrowingTaskGroup(of: SequenceBatch<Double>.self) { group in
      for _ in 0..<16 { group.addTask { try original(x).outputs } }
      for try await got in group { #expect(got == want) }
    }
  }

  @Test func notANumberStaysInItsSequence() throws {
    struct Check: ProblemVisitor {
      func visit<Network, Cell>(_ problem: NetworkProblem<Network, Cell>) throws {
        var x = problem.x
        x[2, 1, 0] = .nan
        let nan = try problem.network(x).outputs
        for t in 0..<problem.shape.T {
          for b in 0..<problem.shape.B {
            let isNaN = (0..<nan.features).map { nan[t, b, $0].isNaN }
            #expect(!isNaN.contains(!(b == 1 && t >= 2)))
          }
        }
      }
    }
    try forEachCell(Self.shape, Check())
  }
}

extension NetworkProblem {
  /// Compares two ways of computing the same sums, each within the bound of the rule.
  func expectSame(_ a: [Scalar], _ b: [Scalar], _ operations: Int) {
    let tolerance = Tolerance(operations: operations, magnitude: magnitude(b))
    #expect(
      largestDifference(a, b) <= 2 * tolerance.bound(epsilon: Double(Scalar.ulpOfOne)),
      "\(Network.self), \(options), \(shape)")
  }

  /// The state of one sequence.
  func sequence(_ b: Int, of state: Network.State) throws -> Network.State {
    let rows = { (m: Matrix<Scalar>) in
      let all = m.rowArrays
      return stride(from: b, to: m.rows, by: shape.B).flatMap { all[$0] }
    }
    return try network.state(
      batchSize: 1, hidden: rows(state.hidden), cell: state.cellState.map { rows($0) })
  }
}
