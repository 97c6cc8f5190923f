// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The fixed parts of a batch whose gradients are computed on their own and summed along a binary tree.
struct Shards {
  /// V, a power of two.
  let count: Int

  /// The number of shards of a run on several ranks that does not choose another one.
  static let usual = 8
  private static let most = 1 << 16

  init(_ count: Int) throws(RecurError) {
    try require(
      "shards", count, 1...Self.most ~= count && count.nonzeroBitCount == 1,
      "a power of two up to \(Self.most)")
    self.count = count
  }

  /// The sequences of some shards of a batch with B sequences. The first shard is not empty.
  func sequences(of shards: Range<Int>, batchSize B: Int) -> Range<Int> {
    let start = { (shard: Int) in (shard * B + count - 1) / count }
    return start(shards.lowerBound)..<start(shards.upperBound)
  }

  /// The shards of a rank: a subtree.
  func owned(by ranks: any Ranks) throws(RecurError) -> Range<Int> {
    try require(
      "ranks", ranks.count, ranks.count.nonzeroBitCount == 1 && ranks.count <= count,
      "a power of two up to \(count), the number of shards")
    let share = count / ranks.count
    return ranks.rank * share..<(ranks.rank + 1) * share
  }
}

extension TrainingOptions {
  /// The number of shards of runs on several ranks that do not need another one: 8.
  public static var usualShards: Int { Shards.usual }

  /// The shards of a rank; nil if batches are not divided.
  func shards(of ranks: any Ranks) throws(RecurError) -> (all: Shards, own: Range<Int>)? {
    guard let shards else {
      guard ranks.count == 1 else {
        throw .invalid(
          argument: "shards",
          reason: "is nil, expected a power of two from \(ranks.count), the number of ranks")
      }
      return nil
    }
    let all = try Shards(shards)
    return (all, try all.owned(by: ranks))
  }
}
