// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A matrix of numbers in GSL's layout: row-major and contiguous.
///
/// A value: copies are independent, and share memory until one of them is changed.
public struct Matrix<Scalar: RecurScalar>: Sendable {
  public let rows: Int
  public let columns: Int
  var buffer: Buffer<Scalar>

  /// A matrix of zeros.
  ///
  /// - Throws: ``RecurError/invalid(argument:reason:)`` for a negative size or a product of sizes
  ///   that overflows, ``RecurError/outOfMemory(reason:)``.
  public init(rows: Int, columns: Int) throws(RecurError) {
    try self.init(rows: rows, columns: columns, zeroed: true)
  }

  /// A matrix of zeros, or of whatever was there, for a C function to write over.
  init(rows: Int, columns: Int, zeroed: Bool) throws(RecurError) {
    try requireSize("rows", rows, atLeast: 0)
    try requireSize("columns", columns, atLeast: 0)
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, !count.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride).overflow
    else { throw .invalid(argument: "size", reason: "[\(rows), \(columns)] overflows") }
    self.rows = rows
    self.columns = columns
    self.buffer = try Buffer(count: count, zeroed: zeroed)
  }

  /// A matrix of the elements given, row after row.
  public init(rows: Int, columns: Int, elements: some Sequence<Scalar>) throws(RecurError) {
    try self.init(rows: rows, columns: columns)
    var count = 0
    for element in elements {
      if count < buffer.count { buffer.base[count] = element }
      count += 1
    }
    guard count == buffer.count else {
      throw .shape(argument: "elements", expected: .init(rows * columns, 1), found: .init(count, 1))
    }
  }

  /// A matrix of rows that are all of one length.
  public init(_ rows: [[Scalar]]) throws(RecurError) {
    let columns = rows.first?.count ?? 0
    for (index, row) in rows.enumerated() where row.count != columns {
      throw .shape(
        argument: "row \(index)", expected: .init(1, columns), found: .init(1, row.count))
    }
    try self.init(rows: rows.count, columns: columns, elements: rows.joined())
  }

  /// The element at a row and a column, which must exist.
  public subscript(row: Int, column: Int) -> Scalar {
    get {
      buffer.base[offset(row, column)]
    }
    set {
      makeUnique()
      buffer.base[offset(row, column)] = newValue
    }
  }

  private func offset(_ row: Int, _ column: Int) -> Int {
    precondition(
      (0..<rows).contains(row) && (0..<columns).contains(column),
      "element [\(row), \(column)] of a \(rows) x \(columns) matrix")
    return row * columns + column
  }

  /// All elements, row after row.
  public var elements: [Scalar] {
    withSpan { span in span.withUnsafeBufferPointer { Array($0) } }
  }

  mutating func makeUnique() {
    if isKnownUniquelyReferenced(&buffer) {
      buffer.forgetDerived()
    } else {
      buffer = buffer.copy()
    }
  }
}

extension Matrix: Equatable {
  public static func == (a: Self, b: Self) -> Bool {
    guard a.rows == b.rows, a.columns == b.columns else { return false }
    return (0..<a.buffer.count).allSatisfy { a.buffer.base[$0] == b.buffer.base[$0] }
  }
}

extension Matrix: CustomStringConvertible {
  public var description: String {
    (0..<rows).map { row in
      "[" + (0..<columns).map { "\(self[row, $0])" }.joined(separator: ", ") + "]"
    }.joined(separator: "\n")
  }
}
