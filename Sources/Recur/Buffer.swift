// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory of `count` numbers, zero at first. It comes from `calloc`, because an array that cannot be
/// allocated would end the process.
///
/// Sendable although unchecked: whoever writes has made sure to hold the only reference, or the
/// buffer is new and not yet shared.
final class Buffer<Scalar: RecurScalar>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Scalar>
  let count: Int

  init(count: Int) throws(RecurError) {
    guard let memory = calloc(max(count, 1), MemoryLayout<Scalar>.stride) else {
      throw .outOfMemory(reason: "\(count) numbers cannot be allocated")
    }
    self.base = memory.bindMemory(to: Scalar.self, capacity: max(count, 1))
    self.count = count
  }

  deinit {
    free(base)
  }

  /// A copy; without memory for it the process ends, as with Swift's own arrays.
  func copy() -> Buffer {
    guard let copy = try? Buffer(count: count) else {
      fatalError("no memory to copy \(count) numbers")
    }
    copy.base.update(from: base, count: count)
    return copy
  }
}
