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
  private var values: Matrix<Scalar>

  /// Zeros; the parts lie one after another.
  init(parts: [Part]) throws(RecurError) {
    self.parts = parts
    self.values = try Matrix(rows: parts.last?.range.upperBound ?? 0, columns: 1)
  }

  /// How many numbers there are.
  public var count: Int { values.rows }

  /// A vector of the same parts, all zero.
  public func zeros() throws(RecurError) -> ParameterVector {
    var zeros = self
    zeros.values = try Matrix(rows: count, columns: 1)
    return zeros
  }

  /// All numbers, part after part.
  public var elements: [Scalar] { values.elements }

  /// A copy of one part, or nil where there is none of that name.
  public subscript(name: String) -> Matrix<Scalar>? {
    guard let part = parts.first(where: { $0.name == name }) else { return nil }
    return try? Matrix(
      rows: part.rows, columns: part.columns, elements: values.elements[part.range])
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
    let base = values.uniqueBase() + part.offset
    for (index, element) in matrix.elements.enumerated() { base[index] = element }
  }

  /// Replaces all numbers, such as by PyTorch's: its parameters in their order, flattened.
  public mutating func setElements(_ elements: some Collection<Scalar>) throws(RecurError) {
    values = try Matrix(rows: count, columns: 1, elements: elements)
  }

  /// Calls `body` with all numbers.
  public func withSpan<Result, E: Error>(
    _ body: (Span<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try values.withSpan(body)
  }

  /// Calls `body` with all numbers, to change them.
  public mutating func withMutableSpan<Result, E: Error>(
    _ body: (inout MutableSpan<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try values.withMutableSpan(body)
  }

  var base: UnsafeMutablePointer<Scalar> { values.base }

  mutating func uniqueBase() -> UnsafeMutablePointer<Scalar> { values.uniqueBase() }
}

// Arithmetic on whole vectors

extension ParameterVector {
  /// Adds `factor` times another vector of the same parts: with a gradient and minus the rate, a step
  /// of gradient descent.
  public mutating func add(_ other: ParameterVector, times factor: Scalar) throws(RecurError) {
    try other.require(parts, named: "other")
    let base = uniqueBase()
    other.withSpan { span in
      for index in span.indices { base[index] += factor * span[index] }
    }
  }

  /// Multiplies every number.
  public mutating func scale(by factor: Scalar) {
    withMutableSpan { span in
      for index in span.indices { span[index] *= factor }
    }
  }

  /// The Euclidean norm of the whole vector, right even where a square overflows or underflows.
  public var norm: Scalar {
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
  func require(_ parts: [Part], named name: String) throws(RecurError) {
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
