// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// From arrays and back

extension SequenceBatch {
  /// Elements in the order of memory: step, then sequence, then feature. Contiguous memory is copied as
  /// a whole.
  ///
  /// - Parameters:
  ///   - steps: T, at least 0.
  ///   - batchSize: B, at least 0.
  ///   - features: F, at least 0.
  ///   - elements: T·B·F elements: an array, a buffer, or any other finite sequence.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` for another number of elements,
  ///   ``RecurError/invalid(argument:reason:)`` for a negative size or a product of sizes that
  ///   overflows, ``RecurError/outOfMemory(reason:)``.
  @inlinable
  public init(
    steps: Int, batchSize: Int, features: Int, elements: some Sequence<Scalar>
  ) throws(RecurError) {
    try self.init(steps: steps, batchSize: batchSize, features: features, zeroed: false)
    try rows.replaceElements(by: elements)
  }

  /// A span's elements in the order of memory: step, then sequence, then feature.
  ///
  /// - Parameters:
  ///   - steps: T, at least 0.
  ///   - batchSize: B, at least 0.
  ///   - features: F, at least 0.
  ///   - elements: T·B·F elements.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` for another number of elements,
  ///   ``RecurError/invalid(argument:reason:)`` for a negative size or a product of sizes that
  ///   overflows, ``RecurError/outOfMemory(reason:)``.
  public init(
    steps: Int, batchSize: Int, features: Int, elements: Span<Scalar>
  ) throws(RecurError) {
    try self.init(steps: steps, batchSize: batchSize, features: features, zeroed: false)
    try rows.replaceElements(by: elements)
  }

  /// Sequences of one length, each a list of steps, each a list of features.
  ///
  /// - Parameters:
  ///   - sequences: B lists of T lists of F elements.
  ///   - features: F; that of the first step if left out, or 0 if there is none.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` for a sequence of another shape,
  ///   ``RecurError/outOfMemory(reason:)``.
  @inlinable
  public init(batchFirst sequences: [[[Scalar]]], features: Int? = nil) throws(RecurError) {
    let steps = sequences.first?.count ?? 0
    try self.init(
      sequences, steps: steps, features: features ?? sequences.first?.first?.count ?? 0
    ) { _ in steps }
  }

  /// Sequences of different lengths, each a list of steps, each a list of features: a batch of as many
  /// steps as the longest has, zero past the end of the others, and the lengths that a network takes.
  ///
  /// - Parameters:
  ///   - sequences: B lists of up to T lists of F elements.
  ///   - features: F; that of the first step if left out, or 0 if there is none.
  /// - Returns: the batch, and the number of steps of each sequence.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` for a step of another number of features,
  ///   ``RecurError/outOfMemory(reason:)``.
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

  /// Sequences of up to `steps` steps, zero past their ends; the b-th has `length(b)`.
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

  /// The sequences, each a list of steps, each a list of features.
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
