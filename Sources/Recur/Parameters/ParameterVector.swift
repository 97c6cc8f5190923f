// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// One part of a vector of parameters: a matrix of `rows` x `columns`, row after row, from `offset` on.
public struct ParameterPart: Sendable, Equatable {
  public let name: String
  public let rows: Int
  public let columns: Int
  public let offset: Int

  var range: Range<Int> { offset..<offset + rows * columns }
}

/// The parameters of a model, or their gradients: one contiguous vector and the names of its parts.
///
/// An optimizer passes over the whole vector; a person reads `parameters["weight_ih_l0"]`.
public struct ParameterVector<Scalar: RecurScalar>: Sendable, Equatable {
  public typealias Part = ParameterPart

  public let parts: [Part]

  /// How many numbers there are.
  public let count: Int

  /// These numbers, or those of a model of which this vector is a part, from `first` on.
  private var values: Matrix<Scalar>
  private let first: Int

  /// Zeros; the parts lie one after another.
  init(parts: [Part]) throws(RecurError) {
    let count = parts.last?.range.upperBound ?? 0
    self.init(parts: parts, values: try Matrix(rows: count, columns: 1), first: 0)
  }

  private init(parts: [Part], values: Matrix<Scalar>, first: Int) {
    self.parts = parts
    self.count = parts.last?.range.upperBound ?? 0
    self.values = values
    self.first = first
  }

  /// A vector of the same parts, all zero.
  public func zeros() throws(RecurError) -> ParameterVector {
    try ParameterVector(parts: parts)
  }

  /// All numbers, part after part.
  public var elements: [Scalar] {
    withSpan { span in span.withUnsafeBufferPointer { Array($0) } }
  }

  /// A copy of one part, or nil where there is none of that name.
  public subscript(name: String) -> Matrix<Scalar>? {
    guard let part = parts.first(where: { $0.name == name }) else { return nil }
    return try? Matrix(
      rows: part.rows, columns: part.columns, elements: elements[part.range])
  }

  /// Replaces one part.
  public mutating func set(_ name: String, to matrix: Matrix<Scalar>) throws(RecurError) {
    guard let part = parts.first(where: { $0.name == name }) else {
      let names = parts.map(\.name).joined(separator: ", ")
      throw .invalid(argument: name, reason: "is no parameter, expected one of \(names)")
    }
    guard matrix.rows == part.rows, matrix.columns == part.columns else {
      throw .shape(
        argument: name, expected: .init(part.rows, part.columns),
        found: .init(matrix.rows, matrix.columns))
    }
    let base = uniqueBase() + part.offset
    for (index, element) in matrix.elements.enumerated() { base[index] = element }
  }

  /// Replaces all numbers, such as by PyTorch's: its parameters in their order, flattened.
  public mutating func setElements(_ elements: some Collection<Scalar>) throws(RecurError) {
    let new = try Matrix(rows: count, columns: 1, elements: elements)
    uniqueBase().update(from: new.base, count: count)
    withExtendedLifetime(new) {}
  }

  /// Calls `body` with all numbers.
  public func withSpan<Result, E: Error>(
    _ body: (Span<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try withExtendedLifetime(values) { _ throws(E) in
      try body(UnsafeBufferPointer(start: base, count: count).span)
    }
  }

  /// Calls `body` with all numbers, to change them.
  public mutating func withMutableSpan<Result, E: Error>(
    _ body: (inout MutableSpan<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    let base = uniqueBase()
    return try withExtendedLifetime(values) { _ throws(E) in
      var span = UnsafeMutableBufferPointer(start: base, count: count).mutableSpan
      return try body(&span)
    }
  }

  /// The memory, to be kept alive by the caller.
  package var base: UnsafeMutablePointer<Scalar> { values.base + first }

  /// The memory, to be written to.
  package mutating func uniqueBase() -> UnsafeMutablePointer<Scalar> { values.uniqueBase() + first }

  public static func == (a: Self, b: Self) -> Bool {
    a.parts == b.parts && a.elements == b.elements
  }
}

// Vectors of which others are parts

extension ParameterVector {
  /// The numbers of several vectors, one after another, their parts' names behind prefixes.
  package init(joining vectors: [(prefix: String, vector: ParameterVector)]) throws(RecurError) {
    var parts: [Part] = []
    for (prefix, vector) in vectors {
      let offset = parts.last?.range.upperBound ?? 0
      parts += vector.parts.map {
        Part(
          name: prefix + $0.name, rows: $0.rows, columns: $0.columns, offset: offset + $0.offset)
      }
    }
    try self.init(parts: parts)
    var next = uniqueBase()
    for (_, vector) in vectors {
      next.update(from: vector.base, count: vector.count)
      next += vector.count
    }
    withExtendedLifetime(vectors) {}
  }

  /// No numbers: what a component has whose parameters are elsewhere.
  package static func none() throws(RecurError) -> ParameterVector { try .init(parts: []) }

  /// A component's numbers, from `offset` on, in the same memory.
  package func component(_ parts: [Part], at offset: Int) -> ParameterVector {
    ParameterVector(parts: parts, values: values, first: first + offset)
  }

  /// A component's numbers, from `offset` on, to be changed in place. Until they are put back, this
  /// vector has no memory.
  package mutating func takeComponent(
    _ parts: [Part], at offset: Int
  ) throws(RecurError) -> ParameterVector {
    let empty = try Matrix<Scalar>(rows: 0, columns: 1)
    defer { values = empty }
    return component(parts, at: offset)
  }

  package mutating func putBack(_ component: ParameterVector) {
    values = component.values
  }
}

// Arithmetic on whole vectors

extension ParameterVector {
  /// Adds `factor` times another vector of the same parts: with a gradient and minus the rate, a step
  /// of gradient descent.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public mutating func add(_ other: ParameterVector, times factor: Scalar) throws(RecurError) {
    try other.require(parts, named: "other")
    let base = uniqueBase()
    other.withSpan { span in
      for index in span.indices { base[index] += factor * span[index] }
    }
  }

  /// Multiplies every number.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public mutating func scale(by factor: Scalar) {
    withMutableSpan { span in
      for index in span.indices { span[index] *= factor }
    }
  }

  /// The Euclidean norm of the whole vector, right even where a square overflows or underflows.
  public var norm: Scalar {
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    get { euclideanNorm() }
  }

  private func euclideanNorm() -> Scalar {
    withSpan { span in
      var largest: Scalar = 0
      for index in span.indices { largest = Scalar.maximum(largest, span[index].magnitude) }
      guard largest > 0, largest.isFinite else {
        return span.indices.contains { span[$0].isNaN } ? .nan : largest
      }
      var sum: Scalar = 0
      for index in span.indices {
        let ratio = span[index] / largest
        sum += ratio * ratio
      }
      return largest * sum.squareRoot()
    }
  }
}

extension ParameterVector {
  /// Whether this vector has the parts of a model: two models may have equally many parameters.
  package func require(_ parts: [Part], named name: String) throws(RecurError) {
    guard self.parts != parts else { return }
    let expected = parts.last?.range.upperBound ?? 0
    guard count == expected else {
      throw .shape(argument: name, expected: .init(expected, 1), found: .init(count, 1))
    }
    let describe = { (parts: [Part]) in
      parts.map { "\($0.name) \($0.rows) x \($0.columns)" }.joined(separator: ", ")
    }
    throw .invalid(
      argument: name, reason: "has \(describe(self.parts)), expected \(describe(parts))")
  }

  /// The numbers as a network's inference uses them, made once until they change.
  func prepared(for plan: NetworkPlan) throws(RecurError) -> PreparedWeights<Scalar> {
    try values.derived(where: { $0.plan === plan }) { () throws(RecurError) in
      try require(plan.parts, named: "parameters")
      return try PreparedWeights(plan, Scalar._vector(base, count: count))
    }
  }
}
