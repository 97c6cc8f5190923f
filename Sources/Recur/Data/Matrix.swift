// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A matrix of numbers in GSL's layout: row-major and contiguous.
///
/// A value: copies are independent, and share memory until one of them is changed.
public struct Matrix<Scalar: RecurScalar>: Sendable {
  public let rows: Int
  public let columns: Int
  private var buffer: Buffer<Scalar>

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

  private mutating func makeUnique() {
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
    Scalar.matrix(buffer.base, rows: rows, columns: columns, stride: columns)
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

func requireSize(_ name: String, _ size: Int, atLeast minimum: Int) throws(RecurError) {
  guard size >= minimum else {
    throw .invalid(argument: name, reason: "is \(size), expected at least \(minimum)")
  }
}

/// The product of sizes, as a number of elements that an array may have.
func elementCount<Scalar>(
  _ sizes: Int..., of scalar: Scalar.Type
) throws(RecurError) -> Int {
  var count = 1
  for size in sizes {
    try requireSize("size", size, atLeast: 0)
    let (product, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow else {
      throw .invalid(argument: "size", reason: "\(sizes) overflows")
    }
    count = product
  }
  guard !count.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride).overflow else {
    throw .invalid(argument: "size", reason: "\(sizes) overflows")
  }
  return count
}
