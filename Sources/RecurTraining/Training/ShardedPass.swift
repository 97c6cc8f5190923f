// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A part of a batch that is computed in one pass: a shard, or the whole batch.
struct BatchPart<TrainedModel: TrainableModel> {
  var batch: TrainingBatch<TrainedModel.Scalar>
  var initialState: TrainedModel.State?
  var dropoutSeed: DropoutSeed?

  /// The index in the batch of the first sequence.
  var firstSequence = 0
}

/// The loss of the parts of a batch, which adds up along the tree, and their final states.
struct BatchResult<State> {
  /// The loss of a batch is the sum of those of its parts: each is a sum over rows, divided by the total
  /// of the batch.
  var loss: Double
  var count: Int
  var finalStates: [State]

  init(_ loss: LossValue, _ finalState: State?) {
    self.loss = loss.count == 0 ? 0 : loss.mean
    count = loss.count
    finalStates = finalState.map { [$0] } ?? []
  }

  /// The result of the next parts, added to this one.
  mutating func add(_ next: BatchResult) {
    loss += next.loss
    count += next.count
    finalStates += next.finalStates
  }

  /// The loss of the parts of all ranks.
  func total(over ranks: any Ranks) throws(RecurError) -> LossValue {
    let total = try ranks.sum([loss, Double(count)])
    return LossValue(mean: total[1] == 0 ? .nan : total[0], count: Int(total[1]))
  }
}

extension Training {
  /// Returns the parts of a batch that this rank computes; nil for those without sequences.
  func parts(
    of batch: TrainingBatch<Scalar>, _ ranks: any Ranks
  ) throws(RecurError) -> [BatchPart<TrainedModel>?] {
    if !isCarriedInPart { try current.requireBatchSize(of: carried, in: batch) }
    guard let (shards, own) = try options.shards(of: ranks) else {
      return [BatchPart(batch: batch, initialState: carried, dropoutSeed: dropoutSeed)]
    }
    let B = batch.batchSize
    // The first sequence of the carried state.
    let first = isCarriedInPart ? shards.sequences(of: own, batchSize: B).lowerBound : 0
    let totals = try current.totals(options.loss, of: batch)
    let examples = try BatchExamples(batch)
    return try own.map { shard throws(RecurError) in
      let sequences = shards.sequences(of: shard..<shard + 1, batchSize: B)
      guard !sequences.isEmpty else { return nil }
      var part = try examples.batch(Array(sequences)[...])
      part.totals = totals
      let state = try carried.map { state throws(RecurError) in
        try current.state(state, of: sequences.lowerBound - first..<sequences.upperBound - first)
      }
      var seed = dropoutSeed
      seed?.firstSequence = sequences.lowerBound
      return BatchPart(
        batch: part, initialState: state, dropoutSeed: seed, firstSequence: sequences.lowerBound)
    }
  }

  /// Computes the sum of the gradients of some parts, in `gradients[level]`: those of the first half plus
  /// those of the second half, and so on. One vector for each level is enough.
  mutating func differentiate(
    _ parts: ArraySlice<BatchPart<TrainedModel>?>, level: Int = 0, _ threads: Threads?
  ) throws(RecurError) -> BatchResult<TrainedModel.State> {
    if level == gradients.count { gradients.append(try current.parameters.zeros()) }
    guard parts.count > 1 else { return try differentiate(parts.first!, level, threads) }
    let middle = parts.startIndex + parts.count / 2
    var result = try differentiate(parts[..<middle], level: level, threads)
    result.add(try differentiate(parts[middle...], level: level + 1, threads))
    let terms = gradients[level + 1]
    try gradients[level].add(terms, times: 1)
    return result
  }

  private mutating func differentiate(
    _ part: BatchPart<TrainedModel>?, _ level: Int, _ threads: Threads?
  ) throws(RecurError) -> BatchResult<TrainedModel.State> {
    try gradients[level].clear()
    guard let part else { return BatchResult(LossValue(mean: .nan, count: 0), nil) }
    let (loss, state) = try current.differentiate(
      options.loss, on: part.batch, initialState: part.initialState,
      dropoutSeed: part.dropoutSeed, threads: threads, addingTo: &gradients[level])
    return BatchResult(loss, state)
  }

  /// The seed of the random masks of a batch.
  private var dropoutSeed: DropoutSeed? {
    guard current.drawsMasks else { return nil }
    var generator = SplitMix64(seed: options.seed ^ 0x5eed_0f_d20b)
    generator = SplitMix64(seed: generator.next() &+ UInt64(position.step))
    return DropoutSeed(generator.next())
  }

  /// Finds the first value that is not finite in the passes of all ranks.
  func firstNotFinite(
    in parts: [BatchPart<TrainedModel>?], _ ranks: any Ranks
  ) throws -> NonFiniteLocation? {
    func find() throws(RecurError) -> NonFiniteLocation? {
      for part in parts.compactMap(\.self) {
        guard
          var place = try current.firstNotFinite(
            options.loss, part.batch, initialState: part.initialState,
            dropoutSeed: part.dropoutSeed)
        else { continue }
        place.sequence += part.firstSequence
        return place
      }
      return nil
    }
    guard ranks.count > 1 else { return try find() }
    // A rank without memory for it must still answer the others.
    return try ranks.first(try? find())
  }
}

extension ParameterVector {
  /// Replaces the elements by their sums over all ranks.
  mutating func sum(over ranks: any Ranks) throws(RecurError) {
    guard ranks.count > 1 else { return }
    try ranks.sum(UnsafeMutableBufferPointer(start: uniqueBase(), count: count))
  }
}
