// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory of `count` numbers. It comes from the C library, because an array that cannot be allocated
/// would end the process.
///
/// Sendable although unchecked: whoever writes has made sure to hold the only reference, or the
/// buffer is new and not yet shared.
final class Buffer<Scalar: RecurScalar>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Scalar>
  let count: Int

  /// What was made of the numbers and holds as long as they do: whoever changes them forgets it.
  private let derived = Mutex<(any AnyObject & Sendable)?>(nil)
  private let hasDerived = Atomic(false)

  /// Zeros, or whatever was there, to be written over.
  init(count: Int, zeroed: Bool = true) throws(RecurError) {
    let (size, stride) = (max(count, 1), MemoryLayout<Scalar>.stride)
    guard let memory = zeroed ? calloc(size, stride) : malloc(size * stride) else {
      throw .outOfMemory(reason: "\(count) numbers cannot be allocated")
    }
    self.base = memory.bindMemory(to: Scalar.self, capacity: size)
    self.count = count
  }

  /// What there is that `fits`, or what `make` makes now.
  func derived<Object: AnyObject & Sendable>(
    where fits: (Object) -> Bool, _ make: () throws(RecurError) -> Object
  ) throws(RecurError) -> Object {
    if let object = derived.withLock({ $0 }) as? Object, fits(object) { return object }
    let object = try make()
    derived.withLock { $0 = object }
    hasDerived.store(true, ordering: .releasing)
    return object
  }

  /// Before the numbers change; only the holder of the one reference calls this.
  func forgetDerived() {
    guard hasDerived.load(ordering: .acquiring) else { return }
    derived.withLock { $0 = nil }
    hasDerived.store(false, ordering: .relaxed)
  }

  deinit {
    free(base)
  }

  /// A copy; without memory for it the process ends, as with Swift's own arrays.
  func copy() -> Buffer {
    guard let copy = try? Buffer(count: count, zeroed: false) else {
      fatalError("no memory to copy \(count) numbers")
    }
    copy.base.update(from: base, count: count)
    return copy
  }
}
