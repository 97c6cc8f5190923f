// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur
import RealModule
import Recur
import TestSupport
import Testing

/// What users live by.
@Suite struct RNNInvariantTests {
  private let problem: RNNProblem<Double>

  init() throws {
    problem = try RNNProblem(.tanh, T: 7, B: 3, I: 4, H: 9, seed: 5)
  }

  /// Two ways of computing the same sums, each off by the rule's bound.
  private func expectSame(_ a: [Double], _ b: [Double], _ operations: Int) {
    let tolerance = Tolerance(operations: operations, magnitude: magnitude(a))
    #expect(largestDifference(a, b) <= tolerance.bound(epsilon: .ulpOfOne))
  }

  @Test func missingStateIsZeroState() throws {
    let zero = RNN<Double>.State(hidden: try Matrix(rows: 3, columns: 9))
    let missing = try problem.network.trainingPass(problem.x)
    let given = try problem.network.trainingPass(problem.x, initialState: zero)
    #expect(missing.outputs == given.outputs)
    let a = try missing.backward(outputGradients: problem.dh)
    let b = try given.backward(outputGradients: problem.dh)
    #expect(a.parameters == b.parameters)
    #expect(a.inputs.initialState == b.inputs.initialState)
  }

  @Test func missingGradientIsZeroGradient() throws {
    let network = problem.network
    let zeroBatch = try SequenceBatch<Double>(steps: 7, batchSize: 3, features: 9)
    let zeroState = RNN<Double>.State(hidden: try Matrix(rows: 3, columns: 9))
    let onlyState = try network.trainingPass(problem.x).backward(
      finalStateGradient: problem.dState)
    let withZeros = try network.trainingPass(problem.x).backward(
      outputGradients: zeroBatch, finalStateGradient: problem.dState)
    #expect(onlyState.parameters == withZeros.parameters)
    let onlyOutputs = try network.trainingPass(problem.x).backward(outputGradients: problem.dh)
    let withZeroState = try network.trainingPass(problem.x).backward(
      outputGradients: problem.dh, finalStateGradient: zeroState)
    #expect(onlyOutputs.parameters == withZeroState.parameters)
    let none = try network.trainingPass(problem.x).backward()
    #expect(none.parameters.elements.allSatisfy { $0 == 0 })
  }

  @Test func inferenceIsTheTrainingPass() throws {
    let output = try problem.network(problem.x, initialState: problem.state)
    let pass = try problem.network.trainingPass(problem.x, initialState: problem.state)
    #expect(output.outputs == pass.outputs)
    #expect(output.finalState == pass.finalState)
    #expect(try output.finalState.hidden == output.outputs.step(6))
  }

  @Test func stepByStepIsTheWhole() throws {
    let whole = try problem.network(problem.x, initialState: problem.state)
    var state: RNN<Double>.State? = problem.state
    for t in 0..<7 {
      state = try problem.network.step(problem.x.step(t), from: state)
      expectSame(
        state!.hidden.elements, try whole.outputs.step(t).elements, problem.operations.forward)
    }
  }

  @Test(arguments: [0, 1, 3, 7])
  func aSplitSequenceIsTheWhole(_ split: Int) throws {
    let whole = try problem.network.trainingPass(problem.x, initialState: problem.state)
    let first = try problem.network.trainingPass(
      problem.x[steps: 0..<split], initialState: problem.state)
    let second = try problem.network.trainingPass(
      problem.x[steps: split..<7], initialState: first.finalState)
    expectSame(
      first.outputs.matrix.elements + second.outputs.matrix.elements,
      whole.outputs.matrix.elements, problem.operations.forward)

    var gradients = try problem.network.parameters.zeros()
    let secondInputs = try second.backward(
      outputGradients: problem.dh[steps: split..<7], finalStateGradient: problem.dState,
      addingTo: &gradients)
    let firstInputs = try first.backward(
      outputGradients: problem.dh[steps: 0..<split], finalStateGradient: secondInputs.initialState,
      addingTo: &gradients)
    let want = try whole.backward(
      outputGradients: problem.dh, finalStateGradient: problem.dState)
    expectSame(
      gradients.elements, want.parameters.elements, problem.operations.parameters)
    expectSame(
      firstInputs.initialState.hidden.elements, want.inputs.initialState.hidden.elements,
      problem.operations.inputs)
  }

  @Test func eachSequenceIsByItself() throws {
    let batch = try problem.network(problem.x, initialState: problem.state)
    for b in 0..<3 {
      let alone = try problem.network(
        SequenceBatch(batchFirst: [problem.x.batchFirst[b]]),
        initialState: .init(hidden: Matrix([problem.state.hidden.rowArrays[b]])))
      expectSame(
        alone.outputs.matrix.elements, batch.outputs.batchFirst[b].flatMap { $0 },
        problem.operations.forward)
    }
  }

  @Test func gradientsAreAdded() throws {
    let once = try problem.network.trainingPass(problem.x).backward(outputGradients: problem.dh)
    var twice = once.parameters
    _ = try problem.network.trainingPass(problem.x).backward(
      outputGradients: problem.dh, addingTo: &twice)
    expectSame(
      twice.elements, once.parameters.elements.map { 2 * $0 }, problem.operations.parameters)
    #expect(once.parameters != twice)
  }

  @Test func viewsGiveTheSame() throws {
    let want = try problem.network(problem.x)
    let fromArray = try MatrixView.over(problem.x.matrix.elements, rows: 21, columns: 4) {
      view throws(RecurError) in
      try problem.network(view, steps: 7, batchSize: 3)
    }
    #expect(fromArray.outputs == want.outputs)

    // The same rows within wider ones.
    let parent = gsl_matrix_calloc(22, 9)!
    defer { gsl_matrix_free(parent) }
    var part = gsl_matrix_submatrix(parent, 1, 2, 21, 4)
    for row in 0..<21 {
      for column in 0..<4 {
        gsl_matrix_set(&part.matrix, row, column, problem.x.matrix[row, column])
      }
    }
    let fromPart = try MatrixView<Double>.over(&part.matrix) { view throws(RecurError) in
      try problem.network(view, steps: 7, batchSize: 3)
    }
    #expect(fromPart.outputs == want.outputs)
  }

  @Test func aModelIsAValue() throws {
    let original = problem.network
    var changed = original
    try changed.parameters.set("bias_ih", to: Matrix(rows: 9, columns: 1))
    let a = try original(problem.x).outputs
    #expect(try changed(problem.x).outputs != a)
    #expect(try problem.network(problem.x).outputs == a)
  }

  @Test func manyTasksMayUseOneModel() async throws {
    let (network, x) = (problem.network, problem.x)
    let want = try network(x).outputs
    try await withThrowingTaskGroup(of: SequenceBatch<Double>.self) { group in
      for _ in 0..<16 { group.addTask { try network(x).outputs } }
      for try await got in group { #expect(got == want) }
    }
  }

  @Test func notANumberAndInfinityFlowThrough() throws {
    var x = problem.x
    x[2, 1, 0] = .nan
    let nan = try problem.network(x).outputs
    for t in 0..<7 {
      for b in 0..<3 {
        #expect((0..<9).allSatisfy { nan[t, b, $0].isNaN == (b == 1 && t >= 2) })
      }
    }
    x[2, 1, 0] = .infinity
    let saturated = try problem.network(x).outputs
    #expect((0..<9).allSatisfy { abs(saturated[2, 1, $0]) == 1 })
  }

  @Test func seedsDetermineParameters() throws {
    let network = { (seed: UInt64) in
      try RNN<Float>(inputSize: 3, hiddenSize: 5, initialization: .uniform(seed: seed)).parameters
    }
    #expect(try network(1) == network(1))
    #expect(try network(1) != network(2))
    let bound = 1 / Float(5).squareRoot()
    #expect(try network(1).elements.allSatisfy { abs($0) <= bound && $0 != 0 })
    let zeros = try RNN<Float>(inputSize: 3, hiddenSize: 5, initialization: .zeros)
    #expect(zeros.parameters.elements.allSatisfy { $0 == 0 })
  }
}
