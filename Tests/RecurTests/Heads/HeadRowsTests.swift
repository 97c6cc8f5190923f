// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import TestSupport
import Testing

/// Heads on matrices and batches of sequences, and with outputs in existing memory.
@Suite struct HeadRowsTests {
  static let (T, B, I, O) = (3, 2, 4, 5)
  let head: SoftmaxHead<Double>
  let batch: SequenceBatch<Double>
  let dy: SequenceBatch<Double>
  let labels: [Int]

  init() throws {
    var random = SplitMix64(seed: 21)
    head = try SoftmaxHead(
      weight: Matrix(random.matrix(Self.O, Self.I)), bias: random.vector(Self.O))
    batch = try SequenceBatch(
      steps: Self.T, batchSize: Self.B, matrix: Matrix(random.matrix(Self.T * Self.B, Self.I)))
    dy = try SequenceBatch(
      steps: Self.T, batchSize: Self.B, matrix: Matrix(random.matrix(Self.T * Self.B, Self.O)))
    labels = (0..<Self.T * Self.B).map { _ in Int(random.next() % UInt64(Self.O)) }
  }

  @Test func bothHeadsAreAlike() throws {
    #expect(head.inputSize == Self.I && head.outputSize == Self.O)
    #expect(head.linear.inputSize == Self.I && head.linear.outputSize == Self.O)
    #expect(head.parameters == head.linear.parameters)
  }

  @Test func batchesGiveWhatTheirRowsGive() throws {
    let rows = batch.matrix
    let (y, z) = try (head(batch), head.linear(batch))
    #expect(y.steps == Self.T && y.batchSize == Self.B && z.steps == Self.T)
    #expect(try y.matrix == head(rows))
    #expect(try z.matrix == head.linear(rows))

    func expect(
      _ got: HeadGradients<SequenceBatch<Double>>, _ want: HeadGradients<Matrix<Double>>
    ) {
      #expect(got.inputs.steps == Self.T && got.inputs.batchSize == Self.B)
      #expect(got.inputs.matrix == want.inputs)
      #expect(got.parameters == want.parameters)
    }
    try expect(
      head.trainingPass(batch).backward(outputGradient: dy),
      head.trainingPass(rows).backward(outputGradient: dy.matrix))
    try expect(
      head.linear.trainingPass(batch).backward(outputGradient: dy),
      head.linear.trainingPass(rows).backward(outputGradient: dy.matrix))
    let pass = try head.crossEntropy(batch, labels: labels)
    #expect(pass.probabilities == y)
    #expect(try pass.losses == head.crossEntropy(rows, labels: labels).losses)
    try expect(pass.backward(), head.crossEntropy(rows, labels: labels).backward())
  }

  @Test func aGradientMayBeAFunctionOfTheOutputs() throws {
    let (y, z) = try (head(batch), head.linear(batch))
    let softmax = try head.trainingPass(batch).backward { y in try 2 * (y - dy) }
    let linear = try head.linear.trainingPass(batch).backward { z in try 2 * (z - dy) }
    let wantSoftmax = try head.trainingPass(batch).backward(outputGradient: 2 * (y - dy))
    let wantLinear = try head.linear.trainingPass(batch).backward(outputGradient: 2 * (z - dy))
    #expect(softmax.inputs == wantSoftmax.inputs && softmax.parameters == wantSoftmax.parameters)
    #expect(linear.inputs == wantLinear.inputs && linear.parameters == wantLinear.parameters)
    #expect(throws: CancellationError.self) {
      _ = try head.trainingPass(batch).backward { _ in throw CancellationError() }
    }
  }

  /// The address of the elements.
  private func address(_ rows: some FeatureRows<Double>) -> UInt {
    rows.matrix.withSpan { $0.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
  }

  @Test func outputsGoIntoMemoryThatExists() throws {
    var y = try Matrix<Double>(rows: Self.T * Self.B, columns: Self.O)
    var sequences = try SequenceBatch<Double>(
      steps: Self.T, batchSize: Self.B, features: Self.O)
    let (copy, places) = (y, (address(sequences), address(batch)))
    try head(batch.matrix, into: &y)
    #expect(try y == head(batch.matrix))
    #expect(copy.elements.allSatisfy { $0 == 0 }, "a copy keeps its elements")
    let place = address(y)
    try head.linear(batch.matrix, into: &y)
    #expect(try y == head.linear(batch.matrix))
    #expect(address(y) == place, "unshared memory is reused")
    try head(batch, into: &sequences)
    #expect(try sequences == head(batch))
    try head.linear(batch, into: &sequences)
    #expect(try sequences == head.linear(batch))
    #expect(places == (address(sequences), address(batch)), "unshared memory is reused")
  }

  @Test func parametersChangeInPlace() throws {
    var head = try SoftmaxHead<Double>(inputSize: Self.I, outputSize: Self.O, seed: 0)
    let gradients = try head.trainingPass(batch).backward(outputGradient: dy).parameters
    func address() -> UInt {
      head.parameters.withSpan { $0.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
    }
    let (before, place) = (head.parameters.elements, address())
    try head.parameters.add(gradients, times: -1)
    #expect(address() == place)
    #expect(head.parameters.elements == zip(before, gradients.elements).map { $0 - $1 })
    #expect(head.linear.parameters == head.parameters)
  }

  @Test func errorsNameWhatWasGiven() throws {
    func expect(_ description: String, _ body: () throws -> Void) {
      #expect(performing: body, throws: { "\($0)" == description })
    }
    let turned = try SequenceBatch(steps: Self.B, batchSize: Self.T, matrix: dy.matrix)
    expect("outputGradient has 2 steps of 3 sequences, expected 3 of 2") {
      _ = try head.trainingPass(batch).backward(outputGradient: turned)
    }
    expect("outputGradient has 2 steps of 3 sequences, expected 3 of 2") {
      _ = try head.linear.trainingPass(batch).backward(outputGradient: turned)
    }
    var sequences = turned
    expect("output has 2 steps of 3 sequences, expected 3 of 2") {
      try head(batch, into: &sequences)
    }
    expect("output has 2 steps of 3 sequences, expected 3 of 2") {
      try head.linear(batch, into: &sequences)
    }
    var y = try Matrix<Double>(rows: 6, columns: 4)
    expect("output is 6 x 4, expected 6 x 5") { try head(batch.matrix, into: &y) }
    expect("output is 6 x 4, expected 6 x 5") { try head.linear(batch.matrix, into: &y) }
    expect("input is 6 x 5, expected 6 x 4") { _ = try head(dy) }
    expect("labels has \(Int.max) in row 1, expected 0 to 4") {
      _ = try head.crossEntropy(batch, labels: [0, .max, 0, 0, 0, 0])
    }
    expect("labels has 5 in row 1, expected 0 to 4") {
      _ = try head.crossEntropy(batch, labels: [0, 5, 0, 0, 0, 0])
    }
    expect("weight is 0 x 3, expected at least 1 x 1") {
      _ = try SoftmaxHead(weight: Matrix<Float>(rows: 0, columns: 3))
    }
  }
}
