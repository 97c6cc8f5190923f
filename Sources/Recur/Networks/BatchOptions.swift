// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The options of a batch.
struct BatchOptions {
  var lengths: [Int]?
  var dropoutSeed: DropoutSeed?

  func withC<Result>(
    batchSize: Int, _ body: (UnsafePointer<recur_batch>) -> Result
  ) throws(RecurError) -> Result {
    var batch = recur_batch()
    if let dropoutSeed {
      try requireSize("dropoutSeed.firstStep", dropoutSeed.firstStep, atLeast: 0)
      try requireSize("dropoutSeed.firstSequence", dropoutSeed.firstSequence, atLeast: 0)
      batch.seed = dropoutSeed.seed
      batch.first_step = UInt64(dropoutSeed.firstStep)
      batch.first_sequence = UInt64(dropoutSeed.firstSequence)
    }
    guard let lengths else { return body(&batch) }
    guard lengths.count == batchSize else {
      throw .shape(
        argument: "lengths", expected: .init(batchSize, 1), found: .init(lengths.count, 1))
    }
    for (b, length) in lengths.enumerated() where length < 0 {
      throw .invalid(
        argument: "lengths", reason: "has \(length) for sequence \(b), expected at least 0")
    }
    return lengths.withUnsafeBufferPointer { pointer in
      batch.lengths = UnsafeRawPointer(pointer.baseAddress)?.assumingMemoryBound(to: Int.self)
      return body(&batch)
    }
  }
}
