// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// Threads that share the work of a pass.
///
/// Results are the same to the bit for any number of threads, so it is a matter of speed alone. They
/// take part where there is enough to do; any number of networks may use them, from any thread, one
/// pass at a time, and a pass that finds them in use computes on its own thread. Between passes they
/// sleep, and they end with the last reference to this object.
///
/// ```swift
/// let threads = try Threads(2)
/// let result = try network(x, threads: threads)
/// ```
public final class Threads: @unchecked Sendable {
  let pointer: OpaquePointer
  public let count: Int

  /// `count` threads, from 1 to 64, of which one is the caller's own.
  public init(_ count: Int) throws(RecurError) {
    try requireSize("count", count, atLeast: 1)
    guard let pointer = recur_threads_alloc(count) else { throw lastError() }
    self.pointer = pointer
    self.count = count
  }

  deinit {
    recur_threads_free(pointer)
  }
}
