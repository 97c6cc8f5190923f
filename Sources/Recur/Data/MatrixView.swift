// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A matrix over memory that belongs to someone else: an array, a span, a GSL matrix.
///
/// It exists only inside the closure that it is given to, and the compiler sees to it that it stays
/// there. Rows are `stride` elements apart (GSL's `tda`).
public struct MatrixView<Scalar: RecurScalar>: ~Copyable {
  let header: Scalar.GSLMatrix

  init(header: Scalar.GSLMatrix) {
    self.header = header
  }

  public var rows: Int { Scalar.layout(of: header).rows }
  public var columns: Int { Scalar.layout(of: header).columns }
  public var stride: Int { Scalar.layout(of: header).stride }

  /// The element at a row and a column, which must exist.
  public subscript(row: Int, column: Int) -> Scalar {
    let (data, rows, columns, stride) = Scalar.layout(of: header)
    precondition(
      (0..<rows).contains(row) && (0..<columns).contains(column),
      "element [\(row), \(column)] of a \(rows) x \(columns) matrix")
    return data![row * stride + column]
  }

  /// Calls `body` with a view of a span's elements, row after row, without a copy.
  ///
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` unless there are `rows` times `columns`
  ///   of them.
  public static func over<Result>(
    _ span: Span<Scalar>, rows: Int, columns: Int,
    _ body: (borrowing MatrixView<Scalar>) throws(RecurError) -> Result
  ) throws(RecurError) -> Result {
    let count = try elementCount(rows, columns, of: Scalar.self)
    guard span.count == count else {
      throw .shape(argument: "span", expected: .init(count, 1), found: .init(span.count, 1))
    }
    return try span.withUnsafeBufferPointer { elements throws(RecurError) in
      let data = UnsafeMutablePointer(mutating: elements.baseAddress)
      return try body(
        MatrixView(
          header: Scalar.matrix(data, rows: rows, columns: columns, stride: columns)))
    }
  }

  /// Calls `body` with a view of an array's elements, row after row, without a copy.
  public static func over<Result>(
    _ array: [Scalar], rows: Int, columns: Int,
    _ body: (borrowing MatrixView<Scalar>) throws(RecurError) -> Result
  ) throws(RecurError) -> Result {
    try over(array.span, rows: rows, columns: columns, body)
  }

  /// Calls `body` with a view of a GSL matrix, without a copy.
  @inline(never)  // Swift 6.3 with -O and -enable-testing crashes where it is inlined.
  public static func over<Result>(
    _ matrix: UnsafePointer<Scalar.GSLMatrix>,
    _ body: (borrowing MatrixView<Scalar>) throws(RecurError) -> Result
  ) throws(RecurError) -> Result {
    try body(MatrixView(header: matrix.pointee))
  }
}
