// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// Without copies

extension Matrix {
  /// Calls `body` with the elements, row after row.
  public func withSpan<Result, E: Error>(
    _ body: (Span<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try withExtendedLifetime(buffer) { buffer throws(E) in
      try body(UnsafeBufferPointer(start: buffer.base, count: buffer.count).span)
    }
  }

  /// Calls `body` with the elements, row after row, to change them.
  public mutating func withMutableSpan<Result, E: Error>(
    _ body: (inout MutableSpan<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    makeUnique()
    return try withExtendedLifetime(buffer) { buffer throws(E) in
      var span = UnsafeMutableBufferPointer(start: buffer.base, count: buffer.count).mutableSpan
      return try body(&span)
    }
  }

  /// Calls `body` with a GSL matrix over the same memory. It is read only, and gone afterwards.
  public func withGSLMatrix<Result, E: Error>(
    _ body: (UnsafePointer<Scalar.GSLMatrix>) throws(E) -> Result
  ) throws(E) -> Result {
    try withExtendedLifetime(buffer) { _ throws(E) in
      try withUnsafePointer(to: header, body)
    }
  }

  /// Calls `body` with a GSL matrix over the same memory, to change its elements.
  public mutating func withMutableGSLMatrix<Result, E: Error>(
    _ body: (UnsafeMutablePointer<Scalar.GSLMatrix>) throws(E) -> Result
  ) throws(E) -> Result {
    makeUnique()
    var header = header
    return try withExtendedLifetime(buffer) { _ throws(E) in
      try withUnsafeMutablePointer(to: &header, body)
    }
  }

  /// Calls `body` with a view, which networks take for inference as it takes anybody's memory.
  public func withView<Result, E: Error>(
    _ body: (borrowing MatrixView<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try withExtendedLifetime(buffer) { _ throws(E) in
      try body(MatrixView(header: header))
    }
  }

  /// A GSL header that is right as long as the matrix lives.
  var header: Scalar.GSLMatrix {
    Scalar._matrix(buffer.base, rows: rows, columns: columns, stride: columns)
  }

  /// The memory, for C functions that read it; to be kept alive by the caller.
  package var base: UnsafeMutablePointer<Scalar> { buffer.base }

  /// What was made of the elements, as long as they do not change: see ``Buffer``.
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
