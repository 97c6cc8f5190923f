// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

@testable import RecurTraining

@Suite struct BatchExamplesTests {
  /// 3 sequences of 2 steps. Each number is 10 times its sequence plus its step.
  private func examples() throws -> BatchExamples<Double> {
    let x = try SequenceBatch<Double>(
      steps: 2, batchSize: 3, features: 1, elements: [0, 10, 20, 1, 11, 21])
    let tokens = try TokenBatch(steps: 2, batchSize: 3, tokens: [0, 10, 20, 1, 11, 21])
    let mask = [true, false, true, true, true, false]
    return try BatchExamples(
      TrainingBatch(
        inputs: ["x": .features(x), "k": .tokens(tokens)], lengths: [2, 1, 0],
        targets: [
          "y": OutputTargets(.values(x.matrix), mask: mask),
          "z": OutputTargets(.labels([0, 10, 20])),
        ]))
  }

  @Test func batchesHaveTheirSequences() throws {
    let batch = try examples().batch([9, 2, 0][1...])
    guard case .features(let x)? = batch.inputs["x"], case .tokens(let k)? = batch.inputs["k"],
      case .values(let y)? = batch.outputTargets["y"]?.targets,
      case .labels(let z)? = batch.outputTargets["z"]?.targets
    else {
      Issue.record("a part is missing")
      return
    }
    #expect(x.steps == 2 && x.batchSize == 2 && x.elements == [20, 0, 21, 1])
    #expect(k.tokens == [20, 0, 21, 1] && y.elements == x.elements && z == [20, 0])
    #expect(batch.lengths == [0, 2])
    #expect(batch.outputTargets["y"]?.mask == [true, true, false, true])
    #expect(throws: RecurError.self) { try examples().batch([3][...]) }
  }

  @Test func partsAreDisjointAndSeeded() throws {
    func labels(_ part: BatchExamples<Double>?) -> [Int] {
      guard case .labels(let labels)? = part?.all.outputTargets["z"]?.targets else { return [] }
      return labels
    }
    var firsts: Set<[Int]> = []
    for seed in 0..<20 as Range<UInt64> {
      let (training, validation) = try examples().split(validation: 0.3, seed: seed)
      #expect((labels(training) + labels(validation)).sorted() == [0, 10, 20])
      #expect(labels(validation).count == 1)
      firsts.insert(labels(validation))
    }
    #expect(firsts.count == 3)
    let none = try examples().split(validation: 0, seed: 1)
    #expect(none.validation == nil && labels(none.training) == [0, 10, 20])
    #expect(try examples().split(validation: 1, seed: 1).training == nil)
    #expect(throws: RecurError.self) { try examples().split(validation: 1.5, seed: 1) }
  }

  @Test func partsOfOtherSizesAreRefused() throws {
    func refused(_ change: (inout TrainingBatch<Double>) throws -> Void) throws {
      var batch = try examples().all
      try change(&batch)
      #expect(throws: RecurError.self) { try BatchExamples(batch) }
    }
    try refused { $0.lengths = [1] }
    try refused { $0.outputTargets["z"]?.targets = .labels([1, 2]) }
    try refused { $0.outputTargets["y"]?.mask = [true] }
    try refused {
      $0.inputs["k"] = .tokens(try TokenBatch(steps: 2, batchSize: 1, tokens: [1, 1]))
    }
    try refused { $0.inputs = [:] }
  }
}
