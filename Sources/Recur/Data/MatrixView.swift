// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A matrix in memory that another object owns: an array, a span or a GSL matrix.
///
/// A view exists only inside the closure that receives it; the compiler checks this.
public struct MatrixView<Scalar: RecurScalar>: ~Copyable {
  /// The number of rows.
  public let rows: Int

  /// The number of columns.
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

  /// A GSL header, which is valid as long as the view exists.
  var header: Scalar.GSLMatrix {
    Scalar.matrix(base, rows: rows, columns: columns, stride: stride)
  }

  /// The element at a row and a column, which must exist.
  ///
  /// - Parameters:
  ///   - row: The row, in 0 ..< rows.
  ///   - column: The column, in 0 ..< columns.
  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    precondition(
      (0..<rows).contains(row) && (0..<columns).contains(column),
      "element [\(row), \(column)] is outside the \(rows) x \(columns) matrix")
    return base![row &* stride &+ column]
  }

  /// Calls `body` with a view of a span's elements, row by row, without a copy.
  ///
  /// - Parameters:
  ///   - elements: A sequence of rows · columns elements.
  ///   - rows: The number of rows, at least 0.
  ///   - columns: The number of columns, at least 0.
  ///   - body: A closure that reads the view.
  /// - Returns: The result of `body`.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` if the number of elements differs, and any
  ///   error from `body`.
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

  /// Calls `body` with a view of an array's elements, row by row, without a copy.
  ///
  /// - Parameters:
  ///   - elements: A sequence of rows · columns elements.
  ///   - rows: The number of rows, at least 0.
  ///   - columns: The number of columns, at least 0.
  ///   - body: A closure that reads the view.
  /// - Returns: The result of `body`.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` if the number of elements differs, and any
  ///   error from `body`.
  public static func over<Result>(
    _ elements: [Scalar], rows: Int, columns: Int,
    _ body: (borrowing MatrixView<Scalar>) throws(RecurError) -> Result
  ) throws(RecurError) -> Result {
    try over(elements.span, rows: rows, columns: columns, body)
  }

  /// Calls `body` with a view of a GSL matrix, without a copy.
  ///
  /// - Parameters:
  ///   - matrix: A GSL matrix with any `tda`.
  ///   - body: A closure that reads the view.
  /// - Returns: The result of `body`.
  /// - Throws: Any error from `body`.
  @inline(never)  // Inlining crashes Swift 6.3 with -O and -enable-testing.
  public static func over<Result>(
    _ matrix: UnsafePointer<Scalar.GSLMatrix>,
    _ body: (borrowing MatrixView<Scalar>) throws(RecurError) -> Result
  ) throws(RecurError) -> Result {
    let (data, rows, columns, stride) = Scalar.layout(of: matrix.pointee)
    return try body(MatrixView(data, rows: rows, columns: columns, stride: stride))
  }
}
