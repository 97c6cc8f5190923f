// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// Threads that share the work of a pass.
///
/// Results are bit-identical for any number of threads, so the number is a matter of speed alone. The
/// threads take part where there is enough to do; any number of networks may use them, from any thread,
/// one pass at a time, and a pass that finds them in use computes on its own thread. Between passes they
/// sleep, and they end with the last reference to this object.
///
/// ```swift
/// let threads = try Threads(count: 2)
/// let result = try network(x, threads: threads)
/// ```
public final class Threads: @unchecked Sendable {
  let pointer: OpaquePointer

  /// The number of threads, including the calling thread.
  public let count: Int

  /// Starts threads.
  ///
  /// - Parameter count: their number, from 1 to 64, including the calling thread.
  /// - Throws: ``RecurError`` for a number out of range, or where the system starts no more threads.
  public init(count: Int) throws(RecurError) {
    try requireSize("count", count, atLeast: 1)
    guard let pointer = recur_threads_alloc(count) else { throw lastError() }
    self.pointer = pointer
    self.count = count
  }

  deinit {
    recur_threads_free(pointer)
  }
}
