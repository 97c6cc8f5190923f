// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import Testing

@Suite struct SignalStreamTests {
  /// Rows 0, 1, 2, … with two inputs and one target each.
  private func signal(_ rows: Int) throws -> (inputs: Matrix<Double>, targets: Matrix<Double>) {
    (
      try Matrix(rows: rows, columns: 2, elements: (0..<2 * rows).map { Double($0) }),
      try Matrix(rows: rows, columns: 1, elements: (0..<rows).map { -Double($0) })
    )
  }

  private func stream(
    _ rows: Int, steps: Int, batchSize: Int, warmUp: Int = 0
  ) throws -> SignalStream<Double> {
    let (inputs, targets) = try signal(rows)
    return try SignalStream(
      inputs: inputs, targets: targets, steps: steps, batchSize: batchSize, warmUp: warmUp)
  }

  @Test func chunksContinueEachSequence() throws {
    // Two sequences, of rows 0 to 6 and 7 to 13; row 14 and the last of each are left over.
    let data = try stream(15, steps: 3, batchSize: 2, warmUp: 4)
    #expect(data.count == 2)
    var masks: [[Bool]?] = []
    for (chunk, rows) in [(0, [0, 7, 1, 8, 2, 9]), (1, [3, 10, 4, 11, 5, 12])] {
      let batch = try data.batch([chunk])
      guard case .features(let x) = batch.input, case .values(let y) = batch.targets else {
        Issue.record("no features or values")
        return
      }
      #expect(x.steps == 3 && x.batchSize == 2)
      #expect(x.elements == rows.flatMap { [Double(2 * $0), Double(2 * $0 + 1)] })
      #expect(y.elements == rows.map { -Double($0) })
      masks.append(batch.mask)
    }
    #expect(masks[0] == Array(repeating: false, count: 6))
    #expect(masks[1] == [false, false, true, true, true, true])
    #expect(try stream(15, steps: 3, batchSize: 2, warmUp: 3).batch([1]).mask == nil)
  }

  @Test func signalsThatDoNotFitAreRefused() throws {
    let (inputs, targets) = try (signal(10).inputs, signal(9).targets)
    #expect(throws: RecurError.self) {
      try SignalStream(inputs: inputs, targets: targets, steps: 2, batchSize: 1)
    }
    for (steps, batchSize, warmUp) in [
      (0, 1, 0), (2, 0, 0), (2, 1, -1), (11, 1, 0), (6, 2, 0), (4, 2, 4), (5, 2, 5),
      (2, .max, 0), (.max, 1, 0), (2, 2, .max),
    ] {
      #expect(throws: RecurError.self, "\(steps) \(batchSize) \(warmUp)") {
        try stream(10, steps: steps, batchSize: batchSize, warmUp: warmUp)
      }
    }
    let data = try stream(10, steps: 2, batchSize: 2)
    for wrong in [[], [0, 1], [2], [-1]] as [[Int]] {
      #expect(throws: RecurError.self) { try data.batch(wrong[...]) }
    }
  }
}
