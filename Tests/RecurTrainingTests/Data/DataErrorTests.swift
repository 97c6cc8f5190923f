// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import Testing

/// Inconsistent data cause errors before any access out of bounds.
@Suite struct DataErrorTests {
  private let windows: Windows<Double>

  init() throws {
    let numbers = try Matrix<Double>(rows: 10, columns: 1)
    windows = try Windows(inputs: numbers, targets: numbers, length: 3)
  }

  @Test func targetsAreOfOneWidth() throws {
    let inputs = [try Matrix<Double>([[1]]), try Matrix<Double>([[2]])]
    for wide in [1, 3] {
      let targets = try [2, wide].map { try Matrix<Double>(rows: 1, columns: $0) }
      #expect(throws: RecurError.self) {
        try Sequences(inputs: inputs, targets: .values(targets), reading: .lastStep)
      }
    }
  }

  @Test(arguments: [1, 3]) func eachSequenceHasTargets(count: Int) throws {
    let inputs = [try Matrix<Double>([[1]]), try Matrix<Double>([[2]])]
    let labels = Array([[0], [1], [1]].prefix(count))
    #expect {
      try Sequences(inputs: inputs, targets: .labels(labels), reading: .lastStep)
    } throws: {
      "\($0)".contains("targets has \(count) sequences, expected 2")
    }
  }

  @Test func examplesHaveToExist() throws {
    let inputs = [try Matrix<Double>([[1]]), try Matrix<Double>([[2]])]
    let sequences = try Sequences(
      inputs: inputs, targets: .labels([[0], [1]]), reading: .lastStep)
    let stream = try TokenStream<Double>([0, 1, 0, 1, 0], steps: 2, batchSize: 1)
    for wrong in [-1, 8, 100_000_000] {
      #expect(throws: RecurError.self) { try windows.batch([0, wrong]) }
      #expect(throws: RecurError.self) { try windows.input([wrong]) }
      #expect(throws: RecurError.self) { try sequences.batch([wrong]) }
      #expect(throws: RecurError.self) { try stream.batch([wrong]) }
    }
    #expect(try windows.batch([0, 7]).batchSize == 2)
  }

  @Test func thereIsSomethingToGoBy() throws {
    let none = try Windows<Double>(
      inputs: windows.inputs, targets: windows.targets, length: 3, ends: 5..<5)
    let model = try SequenceModel<Double>(
      network: GRU(inputSize: 1, hiddenSize: 2, seed: 0),
      head: Linear(inputSize: 2, outputSize: 1, seed: 0),
      reading: .lastStep)
    var training = try Training(model, options: .init(loss: .meanSquaredError))
    #expect(throws: RecurError.self) { try training.step(none) }
    #expect(throws: RecurError.self) { try training.step(windows, validation: none) }
    #expect(throws: RecurError.self) { try model.loss(.meanSquaredError, over: none) }
    #expect(throws: RecurError.self) {
      try model.loss(.meanSquaredError, over: windows, batching: .inOrder(size: 0))
    }
    #expect(try training.step(windows, validation: windows) != nil)
  }

  @Test func twoDirectionsAreNotContinued() throws {
    let model = try SequenceModel<Double>(
      network: GRU(inputSize: 1, hiddenSize: 2, bidirectional: true, seed: 0),
      head: Linear(inputSize: 4, outputSize: 1, seed: 0), reading: .lastStep)
    #expect(throws: RecurError.self) {
      try Training(model, options: .init(loss: .meanSquaredError, batching: .stateful))
    }
    #expect(throws: RecurError.self) {
      try model.loss(.meanSquaredError, over: windows, batching: .stateful)
    }
  }

  @Test func whatIsNotANumberIsNoToken() throws {
    var model = try SequenceModel<Double>(
      embedding: Embedding(vocabularySize: 3, size: 2, seed: 0),
      network: GRU(inputSize: 2, hiddenSize: 2, seed: 0),
      head: Linear(inputSize: 2, outputSize: 3, seed: 0), reading: .everyStep)
    model.parameters.withMutableSpan { $0[0] = .nan }
    for temperature in [0.0, 1] {
      #expect(throws: RecurError.self) {
        try model.generate(after: [0], temperature: temperature) { _ in false }
      }
    }
  }
}
