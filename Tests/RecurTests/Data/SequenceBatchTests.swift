// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

@Suite struct SequenceBatchTests {
  @Test func timeComesFirstInMemory() throws {
    let batch = try SequenceBatch<Double>(
      batchFirst: [[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]]])
    #expect(batch.steps == 3 && batch.batchSize == 2 && batch.features == 2)
    #expect(batch.matrix.elements == [1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12])
    #expect(batch[2, 1, 0] == 11)
    #expect(batch.batchFirst == [[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]]])
    #expect(try batch.step(1).elements == [3, 4, 9, 10])
    #expect(try batch[steps: 1..<3].matrix.elements == [3, 4, 9, 10, 5, 6, 11, 12])
  }

  @Test func shorterSequencesArePadded() throws {
    let (batch, lengths) = try SequenceBatch<Float>.padded(
      [[], [[1, 2], [3, 4], [5, 6]], [[7, 8]]])
    #expect(lengths == [0, 3, 1])
    #expect(batch.steps == 3 && batch.batchSize == 3 && batch.features == 2)
    #expect(batch.matrix.elements == [0, 0, 1, 2, 7, 8, 0, 0, 3, 4, 0, 0, 0, 0, 5, 6, 0, 0])
    let none = try SequenceBatch<Float>.padded([])
    #expect(none.lengths.isEmpty && none.batch.steps == 0 && none.batch.batchSize == 0)
    #expect(try SequenceBatch<Float>.padded([[], []]).batch.batchSize == 2)
    #expect(
      throws: RecurError.shape(argument: "sequence 1", expected: .init(1, 1), found: .init(1, 2))
    ) {
      _ = try SequenceBatch<Float>.padded([[[1], [2]], [[3, 4]]])
    }
  }

  @Test func misshapenSequencesAreErrors() {
    #expect(
      throws: RecurError.shape(argument: "sequence 1", expected: .init(2, 1), found: .init(1, 1))
    ) {
      try SequenceBatch<Double>(batchFirst: [[[1], [2]], [[3]]])
    }
    #expect(
      throws: RecurError.shape(argument: "sequence 1", expected: .init(1, 1), found: .init(1, 2))
    ) {
      try SequenceBatch<Double>(batchFirst: [[[1]], [[3, 4]]])
    }
    #expect(throws: RecurError.shape(argument: "matrix", expected: .init(6, 2), found: .init(5, 2)))
    {
      try SequenceBatch<Double>(steps: 3, batchSize: 2, matrix: Matrix(rows: 5, columns: 2))
    }
    #expect(throws: RecurError.self) {
      try SequenceBatch<Double>(steps: 2, batchSize: 1, features: 1)[steps: 1..<3]
    }
    #expect(throws: RecurError.self) {
      try SequenceBatch<Double>(steps: -2, batchSize: -1, features: 1)
    }
  }

  @Test func emptySequencesKeepTheirFeatures() throws {
    let network = try GRU<Float>(inputSize: 3, hiddenSize: 2, seed: 1)
    let (batch, lengths) = try SequenceBatch<Float>.padded([[], []], features: 3)
    #expect(batch.steps == 0 && batch.batchSize == 2 && batch.features == 3 && lengths == [0, 0])
    #expect(try network(batch, lengths: lengths).outputs.batchSize == 2)
    let none = try SequenceBatch<Float>(batchFirst: [], features: 3)
    #expect(none.steps == 0 && none.batchSize == 0 && none.features == 3)
    #expect(try network(none).outputs.features == 2)
    #expect(try SequenceBatch<Float>(batchFirst: [[], []], features: 3).features == 3)

    let given = try SequenceBatch<Float>(batchFirst: [[[1, 2]]], features: 2)
    #expect(given.elements == [1, 2])
    let error = RecurError.shape(
      argument: "sequence 0", expected: .init(1, 3), found: .init(1, 2))
    #expect(throws: error) { try SequenceBatch<Float>(batchFirst: [[[1, 2]]], features: 3) }
    #expect(throws: error) { _ = try SequenceBatch<Float>.padded([[[1, 2]], []], features: 3) }
    #expect {
      try SequenceBatch<Float>(batchFirst: [], features: -1)
    } throws: {
      "\($0)" == "features is -1, expected at least 0"
    }
  }

  @Test func anySequenceGivesElements() throws {
    let array = (0..<12).map { Double($0) / 3 }
    let batch = try SequenceBatch(steps: 3, batchSize: 2, features: 2, elements: array)
    #expect(batch.elements == array && batch[2, 1, 0] == array[10])
    #expect(batch.withSpan { $0[5] } == array[5])
    #expect(
      try SequenceBatch(steps: 3, batchSize: 2, features: 2, elements: array.span) == batch)
    #expect(
      try SequenceBatch(steps: 3, batchSize: 2, features: 2, elements: array.lazy.map { $0 })
        == batch)
    let error = RecurError.shape(
      argument: "elements", expected: .init(12, 1), found: .init(11, 1))
    #expect(throws: error) {
      try SequenceBatch(steps: 3, batchSize: 2, features: 2, elements: array.dropLast())
    }
    let short = Array(array.dropLast())
    #expect(throws: error) {
      try SequenceBatch(steps: 3, batchSize: 2, features: 2, elements: short.span)
    }
  }

  @Test func copiesAreIndependent() throws {
    let original = try SequenceBatch<Float>(batchFirst: [[[1], [2]], [[3], [4]]])
    var bySubscript = original
    bySubscript[1, 0, 0] = 9
    bySubscript[0, 1, 0] += 5
    var bySpan = original
    bySpan.withMutableSpan { $0[3] = 9 }
    #expect(original.batchFirst == [[[1], [2]], [[3], [4]]])
    #expect(bySubscript.batchFirst == [[[1], [9]], [[8], [4]]])
    #expect(bySpan.batchFirst == [[[1], [2]], [[3], [9]]])
  }

  @Test func functionsKeepTheShape() throws {
    let a = try SequenceBatch<Double>(batchFirst: [[[1, 2], [3, 4], [5, 6]]])
    let b = try SequenceBatch<Double>(batchFirst: [[[1, 1], [1, 1], [2, 2]]])
    #expect(try a.map { 2 * $0 }.batchFirst == [[[2, 4], [6, 8], [10, 12]]])
    #expect(
      try a.map(Float.init) == SequenceBatch<Float>(batchFirst: [[[1, 2], [3, 4], [5, 6]]]))
    #expect(try (2 * (a - b) + b).batchFirst == [[[1, 3], [5, 7], [8, 10]]])
    let like = try SequenceBatch(Matrix<Double>([[7], [8], [9]]), like: a)
    #expect(like.batchFirst == [[[7], [8], [9]]])
    #expect(throws: RecurError.shape(argument: "matrix", expected: .init(3, 1), found: .init(2, 1)))
    {
      try SequenceBatch(Matrix<Double>([[7], [8]]), like: a)
    }
    let turned = try SequenceBatch<Double>(steps: 1, batchSize: 3, features: 2)
    #expect {
      try a - turned
    } throws: {
      "\($0)" == "right operand has 1 steps of 3 sequences, expected 3 of 1"
    }
  }

  @Test func sizesReadAsGiven() throws {
    func expect(_ description: String, _ body: () throws -> SequenceBatch<Double>) {
      #expect(performing: body, throws: { "\($0)" == description })
    }
    expect("steps is -2, expected at least 0") {
      try SequenceBatch(steps: -2, batchSize: 1, features: 1)
    }
    expect("batchSize is -1, expected at least 0") {
      try SequenceBatch(steps: 2, batchSize: -1, matrix: Matrix(rows: 2, columns: 1))
    }
    expect("features is -3, expected at least 0") {
      try SequenceBatch(steps: 2, batchSize: 1, features: -3, elements: [])
    }
    expect("steps x batchSize is \(Int.max) x 2, which overflows") {
      try SequenceBatch(steps: .max, batchSize: 2, features: 1)
    }
    expect("steps x batchSize x features is \(1 << 40) x 1 x \(1 << 40), which overflows") {
      try SequenceBatch(steps: 1 << 40, batchSize: 1, features: 1 << 40)
    }
  }
}
