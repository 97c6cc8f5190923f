// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A batch of sequences with the same number of steps: `steps` (T) times `batchSize` (B) rows of
/// `features` (F) elements.
///
/// Time comes first, as in the C library: row `t * batchSize + b` is step `t` of sequence `b`.
/// ``init(batchFirst:features:)`` and ``batchFirst`` convert from and to batch-first arrays, and
/// ``padded(_:features:)`` converts sequences of different lengths.
public struct SequenceBatch<Scalar: RecurScalar>: Sendable, Equatable {
  /// The number of steps, T.
  public let steps: Int

  /// The number of sequences, B.
  public let batchSize: Int

  @usableFromInline var rows: Matrix<Scalar>

  /// All rows: T·B x F.
  @inlinable
  public var matrix: Matrix<Scalar> { rows }

  /// The number of features, F.
  @inlinable
  public var features: Int { rows.columns }

  /// Creates sequences of zeros.
  ///
  /// - Parameters:
  ///   - steps: The number of steps T, at least 0.
  ///   - batchSize: The batch size B, at least 0.
  ///   - features: The number of features F, at least 0.
  /// - Throws: ``RecurError/invalid(argument:reason:)`` if a size is negative or a product of sizes
  ///   overflows, or ``RecurError/outOfMemory(reason:)``.
  public init(steps: Int, batchSize: Int, features: Int) throws(RecurError) {
    try self.init(steps: steps, batchSize: batchSize, features: features, zeroed: true)
  }

  /// Creates sequences of zeros, or uninitialized ones that a C function will overwrite.
  @usableFromInline
  init(steps: Int, batchSize: Int, features: Int, zeroed: Bool) throws(RecurError) {
    try requireSize("features", features, atLeast: 0)
    let rows = try Self.rowCount(steps: steps, batchSize: batchSize)
    _ = try elementCount(
      steps, batchSize, features, of: Scalar.self, named: "steps x batchSize x features")
    self.steps = steps
    self.batchSize = batchSize
    self.rows = try Matrix(rows: rows, columns: features, zeroed: zeroed)
  }

  /// Creates sequences from the rows of a matrix, without conversion.
  ///
  /// - Parameters:
  ///   - steps: The number of steps T, at least 0.
  ///   - batchSize: The batch size B, at least 0.
  ///   - matrix: The rows, T·B x F.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` if the number of rows differs, or
  ///   ``RecurError/invalid(argument:reason:)`` if a size is negative.
  public init(steps: Int, batchSize: Int, matrix: Matrix<Scalar>) throws(RecurError) {
    let rows = try Self.rowCount(steps: steps, batchSize: batchSize)
    guard matrix.rows == rows else {
      throw .shape(
        argument: "matrix", expected: .init(rows, matrix.columns),
        found: .init(matrix.rows, matrix.columns))
    }
    self.steps = steps
    self.batchSize = batchSize
    self.rows = matrix
  }

  private static func rowCount(steps: Int, batchSize: Int) throws(RecurError) -> Int {
    try requireSize("steps", steps, atLeast: 0)
    try requireSize("batchSize", batchSize, atLeast: 0)
    return try elementCount(steps, batchSize, of: Scalar.self, named: "steps x batchSize")
  }

  /// The element at a step, a sequence and a feature, which must exist. Every write checks that the
  /// memory is not shared; ``withMutableSpan(_:)`` checks only once.
  ///
  /// - Parameters:
  ///   - step: The step, in 0 ..< steps.
  ///   - sequence: The sequence, in 0 ..< batchSize.
  ///   - feature: The feature, in 0 ..< features.
  @inlinable
  public subscript(step: Int, sequence: Int, feature: Int) -> Scalar {
    get { rows[row(step, sequence), feature] }
    set { rows[row(step, sequence), feature] = newValue }
  }

  @inlinable
  func row(_ step: Int, _ sequence: Int) -> Int {
    precondition(
      (0..<steps).contains(step) && (0..<batchSize).contains(sequence),
      "step \(step) of sequence \(sequence) is outside the batch of \(steps) x \(batchSize)")
    return step &* batchSize &+ sequence
  }

  /// All elements in memory order: step, then sequence, then feature.
  @inlinable
  public var elements: [Scalar] { rows.elements }

  /// Calls `body` with all elements, in memory order.
  ///
  /// - Parameter body: A closure that reads the elements.
  /// - Returns: The result of `body`.
  /// - Throws: Any error from `body`.
  @inlinable
  public func withSpan<Result, E: Error>(
    _ body: (Span<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try rows.withSpan(body)
  }

  /// Calls `body` with all elements, in memory order, for reading and writing. Shared memory is copied
  /// first, which ends the process if no memory can be allocated, as with Swift arrays.
  ///
  /// - Parameter body: A closure that reads and changes the elements.
  /// - Returns: The result of `body`.
  /// - Throws: Any error from `body`.
  @inlinable
  public mutating func withMutableSpan<Result, E: Error>(
    _ body: (inout MutableSpan<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try rows.withMutableSpan(body)
  }

  var header: Scalar.GSLMatrix { rows.header }

  /// Returns the memory for writing.
  package mutating func uniqueBase() throws(RecurError) -> UnsafeMutablePointer<Scalar> {
    try rows.uniqueBase()
  }

  /// Throws an error unless the numbers of steps and sequences match: the number of rows alone does not
  /// determine them.
  @usableFromInline
  func require(steps: Int, batchSize: Int, named name: String) throws(RecurError) {
    guard self.steps == steps, self.batchSize == batchSize else {
      throw .invalid(
        argument: name,
        reason: "has \(self.steps) steps of \(self.batchSize) sequences, "
          + "expected \(steps) of \(batchSize)")
    }
  }
}

// Slices and maps

extension SequenceBatch {
  /// Returns one step of all sequences.
  ///
  /// - Parameter step: The step, in 0 ..< steps.
  /// - Returns: The step, B x F.
  /// - Throws: ``RecurError/invalid(argument:reason:)`` if the step does not exist, or
  ///   ``RecurError/outOfMemory(reason:)``.
  public func step(_ step: Int) throws(RecurError) -> Matrix<Scalar> {
    guard (0..<steps).contains(step) else {
      throw .invalid(argument: "step", reason: "is \(step), expected 0 to \(steps - 1)")
    }
    return try self[steps: step..<step + 1].matrix
  }

  /// A range of steps of all sequences.
  ///
  /// - Parameter range: The steps, within 0 ..< steps.
  /// - Throws: ``RecurError/invalid(argument:reason:)`` if a step does not exist, or
  ///   ``RecurError/outOfMemory(reason:)``.
  public subscript(steps range: Range<Int>) -> SequenceBatch {
    get throws(RecurError) {
      guard range.lowerBound >= 0, range.upperBound <= steps else {
        throw .invalid(
          argument: "steps", reason: "are \(range), expected a range within 0..<\(steps)")
      }
      var result = try SequenceBatch(
        steps: range.count, batchSize: batchSize, features: features, zeroed: false)
      let step = batchSize * features
      let base = try result.uniqueBase()
      withExtendedLifetime((rows, result)) {
        base.update(from: rows.base + range.lowerBound * step, count: range.count * step)
      }
      return result
    }
  }

  /// Returns a batch of the same shape with every element transformed, for example by `tanh` or
  /// `Float.init`.
  ///
  /// - Parameter transform: A function that returns the element at the same step, sequence and feature.
  /// - Returns: A batch with the same numbers of steps, sequences and features.
  /// - Throws: ``RecurError/outOfMemory(reason:)``.
  @inlinable
  public func map<Other: RecurScalar>(
    _ transform: (Scalar) -> Other
  ) throws(RecurError) -> SequenceBatch<Other> {
    try SequenceBatch<Other>(steps: steps, batchSize: batchSize, matrix: rows.map(transform))
  }
}
