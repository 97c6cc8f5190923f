// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A batch of sequences of one length: `steps` (T) times `batchSize` (B) rows of `features` numbers.
///
/// Time comes first, as in the C library: row `t * batchSize + b` is step `t` of sequence `b`. Data in
/// which the sequence comes first is converted by ``init(batchFirst:)`` and ``batchFirst``, and by
/// ``padded(_:)`` where lengths differ.
public struct SequenceBatch<Scalar: RecurScalar>: Sendable, Equatable {
  public let steps: Int
  public let batchSize: Int

  /// All rows: T·B x F.
  public private(set) var matrix: Matrix<Scalar>

  public var features: Int { matrix.columns }

  /// Sequences of zeros.
  public init(steps: Int, batchSize: Int, features: Int) throws(RecurError) {
    try self.init(steps: steps, batchSize: batchSize, features: features, zeroed: true)
  }

  init(steps: Int, batchSize: Int, features: Int, zeroed: Bool) throws(RecurError) {
    let rows = try elementCount(steps, batchSize, of: Scalar.self)
    self.steps = steps
    self.batchSize = batchSize
    self.matrix = try Matrix(rows: rows, columns: features, zeroed: zeroed)
  }

  /// The rows of a matrix of T·B rows, taken as they are.
  public init(steps: Int, batchSize: Int, matrix: Matrix<Scalar>) throws(RecurError) {
    let rows = try elementCount(steps, batchSize, of: Scalar.self)
    guard matrix.rows == rows else {
      throw .shape(
        argument: "matrix", expected: .init(rows, matrix.columns),
        found: .init(matrix.rows, matrix.columns))
    }
    self.steps = steps
    self.batchSize = batchSize
    self.matrix = matrix
  }

  /// Elements in the order of memory: step, then sequence, then feature.
  public init(
    steps: Int, batchSize: Int, features: Int, elements: some Sequence<Scalar>
  ) throws(RecurError) {
    let rows = try elementCount(steps, batchSize, of: Scalar.self)
    try self.init(
      steps: steps, batchSize: batchSize,
      matrix: Matrix(rows: rows, columns: features, elements: elements))
  }

  /// Sequences, each a list of steps, each a list of features; all of one shape.
  public init(batchFirst sequences: [[[Scalar]]]) throws(RecurError) {
    let steps = sequences.first?.count ?? 0
    let features = sequences.first?.first?.count ?? 0
    try self.init(steps: steps, batchSize: sequences.count, features: features)
    for (b, sequence) in sequences.enumerated() {
      guard sequence.count == steps, sequence.allSatisfy({ $0.count == features }) else {
        throw .shape(
          argument: "sequence \(b)", expected: .init(steps, features),
          found: .init(sequence.count, sequence.first { $0.count != features }?.count ?? features))
      }
      for (t, row) in sequence.enumerated() {
        for (f, value) in row.enumerated() { self[t, b, f] = value }
      }
    }
  }

  /// Sequences of different lengths, each a list of steps, each a list of features: a batch of as many
  /// steps as the longest has, zero past the end of the others, and the lengths that a network takes.
  public static func padded(
    _ sequences: [[[Scalar]]]
  ) throws(RecurError) -> (batch: SequenceBatch, lengths: [Int]) {
    let lengths = sequences.map(\.count)
    let features = sequences.first { !$0.isEmpty }?[0].count ?? 0
    let padding = Array(repeating: Scalar(0), count: features)
    let batch = try SequenceBatch(
      batchFirst: sequences.map { sequence in
        sequence + Array(repeating: padding, count: lengths.max()! - sequence.count)
      })
    return (batch, lengths)
  }

  /// The sequences, each a list of steps, each a list of features.
  public var batchFirst: [[[Scalar]]] {
    (0..<batchSize).map { b in
      (0..<steps).map { t in (0..<features).map { f in self[t, b, f] } }
    }
  }

  /// The number at a step, a sequence and a feature, which must exist.
  public subscript(step: Int, sequence: Int, feature: Int) -> Scalar {
    get { matrix[row(step, sequence), feature] }
    set { matrix[row(step, sequence), feature] = newValue }
  }

  /// Calls `body` with all elements, in the order of memory, to change them.
  public mutating func withMutableSpan<Result, E: Error>(
    _ body: (inout MutableSpan<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try matrix.withMutableSpan(body)
  }

  private func row(_ step: Int, _ sequence: Int) -> Int {
    precondition(
      (0..<steps).contains(step) && (0..<batchSize).contains(sequence),
      "step \(step) of sequence \(sequence) in a batch of \(steps) x \(batchSize)")
    return step * batchSize + sequence
  }

  /// One step of all sequences: B x F.
  public func step(_ step: Int) throws(RecurError) -> Matrix<Scalar> {
    guard (0..<steps).contains(step) else {
      throw .invalid(argument: "step", reason: "is \(step), expected 0 to \(steps - 1)")
    }
    return try self[steps: step..<step + 1].matrix
  }

  /// A range of steps of all sequences.
  public subscript(steps range: Range<Int>) -> SequenceBatch {
    get throws(RecurError) {
      guard range.lowerBound >= 0, range.upperBound <= steps else {
        throw .invalid(argument: "steps", reason: "are \(range), expected within 0..<\(steps)")
      }
      let rows = range.lowerBound * batchSize..<range.upperBound * batchSize
      let elements = matrix.withSpan { span in
        span.withUnsafeBufferPointer { all in
          Array(all[rows.lowerBound * features..<rows.upperBound * features])
        }
      }
      return try SequenceBatch(
        steps: range.count, batchSize: batchSize, features: features, elements: elements)
    }
  }

  var header: Scalar.GSLMatrix { matrix.header }

  /// The memory, to be written to.
  package mutating func uniqueBase() -> UnsafeMutablePointer<Scalar> { matrix.uniqueBase() }

  /// Whether a batch has these steps of so many sequences: rows alone could not tell.
  func require(steps: Int, batchSize: Int, named name: String) throws(RecurError) {
    guard self.steps == steps, self.batchSize == batchSize else {
      throw .invalid(
        argument: name,
        reason: "has \(self.steps) steps of \(self.batchSize) sequences, "
          + "expected \(steps) of \(batchSize)")
    }
  }
}
