// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

@Suite struct ErrorTests {
  private let network: RNN<Double>
  private let x: SequenceBatch<Double>

  init() throws {
    network = try RNN(inputSize: 3, hiddenSize: 4, seed: 0)
    x = try SequenceBatch(steps: 5, batchSize: 2, features: 3)
  }

  private func expect(
    _ argument: String, _ expected: (Int, Int), _ found: (Int, Int),
    _ body: () throws -> Void
  ) {
    #expect(
      throws: RecurError.shape(
        argument: argument, expected: .init(expected.0, expected.1),
        found: .init(found.0, found.1)), performing: body)
  }

  @Test func wrongShapesAreNamed() throws {
    let wide = try SequenceBatch<Double>(steps: 5, batchSize: 2, features: 7)
    expect("input", (10, 3), (10, 7)) { _ = try network(wide) }
    expect("input", (10, 3), (10, 7)) { _ = try network.trainingPass(wide) }
    let state = RNN<Double>.State(hidden: try Matrix(rows: 3, columns: 4))
    expect("initialState.hidden", (2, 4), (3, 4)) { _ = try network(x, initialState: state) }
    let row = try Matrix<Double>(rows: 2, columns: 9)
    expect("input", (2, 3), (2, 9)) { _ = try network.step(row) }
    expect("outputGradient", (10, 4), (10, 7)) {
      _ = try network.trainingPass(x).backward(outputGradient: wide)
    }
    expect("finalStateGradient.hidden", (2, 4), (3, 4)) {
      _ = try network.trainingPass(x).backward(finalStateGradient: state)
    }
    expect("gradient", (2, 4), (2, 9)) {
      _ = try network.errorTerms(step: 1, gradient: row, outputs: network(x).outputs)
    }
    expect("lengths", (2, 1), (3, 1)) { _ = try network(x, lengths: [1, 2, 3]) }
    expect("weight_hh_l0", (4, 4), (4, 5)) {
      _ = try RNN<Double>(
        weightIH: Matrix(rows: 4, columns: 3), weightHH: Matrix(rows: 4, columns: 5),
        biasIH: [1, 2, 3, 4], biasHH: [1, 2, 3, 4])
    }
    expect("bias_hh_l0", (4, 1), (3, 1)) {
      _ = try RNN<Double>(
        weightIH: Matrix(rows: 4, columns: 3), weightHH: Matrix(rows: 4, columns: 4),
        biasIH: [1, 2, 3, 4], biasHH: [1, 2, 3])
    }
  }

  @Test func stepsAndSequencesAreNotConfused() throws {
    let swapped = try SequenceBatch<Double>(steps: 2, batchSize: 5, features: 4)
    #expect {
      _ = try network.trainingPass(x).backward(outputGradient: swapped)
    } throws: {
      "\($0)" == "outputGradient has 2 steps of 5 sequences, expected 5 of 2"
    }
    #expect {
      _ = try swapped.step(.max)
    } throws: {
      "\($0)" == "step is \(Int.max), expected 0 to 1"
    }
  }

  @Test func equallyManyParametersAreNotEnough() throws {
    let small = try RNN<Double>(inputSize: 2, hiddenSize: 4, seed: 0)
    var others = try Linear<Double>(inputSize: 7, outputSize: 4, seed: 0).parameters
    #expect(others.count == small.parameters.count)
    let input = try SequenceBatch<Double>(steps: 1, batchSize: 1, features: 2)
    #expect(throws: RecurError.self) {
      _ = try small.trainingPass(input).backward(addingTo: &others)
    }
    var broken = small
    broken.parameters = others
    #expect {
      _ = try broken(input)
    } throws: {
      "\($0)" == "parameters has weight 4 x 7, bias 4 x 1, expected weight_ih_l0 4 x 2, "
        + "weight_hh_l0 4 x 4, bias_ih_l0 4 x 1, bias_hh_l0 4 x 1"
    }
  }

  @Test func negativeSizesReadAsGiven() throws {
    #expect {
      try RNN<Double>(inputSize: -1, hiddenSize: 1, seed: 0)
    } throws: {
      "\($0)" == "inputSize is -1, expected at least 1"
    }
    #expect {
      try Matrix<Double>(rows: 2, columns: -3)
    } throws: {
      "\($0)" == "columns is -3, expected at least 0"
    }
  }

  @Test func gradientsOfAnotherModelAreRefused() throws {
    var other = try RNN<Double>(inputSize: 3, hiddenSize: 5, seed: 0).parameters
    let before = other
    expect("gradients", (36, 1), (50, 1)) {
      _ = try network.trainingPass(x).backward(addingTo: &other)
    }
    #expect(other == before)
    var parameters = network.parameters
    expect("other", (36, 1), (50, 1)) { try parameters.add(other, times: 1) }
    var broken = network
    broken.parameters = other
    expect("parameters", (36, 1), (50, 1)) { _ = try broken(x) }
  }

  @Test func headsNameTheirArguments() throws {
    let head = try SoftmaxHead<Double>(inputSize: 4, outputSize: 3, seed: 0)
    let rows = try Matrix<Double>(rows: 2, columns: 5)
    let right = try Matrix<Double>(rows: 2, columns: 4)
    expect("input", (2, 4), (2, 5)) { _ = try head(rows) }
    expect("input", (2, 4), (2, 5)) { _ = try head.linear(rows) }
    expect("outputGradient", (2, 3), (2, 5)) {
      _ = try head.trainingPass(right).backward(outputGradient: rows)
    }
    expect("outputGradient", (2, 3), (2, 5)) {
      _ = try head.linear.trainingPass(right).backward(outputGradient: rows)
    }
    expect("labels", (2, 1), (3, 1)) { _ = try head.crossEntropy(right, labels: [0, 1, 2]) }
    expect("weights", (2, 1), (1, 1)) {
      _ = try head.crossEntropy(right, labels: [0, 1]).backward(weights: [1])
    }
    for label in [-1, 3, Int.max] {
      #expect(throws: RecurError.self) { _ = try head.crossEntropy(right, labels: [0, label]) }
    }
  }

  @Test(arguments: [
    (0, 4), (4, 0), (-1, 4), (4, -1), (Int.max, 4), (4, Int.max), (1 << 31, 1 << 31),
  ])
  func impossibleNetworksAreErrors(inputSize: Int, hiddenSize: Int) {
    #expect(throws: RecurError.self) {
      try RNN<Double>(inputSize: inputSize, hiddenSize: hiddenSize, seed: 0)
    }
    #expect(throws: RecurError.self) {
      try Linear<Float>(inputSize: inputSize, outputSize: hiddenSize, seed: 0)
    }
  }

  @Test func stepsOutOfRangeAreErrors() throws {
    for step in [-1, 5, Int.max] {
      #expect(throws: RecurError.self) {
        try network.errorTerms(
          step: step, gradient: Matrix(rows: 2, columns: 4), outputs: network(x).outputs)
      }
    }
    x.matrix.withView { view in
      for (steps, batchSize) in [(5, 3), (-5, -2), (Int.max, 2), (10, 0)] {
        do {
          _ = try network(view, steps: steps, batchSize: batchSize)
          Issue.record("\(steps) steps of \(batchSize) were accepted for 10 rows")
        } catch {}
      }
    }
  }

  @Test func unknownParametersAreErrors() throws {
    var parameters = network.parameters
    #expect(parameters["weight_xx"] == nil)
    #expect(throws: RecurError.self) {
      try parameters.set("weight_xx", to: Matrix(rows: 1, columns: 1))
    }
    #expect(
      parameters.slices.map(\.name) == ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"])
    #expect(parameters.slices.map(\.offset) == [0, 12, 28, 32])
  }

  @Test func descriptionsReadAsSentences() throws {
    let error = RecurError.shape(argument: "input", expected: .init(10, 3), found: .init(10, 7))
    #expect("\(error)" == "input is 10 x 7, expected 10 x 3")
    #expect {
      try RNN<Double>(inputSize: 0, hiddenSize: 1, seed: 0)
    } throws: {
      "\($0)" == "inputSize is 0, expected at least 1"
    }
    #expect {
      try RNN<Double>(inputSize: 1 << 30, hiddenSize: 1 << 30, seed: 0)
    } throws: {
      "\($0)" == "parameters is too large, expected at most \(Int.max) bytes"
    }
  }
}
