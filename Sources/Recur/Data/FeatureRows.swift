// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Rows of features: a ``Matrix`` (N x F) or a ``SequenceBatch`` (T·B x F). A function of every row, such
/// as an output head, takes either type and returns the same type.
public protocol FeatureRows<Scalar>: Sendable {
  associatedtype Scalar: RecurScalar

  /// All rows: N x F, or T·B x F of a batch of sequences.
  var matrix: Matrix<Scalar> { get }

  /// Creates rows from a matrix, with the steps and sequences of other rows. The number of features may
  /// differ.
  ///
  /// - Parameters:
  ///   - matrix: A matrix with the same number of rows as `other`.
  ///   - other: Rows whose steps and sequences are copied.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` if the number of rows differs.
  init(_ matrix: Matrix<Scalar>, like other: Self) throws(RecurError)

  /// Throws an error unless these rows have the shape of other rows.
  ///
  /// - Parameters:
  ///   - other: Rows of the expected shape.
  ///   - name: The name of these rows in an error.
  /// - Throws: ``RecurError`` if the shape differs.
  func requireShape(of other: Self, named name: String) throws(RecurError)
}

extension Matrix: FeatureRows {
  @inlinable
  public var matrix: Matrix { self }

  @inlinable
  public init(_ matrix: Matrix, like other: Matrix) throws(RecurError) {
    guard matrix.rows == other.rows else {
      throw .shape(
        argument: "matrix", expected: .init(other.rows, matrix.columns),
        found: .init(matrix.rows, matrix.columns))
    }
    self = matrix
  }

  @inlinable
  public func requireShape(of other: Matrix, named name: String) throws(RecurError) {
    guard rows == other.rows, columns == other.columns else {
      throw .shape(
        argument: name, expected: .init(other.rows, other.columns), found: .init(rows, columns))
    }
  }
}

extension SequenceBatch: FeatureRows {
  @inlinable
  public init(_ matrix: Matrix<Scalar>, like other: SequenceBatch) throws(RecurError) {
    try self.init(steps: other.steps, batchSize: other.batchSize, matrix: matrix)
  }

  @inlinable
  public func requireShape(of other: SequenceBatch, named name: String) throws(RecurError) {
    try require(steps: other.steps, batchSize: other.batchSize, named: name)
    try matrix.requireShape(of: other.matrix, named: name)
  }
}

// Elementwise arithmetic

extension FeatureRows {
  /// Returns the elementwise sum.
  ///
  /// - Parameters:
  ///   - a: Rows of features.
  ///   - b: Rows of the same shape.
  /// - Returns: a + b.
  /// - Throws: ``RecurError`` if the shapes differ, or ``RecurError/outOfMemory(reason:)``.
  @inlinable
  public static func + (a: Self, b: Self) throws(RecurError) -> Self {
    try a.combined(with: b) { $0 + $1 }
  }

  /// Returns the elementwise difference.
  ///
  /// - Parameters:
  ///   - a: Rows of features.
  ///   - b: Rows of the same shape.
  /// - Returns: a − b.
  /// - Throws: ``RecurError`` if the shapes differ, or ``RecurError/outOfMemory(reason:)``.
  @inlinable
  public static func - (a: Self, b: Self) throws(RecurError) -> Self {
    try a.combined(with: b) { $0 - $1 }
  }

  /// Multiplies all elements by a factor.
  ///
  /// - Parameters:
  ///   - factor: The factor.
  ///   - rows: Rows of features.
  /// - Returns: `rows` with every element multiplied.
  /// - Throws: ``RecurError/outOfMemory(reason:)``.
  @inlinable
  public static func * (factor: Scalar, rows: Self) throws(RecurError) -> Self {
    try Self(rows.matrix.map { factor * $0 }, like: rows)
  }

  @inlinable
  func combined(
    with other: Self, _ function: (Scalar, Scalar) -> Scalar
  ) throws(RecurError) -> Self {
    try other.requireShape(of: self, named: "right operand")
    let (a, b) = (matrix, other.matrix)
    let result = try Matrix<Scalar>(rows: a.rows, columns: a.columns, zeroed: false)
    withExtendedLifetime((a, b)) {
      for index in 0..<result.buffer.count {
        result.buffer.base[index] = function(a.buffer.base[index], b.buffer.base[index])
      }
    }
    return try Self(result, like: self)
  }
}
