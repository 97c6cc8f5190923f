// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// Ranks that are threads of this process. They meet at every call.
final class ThreadRanks: @unchecked Sendable {
  private let count: Int
  private let condition = NSCondition()
  private var (waiting, meetings) = (0, 0)

  /// What the ranks bring to the next meeting, and what they brought to the last one.
  private var brought, memory: [UnsafeMutableRawPointer?]

  init(_ count: Int) {
    self.count = count
    memory = Array(repeating: nil, count: count)
    brought = memory
  }

  /// Runs a function on every rank; returns their results.
  static func run<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (any Ranks) throws -> Value
  ) -> [Result<Value, any Error>] {
    let group = ThreadRanks(count)
    let results = Results<Value>(count)
    let done = DispatchGroup()
    for rank in 0..<count {
      done.enter()
      let thread = Thread {
        results.values[rank] = Result { try body(Rank(group: group, rank: rank)) }
        done.leave()
      }
      thread.stackSize = 1 << 22
      thread.start()
    }
    done.wait()
    return results.values.map { $0! }
  }

  /// One element for each thread.
  private final class Results<Value>: @unchecked Sendable {
    var values: [Result<Value, any Error>?]
    init(_ count: Int) { values = Array(repeating: nil, count: count) }
  }

  private struct Rank: Ranks {
    let group: ThreadRanks
    let rank: Int
    var count: Int { group.count }

    func sum<Scalar: RecurScalar>(_ values: UnsafeMutableBufferPointer<Scalar>) {
      group.meet(rank, values.baseAddress)
      let all = group.memory.map { $0?.assumingMemoryBound(to: Scalar.self) }
      func tree(_ ranks: Range<Int>, _ index: Int) -> Scalar {
        if ranks.count == 1 { return all[ranks.lowerBound]![index] }
        let middle = (ranks.lowerBound + ranks.upperBound) / 2
        return tree(ranks.lowerBound..<middle, index) + tree(middle..<ranks.upperBound, index)
      }
      let sums = values.indices.map { tree(0..<count, $0) }
      group.meet(rank, nil)
      _ = values.update(from: sums)
    }

    func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int) {
      group.meet(rank, bytes.baseAddress)
      let source = group.memory[root]
      let received = source.map {
        Array(UnsafeRawBufferPointer(start: $0, count: bytes.count))
      }
      group.meet(rank, nil)
      if let received { bytes.copyBytes(from: received) }
    }
  }

  /// Waits until all ranks have called this function.
  private func meet(_ rank: Int, _ own: UnsafeMutableRawPointer?) {
    condition.lock()
    defer { condition.unlock() }
    brought[rank] = own
    let meeting = meetings
    waiting += 1
    if waiting == count {
      (memory, waiting, meetings) = (brought, 0, meetings + 1)
      condition.broadcast()
    }
    while meetings == meeting { condition.wait() }
  }
}
