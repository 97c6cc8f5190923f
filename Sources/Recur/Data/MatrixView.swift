// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A matrix over memory that belongs to someone else: an array, a span, a GSL matrix.
///
/// A view exists only inside the closure that receives it, which the compiler checks.
public struct MatrixView<Scalar: RecurScalar>: ~Copyable {
  public let rows: Int
  public let columns: Int

  /// The number of elements from one row to the next: GSL's `tda`.
  public let stride: Int

  @usableFromInline let base: UnsafeMutablePointer<Scalar>?

  init(_ base: UnsafeMutablePointer<Scalar>?, rows: Int, columns: Int, stride: Int) {
    self.rows = rows
    self.columns = columns
    self.stride = stride
    self.base = base
  }

  /// A GSL header that is right as long as the view lives.
  var header: Scalar.GSLMatrix {
    Scalar.matrix(base, rows: rows, columns: columns, stride: stride)
  }

  /// The element at a row and a column, which must exist.
  ///
  /// - Parameters:
  ///   - row: 0 ..< rows.
  ///   - column: 0 ..< columns.
  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    precondition(
      (0..<rows).contains(row) && (0..<columns).contains(column),
      "element [\(row), \(column)] of a \(rows) x \(columns) matrix")
    return base![row &* stride &+ column]
  }

  /// Calls `body` with a view of a span's elements, row after row, without a copy.
  ///
  /// - Parameters:
  ///   - elements: rows · columns elements.
  ///   - rows: the number of rows, at least 0.
  ///   - columns: the number of columns, at least 0.
  ///   - body: may read the view.
  /// - Returns: what `body` returns.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` for another number of elements, and what
  ///   `body` throws.
  public static func over<Result>(
    _ elements: Span<Scalar>, rows: Int, columns: Int,
    _ body: (borrowing MatrixView<Scalar>) throws(RecurError) -> Result
  ) throws(RecurError) -> Result {
    try requireSize("rows", rows, atLeast: 0)
    try requireSize("columns", columns, atLeast: 0)
    let count = try elementCount(rows, columns, of: Scalar.self, named: "rows x columns")
    guard elements.count == count else {
      throw .shape(argument: "elements", expected: .init(count, 1), found: .init(elements.count, 1))
    }
    return try elements.withUnsafeBufferPointer { elements throws(RecurError) in
      let base = UnsafeMutablePointer(mutating: elements.baseAddress)
      return try body(MatrixView(base, rows: rows, columns: columns, stride: columns))
    }
  }

  /// Calls `body` with a view of an array's elements, row after row, without a copy.
  ///
  /// - Parameters:
  ///   - elements: rows · columns elements.
  ///   - rows: the number of rows, at least 0.
  ///   - columns: the number of columns, at least 0.
  ///   - body: may read the view.
  /// - Returns: what `body` returns.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` for another number of elements, and what
  ///   `body` throws.
  public static func over<Result>(
    _ elements: [Scalar], rows: Int, columns: Int,
    _ body: (borrowing MatrixView<Scalar>) throws(RecurError) -> Result
  ) throws(RecurError) -> Result {
    try over(elements.span, rows: rows, columns: columns, body)
  }

  /// Calls `body` with a view of a GSL matrix, without a copy.
  ///
  /// - Parameters:
  ///   - matrix: of any `tda`.
  ///   - body: may read the view.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  @inline(never)  // Swift 6.3 with -O and -enable-testing crashes where it is inlined.
  public static func over<Result>(
    _ matrix: UnsafePointer<Scalar.GSLMatrix>,
    _ body: (borrowing MatrixView<Scalar>) throws(RecurError) -> Result
  ) throws(RecurError) -> Result {
    let (data, rows, columns, stride) = Scalar.layout(of: matrix.pointee)
    return try body(MatrixView(data, rows: rows, columns: columns, stride: stride))
  }
}
