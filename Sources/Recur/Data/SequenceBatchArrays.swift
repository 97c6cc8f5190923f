// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// Conversion from and to arrays

extension SequenceBatch {
  /// Creates sequences from elements in memory order: step, then sequence, then feature. A contiguous
  /// sequence is copied as a block.
  ///
  /// - Parameters:
  ///   - steps: The number of steps T, at least 0.
  ///   - batchSize: The batch size B, at least 0.
  ///   - features: The number of features F, at least 0.
  ///   - elements: An array, a buffer, or any other finite sequence of T·B·F elements.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` if the number of elements differs,
  ///   ``RecurError/invalid(argument:reason:)`` if a size is negative or a product of sizes overflows, or
  ///   ``RecurError/outOfMemory(reason:)``.
  @inlinable
  public init(
    steps: Int, batchSize: Int, features: Int, elements: some Sequence<Scalar>
  ) throws(RecurError) {
    try self.init(steps: steps, batchSize: batchSize, features: features, zeroed: false)
    try rows.replaceElements(by: elements)
  }

  /// Creates sequences from the elements of a span in memory order: step, then sequence, then feature.
  ///
  /// - Parameters:
  ///   - steps: The number of steps T, at least 0.
  ///   - batchSize: The batch size B, at least 0.
  ///   - features: The number of features F, at least 0.
  ///   - elements: A sequence of T·B·F elements.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` if the number of elements differs,
  ///   ``RecurError/invalid(argument:reason:)`` if a size is negative or a product of sizes overflows, or
  ///   ``RecurError/outOfMemory(reason:)``.
  public init(
    steps: Int, batchSize: Int, features: Int, elements: Span<Scalar>
  ) throws(RecurError) {
    try self.init(steps: steps, batchSize: batchSize, features: features, zeroed: false)
    try rows.replaceElements(by: elements)
  }

  /// Creates sequences of equal length from batch-first arrays: each sequence is a list of steps, and
  /// each step a list of features.
  ///
  /// - Parameters:
  ///   - sequences: B lists of T lists of F elements.
  ///   - features: The number of features F. If omitted, the number in the first step, or 0 without steps.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` if the shape of a sequence differs, or
  ///   ``RecurError/outOfMemory(reason:)``.
  @inlinable
  public init(batchFirst sequences: [[[Scalar]]], features: Int? = nil) throws(RecurError) {
    let steps = sequences.first?.count ?? 0
    try self.init(
      sequences, steps: steps, features: features ?? sequences.first?.first?.count ?? 0
    ) { _ in steps }
  }

  /// Creates a batch from sequences of different lengths, padded with zeros to the length of the longest,
  /// and returns it with the lengths. Each sequence is a list of steps, and each step a list of features.
  ///
  /// - Parameters:
  ///   - sequences: B lists of up to T lists of F elements.
  ///   - features: The number of features F. If omitted, the number in the first step, or 0 without steps.
  /// - Returns: The batch, and the number of steps of each sequence.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` if the number of features of a step
  ///   differs, or ``RecurError/outOfMemory(reason:)``.
  @inlinable
  public static func padded(
    _ sequences: [[[Scalar]]], features: Int? = nil
  ) throws(RecurError) -> (batch: SequenceBatch, lengths: [Int]) {
    let lengths = sequences.map(\.count)
    let batch = try SequenceBatch(
      sequences, steps: lengths.max() ?? 0,
      features: features ?? sequences.first { !$0.isEmpty }?[0].count ?? 0
    ) { lengths[$0] }
    return (batch, lengths)
  }

  /// Creates sequences of up to `steps` steps, padded with zeros. Sequence b has `length(b)` steps.
  @inlinable
  init(
    _ sequences: [[[Scalar]]], steps: Int, features: Int, length: (Int) -> Int
  ) throws(RecurError) {
    try self.init(steps: steps, batchSize: sequences.count, features: features)
    for (b, sequence) in sequences.enumerated() {
      guard sequence.count == length(b) else {
        throw Self.misshapen(sequence, b, steps: length(b), features: features)
      }
      for (t, step) in sequence.enumerated() {
        guard step.count == features else {
          throw Self.misshapen(sequence, b, steps: length(b), features: features)
        }
        let first = (t &* batchSize &+ b) &* features
        step.withUnsafeBufferPointer { rows.buffer.replace(from: first, by: $0) }
      }
    }
  }

  @usableFromInline
  static func misshapen(
    _ sequence: [[Scalar]], _ b: Int, steps: Int, features: Int
  ) -> RecurError {
    let other = sequence.first { $0.count != features }
    return .shape(
      argument: "sequence \(b)", expected: .init(steps, features),
      found: .init(sequence.count, other?.count ?? features))
  }

  /// The sequences as batch-first arrays: each sequence is a list of steps, and each step a list of
  /// features.
  @inlinable
  public var batchFirst: [[[Scalar]]] {
    rows.withSpan { span in
      span.withUnsafeBufferPointer { all in
        (0..<batchSize).map { b in
          (0..<steps).map { t in
            let first = (t * batchSize + b) * features
            return Array(UnsafeBufferPointer(rebasing: all[first..<first + features]))
          }
        }
      }
    }
  }
}
