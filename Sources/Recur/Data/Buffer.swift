// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory of `count` elements. It comes from the C library, because an array that cannot be allocated
/// would end the process.
///
/// Sendable although unchecked: whoever writes has made sure to hold the only reference, or the
/// buffer is new and not yet shared.
@usableFromInline
final class Buffer<Scalar: RecurScalar>: @unchecked Sendable {
  @usableFromInline let base: UnsafeMutablePointer<Scalar>
  @usableFromInline let count: Int

  /// An object made of the elements, valid until they change: whoever changes them discards it.
  private let derived = Mutex<(any AnyObject & Sendable)?>(nil)
  @usableFromInline let derivedExists = Atomic(false)

  @inlinable
  var hasDerived: Bool { derivedExists.load(ordering: .acquiring) }

  /// - Parameters:
  ///   - count: the number of elements, at least 0.
  ///   - zeroed: zeros, or whatever was there, to be written over.
  /// - Throws: ``RecurError/outOfMemory(reason:)``.
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
    derivedExists.store(true, ordering: .releasing)
    return object
  }

  /// Before the elements change; only the holder of the one reference calls this.
  func forgetDerived() {
    derived.withLock { $0 = nil }
    derivedExists.store(false, ordering: .relaxed)
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

  /// Replaces as many elements as there are in `source`, from `first` on.
  @inlinable
  func replace(from first: Int = 0, by source: UnsafeBufferPointer<Scalar>) {
    guard let start = source.baseAddress else { return }
    precondition(first >= 0 && source.count <= count - first)
    (base + first).update(from: start, count: source.count)
  }
}
