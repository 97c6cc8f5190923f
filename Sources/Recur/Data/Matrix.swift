// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A matrix in GSL's layout: row-major and contiguous.
///
/// A matrix is a value: copies are independent, and share memory until one of them changes.
public struct Matrix<Scalar: RecurScalar>: Sendable {
  /// The number of rows.
  public let rows: Int

  /// The number of columns.
  public let columns: Int

  @usableFromInline var buffer: Buffer<Scalar>

  /// Creates a matrix of zeros.
  ///
  /// - Parameters:
  ///   - rows: The number of rows, at least 0.
  ///   - columns: The number of columns, at least 0.
  /// - Throws: ``RecurError/invalid(argument:reason:)`` if a size is negative or a product of sizes
  ///   overflows, or ``RecurError/outOfMemory(reason:)``.
  public init(rows: Int, columns: Int) throws(RecurError) {
    try self.init(rows: rows, columns: columns, zeroed: true)
  }

  /// Creates a matrix of zeros, or an uninitialized one that a C function will overwrite.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @usableFromInline
  init(rows: Int, columns: Int, zeroed: Bool) throws(RecurError) {
    try requireSize("rows", rows, atLeast: 0)
    try requireSize("columns", columns, atLeast: 0)
    let count = try elementCount(rows, columns, of: Scalar.self, named: "rows x columns")
    self.rows = rows
    self.columns = columns
    self.buffer = try Buffer(count: count, zeroed: zeroed)
  }

  /// The element at a row and a column, which must exist. Every write checks that the memory is not
  /// shared; ``withMutableSpan(_:)`` checks only once. The first write to shared memory copies it, and
  /// ends the process if no memory can be allocated, as with Swift arrays.
  ///
  /// - Parameters:
  ///   - row: The row, in 0 ..< rows.
  ///   - column: The column, in 0 ..< columns.
  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    get {
      buffer.base[offset(row, column)]
    }
    set {
      let offset = offset(row, column)
      makeUniqueOrTrap()
      buffer.base[offset] = newValue
    }
  }

  @inlinable
  func offset(_ row: Int, _ column: Int) -> Int {
    precondition(
      (0..<rows).contains(row) && (0..<columns).contains(column),
      "element [\(row), \(column)] is outside the \(rows) x \(columns) matrix")
    return row &* columns &+ column
  }

  /// All elements, row by row.
  @inlinable
  public var elements: [Scalar] {
    withSpan { span in span.withUnsafeBufferPointer { Array($0) } }
  }

  /// Ensures that no other matrix shares the memory, and discards objects derived from the elements.
  ///
  /// - Throws: ``RecurError/outOfMemory(reason:)``.
  @inlinable
  mutating func makeUnique() throws(RecurError) {
    if isKnownUniquelyReferenced(&buffer), !buffer.hasDerived { return }
    try takeOwnMemory()
  }

  /// Does the same for functions that cannot throw. If memory cannot be allocated, the process ends, as
  /// with Swift arrays.
  @inlinable
  mutating func makeUniqueOrTrap() {
    if isKnownUniquelyReferenced(&buffer), !buffer.hasDerived { return }
    takeOwnMemoryOrTrap()
  }

  @usableFromInline
  mutating func takeOwnMemory() throws(RecurError) {
    if isKnownUniquelyReferenced(&buffer) {
      buffer.forgetDerived()
    } else {
      buffer = try buffer.copy()
    }
  }

  @usableFromInline
  mutating func takeOwnMemoryOrTrap() {
    do { try takeOwnMemory() } catch { fatalError("\(error)") }
  }
}

// Conversions

extension Matrix {
  /// Creates a matrix from its elements, row by row. A contiguous sequence is copied as a block.
  ///
  /// - Parameters:
  ///   - rows: The number of rows, at least 0.
  ///   - columns: The number of columns, at least 0.
  ///   - elements: An array, a buffer, or any other finite sequence of rows · columns elements.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` if the number of elements differs,
  ///   ``RecurError/invalid(argument:reason:)`` if a size is negative or a product of sizes overflows, or
  ///   ``RecurError/outOfMemory(reason:)``.
  @inlinable
  public init(rows: Int, columns: Int, elements: some Sequence<Scalar>) throws(RecurError) {
    try self.init(rows: rows, columns: columns, zeroed: false)
    try replaceElements(by: elements)
  }

  /// Creates a matrix from the elements of a span, row by row.
  ///
  /// - Parameters:
  ///   - rows: The number of rows, at least 0.
  ///   - columns: The number of columns, at least 0.
  ///   - elements: A sequence of rows · columns elements.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` if the number of elements differs,
  ///   ``RecurError/invalid(argument:reason:)`` if a size is negative or a product of sizes overflows, or
  ///   ``RecurError/outOfMemory(reason:)``.
  public init(rows: Int, columns: Int, elements: Span<Scalar>) throws(RecurError) {
    try self.init(rows: rows, columns: columns, zeroed: false)
    try replaceElements(by: elements)
  }

  /// Replaces the elements of a new matrix, whose memory is not shared.
  @inlinable
  func replaceElements(by elements: some Sequence<Scalar>) throws(RecurError) {
    let contiguous = elements.withContiguousStorageIfAvailable { source in
      if source.count == buffer.count { buffer.replace(by: source) }
      return source.count
    }
    if let contiguous { return try requireElements(contiguous) }
    var count = 0
    for element in elements {
      if count < buffer.count { buffer.base[count] = element }
      count += 1
    }
    try requireElements(count)
  }

  func replaceElements(by elements: Span<Scalar>) throws(RecurError) {
    try requireElements(elements.count)
    elements.withUnsafeBufferPointer { buffer.replace(by: $0) }
  }

  @usableFromInline
  func requireElements(_ count: Int) throws(RecurError) {
    guard count == buffer.count else {
      throw .shape(argument: "elements", expected: .init(buffer.count, 1), found: .init(count, 1))
    }
  }

  /// Creates a matrix from rows of equal length.
  ///
  /// - Parameter rows: The rows, each a list with the same number of elements.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` if a row is not as long as the first, or
  ///   ``RecurError/outOfMemory(reason:)``.
  @inlinable
  public init(_ rows: [[Scalar]]) throws(RecurError) {
    let columns = rows.first?.count ?? 0
    try self.init(rows: rows.count, columns: columns, zeroed: false)
    for (index, row) in rows.enumerated() {
      guard row.count == columns else {
        throw .shape(
          argument: "row \(index)", expected: .init(1, columns), found: .init(1, row.count))
      }
      row.withUnsafeBufferPointer { buffer.replace(from: index * columns, by: $0) }
    }
  }

  /// Returns a matrix of the same shape with every element transformed, for example by `tanh` or
  /// `Float.init`.
  ///
  /// - Parameter transform: A function that returns the element at the same row and column.
  /// - Returns: A matrix with the same numbers of rows and columns.
  /// - Throws: ``RecurError/outOfMemory(reason:)``.
  @inlinable
  public func map<Other: RecurScalar>(
    _ transform: (Scalar) -> Other
  ) throws(RecurError) -> Matrix<Other> {
    let result = try Matrix<Other>(rows: rows, columns: columns, zeroed: false)
    withExtendedLifetime((buffer, result)) {
      for index in 0..<buffer.count {
        result.buffer.base[index] = transform(buffer.base[index])
      }
    }
    return result
  }

  /// Returns the transpose: element [i, j] is this matrix's element [j, i].
  ///
  /// - Returns: A matrix with `columns` rows and `rows` columns.
  /// - Throws: ``RecurError/outOfMemory(reason:)``.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func transposed() throws(RecurError) -> Matrix {
    let result = try Matrix(rows: columns, columns: rows, zeroed: false)
    withExtendedLifetime((buffer, result)) {
      for column in 0..<columns {
        for row in 0..<rows {
          result.buffer.base[column &* rows &+ row] = buffer.base[row &* columns &+ column]
        }
      }
    }
    return result
  }
}

extension Matrix: Equatable {
  @inlinable
  public static func == (a: Self, b: Self) -> Bool {
    guard a.rows == b.rows, a.columns == b.columns else { return false }
    return withExtendedLifetime((a, b)) {
      (0..<a.buffer.count).allSatisfy { a.buffer.base[$0] == b.buffer.base[$0] }
    }
  }
}

extension Matrix: CustomStringConvertible {
  public var description: String {
    (0..<rows).map { row in
      "[" + (0..<columns).map { "\(self[row, $0])" }.joined(separator: ", ") + "]"
    }.joined(separator: "\n")
  }
}
