// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory for `count` elements. The C library's allocator provides it, because a failed
/// allocation of a Swift array ends the process.
///
/// `@unchecked Sendable` is safe: only the holder of the only reference writes, or the creator of a new
/// buffer that is not yet shared.
@usableFromInline
final class Buffer<Scalar: RecurScalar>: @unchecked Sendable {
  @usableFromInline let base: UnsafeMutablePointer<Scalar>
  @usableFromInline let count: Int

  /// An object derived from the elements. It is discarded when they change.
  private let derived = Mutex<(any AnyObject & Sendable)?>(nil)
  @usableFromInline let derivedExists = Atomic(false)

  @inlinable
  var hasDerived: Bool { derivedExists.load(ordering: .acquiring) }

  /// - Parameters:
  ///   - count: The number of elements, at least 0.
  ///   - zeroed: Whether the elements are zero; otherwise they are uninitialized.
  /// - Throws: ``RecurError/outOfMemory(reason:)``.
  init(count: Int, zeroed: Bool = true) throws(RecurError) {
    let (size, stride) = (max(count, 1), MemoryLayout<Scalar>.stride)
    guard let memory = zeroed ? calloc(size, stride) : malloc(size * stride) else {
      throw .outOfMemory(reason: "memory for \(count) elements cannot be allocated")
    }
    self.base = memory.bindMemory(to: Scalar.self, capacity: size)
    self.count = count
  }

  /// Returns the derived object if it `fits`, and otherwise a new one.
  func derived<Object: AnyObject & Sendable>(
    where fits: (Object) -> Bool, _ make: () throws(RecurError) -> Object
  ) throws(RecurError) -> Object {
    if let object = derived.withLock({ $0 }) as? Object, fits(object) { return object }
    let object = try make()
    derived.withLock { $0 = object }
    derivedExists.store(true, ordering: .releasing)
    return object
  }

  /// Discards the derived object before the elements change. Only the holder of the only reference calls
  /// this.
  func forgetDerived() {
    derived.withLock { $0 = nil }
    derivedExists.store(false, ordering: .relaxed)
  }

  deinit {
    free(base)
  }

  func copy() throws(RecurError) -> Buffer {
    let copy = try Buffer(count: count, zeroed: false)
    copy.base.update(from: base, count: count)
    return copy
  }

  /// Replaces the elements from index `first` by those of `source`.
  @inlinable
  func replace(from first: Int = 0, by source: UnsafeBufferPointer<Scalar>) {
    guard let start = source.baseAddress else { return }
    precondition(first >= 0 && source.count <= count - first)
    (base + first).update(from: start, count: source.count)
  }
}
