// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// Without copies

extension Matrix {
  /// Calls `body` with the elements, row after row.
  ///
  /// - Parameter body: reads them.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  @inlinable
  public func withSpan<Result, E: Error>(
    _ body: (Span<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try withExtendedLifetime(buffer) { buffer throws(E) in
      try body(UnsafeBufferPointer(start: buffer.base, count: buffer.count).span)
    }
  }

  /// Calls `body` with the elements, row after row, to change them.
  ///
  /// - Parameter body: may read and change them.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  @inlinable
  public mutating func withMutableSpan<Result, E: Error>(
    _ body: (inout MutableSpan<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    makeUnique()
    return try withExtendedLifetime(buffer) { buffer throws(E) in
      var span = UnsafeMutableBufferPointer(start: buffer.base, count: buffer.count).mutableSpan
      return try body(&span)
    }
  }

  /// Calls `body` with a GSL matrix over the same memory.
  ///
  /// - Parameter body: may read the GSL matrix, which is gone afterwards.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  public func withGSLMatrix<Result, E: Error>(
    _ body: (UnsafePointer<Scalar.GSLMatrix>) throws(E) -> Result
  ) throws(E) -> Result {
    try withExtendedLifetime(buffer) { _ throws(E) in
      try withUnsafePointer(to: header, body)
    }
  }

  /// Calls `body` with a GSL matrix over the same memory, to change its elements.
  ///
  /// - Parameter body: may read and change the elements of the GSL matrix, which is gone afterwards.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  public mutating func withMutableGSLMatrix<Result, E: Error>(
    _ body: (UnsafeMutablePointer<Scalar.GSLMatrix>) throws(E) -> Result
  ) throws(E) -> Result {
    makeUnique()
    var header = header
    return try withExtendedLifetime(buffer) { _ throws(E) in
      try withUnsafeMutablePointer(to: &header, body)
    }
  }

  /// Calls `body` with a view, which networks take for inference in the place of a ``SequenceBatch``.
  ///
  /// - Parameter body: may read the view.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  public func withView<Result, E: Error>(
    _ body: (borrowing MatrixView<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try withExtendedLifetime(buffer) { buffer throws(E) in
      try body(MatrixView(buffer.base, rows: rows, columns: columns, stride: columns))
    }
  }

  /// A GSL header that is right as long as the matrix lives.
  var header: Scalar.GSLMatrix {
    Scalar.matrix(buffer.base, rows: rows, columns: columns, stride: columns)
  }

  /// The memory, for C functions that read it; to be kept alive by the caller.
  package var base: UnsafeMutablePointer<Scalar> { buffer.base }

  /// The object derived from the elements: see ``Buffer``.
  func derived<Object: AnyObject & Sendable>(
    where fits: (Object) -> Bool, _ make: () throws(RecurError) -> Object
  ) throws(RecurError) -> Object {
    try buffer.derived(where: fits, make)
  }

  /// The memory, to be written to.
  package mutating func uniqueBase() -> UnsafeMutablePointer<Scalar> {
    makeUnique()
    return buffer.base
  }
}
