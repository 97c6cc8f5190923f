// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// Threads that share the work of a pass.
///
/// Results are bit-identical for any number of threads, so the number affects only speed. The threads take
/// part if a pass has enough work. Any number of networks can use them, from any thread, but only for one
/// pass at a time: a pass that finds them busy computes on its own thread. The threads sleep between passes,
/// and end when the last reference to this object is released.
///
/// ```swift
/// let threads = try Threads(count: 2)
/// let result = try network(x, threads: threads)
/// ```
public final class Threads: @unchecked Sendable {
  let pointer: OpaquePointer

  /// The number of threads, including the calling thread.
  public let count: Int

  /// Starts threads, but no more than the processors that the process may use: more would wait for each
  /// other. The affinity of the calling thread and the control group's limit on CPU time count.
  ///
  /// - Parameter count: The maximum number of threads, from 1 to 64, including the calling thread.
  /// - Throws: ``RecurError`` if the number is out of range or the system cannot start the threads.
  public init(count: Int) throws(RecurError) {
    try requireSize("count", count, atLeast: 1)
    guard let pointer = recur_threads_alloc(count) else { throw lastError() }
    self.pointer = pointer
    self.count = recur_threads_count(pointer)
  }

  deinit {
    recur_threads_free(pointer)
  }
}

/// Calls a function once on each thread, with its rank and their number, and returns when all calls have returned.
///
/// There is a single call, on the calling thread, if the threads are nil or in use.
package func onEachThread(
  of threads: Threads?, _ body: @Sendable (_ rank: Int, _ size: Int) -> Void
) {
  withoutActuallyEscaping(body) { body in
    withUnsafePointer(to: body) { body in
      recur_threads_call(
        threads?.pointer,
        { rank, size, context in
          context!.assumingMemoryBound(to: (@Sendable (Int, Int) -> Void).self).pointee(rank, size)
        },
        UnsafeMutableRawPointer(mutating: body))
    }
  }
}
