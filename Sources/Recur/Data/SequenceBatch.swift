// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A batch of sequences of one length: `steps` (T) times `batchSize` (B) rows of `features` (F)
/// elements.
///
/// Time comes first, as in the C library: row `t * batchSize + b` is step `t` of sequence `b`. Data in
/// which the sequence comes first is converted by ``init(batchFirst:features:)`` and ``batchFirst``, and
/// by ``padded(_:features:)`` where lengths differ.
public struct SequenceBatch<Scalar: RecurScalar>: Sendable, Equatable {
  public let steps: Int
  public let batchSize: Int
  @usableFromInline var rows: Matrix<Scalar>

  /// All rows: T·B x F.
  @inlinable
  public var matrix: Matrix<Scalar> { rows }

  @inlinable
  public var features: Int { rows.columns }

  /// Sequences of zeros.
  ///
  /// - Parameters:
  ///   - steps: T, at least 0.
  ///   - batchSize: B, at least 0.
  ///   - features: F, at least 0.
  /// - Throws: ``RecurError/invalid(argument:reason:)`` for a negative size or a product of sizes
  ///   that overflows, ``RecurError/outOfMemory(reason:)``.
  public init(steps: Int, batchSize: Int, features: Int) throws(RecurError) {
    try self.init(steps: steps, batchSize: batchSize, features: features, zeroed: true)
  }

  /// Sequences of zeros, or uninitialized, for a C function to write to.
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

  /// The rows of a matrix, taken as they are.
  ///
  /// - Parameters:
  ///   - steps: T, at least 0.
  ///   - batchSize: B, at least 0.
  ///   - matrix: T·B x F.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` for another number of rows,
  ///   ``RecurError/invalid(argument:reason:)`` for a negative size.
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
  /// memory is not shared; ``withMutableSpan(_:)`` checks once for all.
  ///
  /// - Parameters:
  ///   - step: 0 ..< steps.
  ///   - sequence: 0 ..< batchSize.
  ///   - feature: 0 ..< features.
  @inlinable
  public subscript(step: Int, sequence: Int, feature: Int) -> Scalar {
    get { rows[row(step, sequence), feature] }
    set { rows[row(step, sequence), feature] = newValue }
  }

  @inlinable
  func row(_ step: Int, _ sequence: Int) -> Int {
    precondition(
      (0..<steps).contains(step) && (0..<batchSize).contains(sequence),
      "step \(step) of sequence \(sequence) in a batch of \(steps) x \(batchSize)")
    return step &* batchSize &+ sequence
  }

  /// All elements in the order of memory: step, then sequence, then feature.
  @inlinable
  public var elements: [Scalar] { rows.elements }

  /// Calls `body` with all elements, in the order of memory.
  ///
  /// - Parameter body: reads them.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  @inlinable
  public func withSpan<Result, E: Error>(
    _ body: (Span<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try rows.withSpan(body)
  }

  /// Calls `body` with all elements, in the order of memory, to change them.
  ///
  /// - Parameter body: may read and change them.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  @inlinable
  public mutating func withMutableSpan<Result, E: Error>(
    _ body: (inout MutableSpan<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try rows.withMutableSpan(body)
  }

  var header: Scalar.GSLMatrix { rows.header }

  /// The memory, to be written to.
  package mutating func uniqueBase() -> UnsafeMutablePointer<Scalar> { rows.uniqueBase() }

  /// Whether a batch has these steps of so many sequences: rows alone could not tell.
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

// Parts and functions

extension SequenceBatch {
  /// One step of all sequences.
  ///
  /// - Parameter step: 0 ..< steps.
  /// - Returns: B x F.
  /// - Throws: ``RecurError/invalid(argument:reason:)`` for a step that does not exist,
  ///   ``RecurError/outOfMemory(reason:)``.
  public func step(_ step: Int) throws(RecurError) -> Matrix<Scalar> {
    guard (0..<steps).contains(step) else {
      throw .invalid(argument: "step", reason: "is \(step), expected 0 to \(steps - 1)")
    }
    return try self[steps: step..<step + 1].matrix
  }

  /// A range of steps of all sequences.
  ///
  /// - Parameter range: within 0 ..< steps.
  /// - Throws: ``RecurError/invalid(argument:reason:)`` for steps that do not exist,
  ///   ``RecurError/outOfMemory(reason:)``.
  public subscript(steps range: Range<Int>) -> SequenceBatch {
    get throws(RecurError) {
      guard range.lowerBound >= 0, range.upperBound <= steps else {
        throw .invalid(argument: "steps", reason: "are \(range), expected within 0..<\(steps)")
      }
      var result = try SequenceBatch(
        steps: range.count, batchSize: batchSize, features: features, zeroed: false)
      let step = batchSize * features
      withExtendedLifetime(rows) {
        result.uniqueBase()
          .update(from: rows.base + range.lowerBound * step, count: range.count * step)
      }
      return result
    }
  }

  /// A batch of the same shape whose elements are a function of this one's, such as `tanh` or
  /// `Float.init`.
  ///
  /// - Parameter transform: gives the element at the same step, sequence and feature.
  /// - Returns: a batch of as many steps, sequences and features.
  /// - Throws: ``RecurError/outOfMemory(reason:)``.
  @inlinable
  public func map<Other: RecurScalar>(
    _ transform: (Scalar) -> Other
  ) throws(RecurError) -> SequenceBatch<Other> {
    try SequenceBatch<Other>(steps: steps, batchSize: batchSize, matrix: rows.map(transform))
  }
}
