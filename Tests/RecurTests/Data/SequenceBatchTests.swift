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
      throws: RecurError.shape(argument: "sequence 1", expected: .init(2, 1), found: .init(2, 2))
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
}
