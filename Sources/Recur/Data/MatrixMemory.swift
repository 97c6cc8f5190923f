// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// Access without copies

extension Matrix {
  /// Calls `body` with the elements, row by row.
  ///
  /// - Parameter body: A closure that reads the elements.
  /// - Returns: The result of `body`.
  /// - Throws: Any error from `body`.
  @inlinable
  public func withSpan<Result, E: Error>(
    _ body: (Span<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try withExtendedLifetime(buffer) { buffer throws(E) in
      try body(UnsafeBufferPointer(start: buffer.base, count: buffer.count).span)
    }
  }

  /// Calls `body` with the elements, row by row, for reading and writing. Shared memory is copied first,
  /// which ends the process if no memory can be allocated, as with Swift arrays.
  ///
  /// - Parameter body: A closure that reads and changes the elements.
  /// - Returns: The result of `body`.
  /// - Throws: Any error from `body`.
  @inlinable
  public mutating func withMutableSpan<Result, E: Error>(
    _ body: (inout MutableSpan<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    makeUniqueOrTrap()
    return try withExtendedLifetime(buffer) { buffer throws(E) in
      var span = UnsafeMutableBufferPointer(start: buffer.base, count: buffer.count).mutableSpan
      return try body(&span)
    }
  }

  /// Calls `body` with a GSL matrix over the same memory.
  ///
  /// - Parameter body: A closure that reads the GSL matrix, which exists only during the call.
  /// - Returns: The result of `body`.
  /// - Throws: Any error from `body`.
  public func withGSLMatrix<Result, E: Error>(
    _ body: (UnsafePointer<Scalar.GSLMatrix>) throws(E) -> Result
  ) throws(E) -> Result {
    try withExtendedLifetime(buffer) { _ throws(E) in
      try withUnsafePointer(to: header, body)
    }
  }

  /// Calls `body` with a GSL matrix over the same memory, for reading and writing the elements. Shared
  /// memory is copied first, which ends the process if no memory can be allocated, as with Swift arrays.
  ///
  /// - Parameter body: A closure that reads and changes the elements of the GSL matrix, which exists only
  ///   during the call.
  /// - Returns: The result of `body`.
  /// - Throws: Any error from `body`.
  public mutating func withMutableGSLMatrix<Result, E: Error>(
    _ body: (UnsafeMutablePointer<Scalar.GSLMatrix>) throws(E) -> Result
  ) throws(E) -> Result {
    makeUniqueOrTrap()
    var header = header
    return try withExtendedLifetime(buffer) { _ throws(E) in
      try withUnsafeMutablePointer(to: &header, body)
    }
  }

  /// Calls `body` with a view, which networks accept instead of a ``SequenceBatch`` in inference.
  ///
  /// - Parameter body: A closure that reads the view.
  /// - Returns: The result of `body`.
  /// - Throws: Any error from `body`.
  public func withView<Result, E: Error>(
    _ body: (borrowing MatrixView<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try withExtendedLifetime(buffer) { buffer throws(E) in
      try body(MatrixView(buffer.base, rows: rows, columns: columns, stride: columns))
    }
  }

  /// A GSL header, which is valid as long as the matrix exists.
  var header: Scalar.GSLMatrix {
    Scalar.matrix(buffer.base, rows: rows, columns: columns, stride: columns)
  }

  /// The memory, for C functions that read it. The caller must keep the matrix alive.
  package var base: UnsafeMutablePointer<Scalar> { buffer.base }

  /// Returns the object derived from the elements: see ``Buffer``.
  func derived<Object: AnyObject & Sendable>(
    where fits: (Object) -> Bool, _ make: () throws(RecurError) -> Object
  ) throws(RecurError) -> Object {
    try buffer.derived(where: fits, make)
  }

  /// Returns the memory for writing.
  ///
  /// - Throws: ``RecurError/outOfMemory(reason:)``.
  package mutating func uniqueBase() throws(RecurError) -> UnsafeMutablePointer<Scalar> {
    try makeUnique()
    return buffer.base
  }

  /// Does the same for functions that cannot throw.
  package mutating func uniqueBaseOrTrap() -> UnsafeMutablePointer<Scalar> {
    makeUniqueOrTrap()
    return buffer.base
  }
}
