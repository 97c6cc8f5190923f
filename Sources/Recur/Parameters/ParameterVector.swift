// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A slice of a vector of parameters: a matrix of `rows` x `columns`, row after row, from `offset` on.
public struct ParameterSlice: Sendable, Hashable {
  /// The name, such as `weight_hh_l0`.
  public let name: String

  public let rows: Int
  public let columns: Int

  /// The index of the first element in the whole vector.
  public let offset: Int

  var range: Range<Int> { offset..<offset + rows * columns }
}

/// The parameters of a model, or their gradients: one contiguous vector and the names of its slices.
///
/// An optimizer passes over the whole vector; a person reads `parameters["weight_ih_l0"]`.
public struct ParameterVector<Scalar: RecurScalar>: Sendable, Equatable {
  /// The named matrices that the vector consists of, one after another.
  public let slices: [ParameterSlice]

  /// The number of elements.
  public let count: Int

  /// These elements, or those of a model that this vector is a component of, from `first` on.
  private var values: Matrix<Scalar>
  private let first: Int

  /// Zeros; the slices lie one after another.
  init(slices: [ParameterSlice]) throws(RecurError) {
    let count = slices.last?.range.upperBound ?? 0
    self.init(slices: slices, values: try Matrix(rows: count, columns: 1), first: 0)
  }

  private init(slices: [ParameterSlice], values: Matrix<Scalar>, first: Int) {
    self.slices = slices
    self.count = slices.last?.range.upperBound ?? 0
    self.values = values
    self.first = first
  }

  /// A vector of the same slices, all zero.
  ///
  /// - Returns: the vector.
  /// - Throws: ``RecurError/outOfMemory(reason:)``.
  public func zeros() throws(RecurError) -> ParameterVector {
    try ParameterVector(slices: slices)
  }

  /// All elements, slice after slice.
  public var elements: [Scalar] {
    withSpan { span in span.withUnsafeBufferPointer { Array($0) } }
  }

  /// A copy of one slice, or nil where there is none of that name.
  ///
  /// - Parameter name: such as `weight_hh_l0`.
  public subscript(name: String) -> Matrix<Scalar>? {
    guard let slice = slices.first(where: { $0.name == name }) else { return nil }
    return try? Matrix(
      rows: slice.rows, columns: slice.columns, elements: elements[slice.range])
  }

  /// Replaces one slice.
  ///
  /// - Parameters:
  ///   - name: the slice's, such as `weight_hh_l0`.
  ///   - matrix: of the slice's shape.
  /// - Throws: ``RecurError`` for an unknown name or another shape.
  public mutating func set(_ name: String, to matrix: Matrix<Scalar>) throws(RecurError) {
    guard let slice = slices.first(where: { $0.name == name }) else {
      let names = slices.map(\.name).joined(separator: ", ")
      throw .invalid(argument: name, reason: "is no parameter, expected one of \(names)")
    }
    guard matrix.rows == slice.rows, matrix.columns == slice.columns else {
      throw .shape(
        argument: name, expected: .init(slice.rows, slice.columns),
        found: .init(matrix.rows, matrix.columns))
    }
    let base = uniqueBase() + slice.offset
    for (index, element) in matrix.elements.enumerated() { base[index] = element }
  }

  /// Replaces all elements, such as by PyTorch's: its parameters in their order, flattened.
  ///
  /// - Parameter elements: ``count`` of them.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` for another number of elements.
  public mutating func setElements(_ elements: some Collection<Scalar>) throws(RecurError) {
    let new = try Matrix(rows: count, columns: 1, elements: elements)
    uniqueBase().update(from: new.base, count: count)
    withExtendedLifetime(new) {}
  }

  /// Calls `body` with all elements.
  ///
  /// - Parameter body: reads them.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  public func withSpan<Result, E: Error>(
    _ body: (Span<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try withExtendedLifetime(values) { _ throws(E) in
      try body(UnsafeBufferPointer(start: base, count: count).span)
    }
  }

  /// Calls `body` with all elements, to change them.
  ///
  /// - Parameter body: may read and change them.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
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
    a.slices == b.slices && a.elements == b.elements
  }
}

// Vectors that have others as components

extension ParameterVector {
  /// The elements of several vectors, one after another, their slices' names behind prefixes.
  package init(joining vectors: [(prefix: String, vector: ParameterVector)]) throws(RecurError) {
    var slices: [ParameterSlice] = []
    for (prefix, vector) in vectors {
      let offset = slices.last?.range.upperBound ?? 0
      slices += vector.slices.map {
        ParameterSlice(
          name: prefix + $0.name, rows: $0.rows, columns: $0.columns, offset: offset + $0.offset)
      }
    }
    try self.init(slices: slices)
    var next = uniqueBase()
    for (_, vector) in vectors {
      next.update(from: vector.base, count: vector.count)
      next += vector.count
    }
    withExtendedLifetime(vectors) {}
  }

  /// No elements, for a component whose parameters are in a model's vector.
  package static func none() throws(RecurError) -> ParameterVector { try .init(slices: []) }

  /// A component's elements, from `offset` on, in the same memory.
  package func component(_ slices: [ParameterSlice], at offset: Int) -> ParameterVector {
    ParameterVector(slices: slices, values: values, first: first + offset)
  }

  /// A component's elements, from `offset` on, to be changed in place. Until they are put back, this
  /// vector has no memory.
  package mutating func takeComponent(
    _ slices: [ParameterSlice], at offset: Int
  ) throws(RecurError) -> ParameterVector {
    let empty = try Matrix<Scalar>(rows: 0, columns: 1)
    defer { values = empty }
    return component(slices, at: offset)
  }

  package mutating func putBack(_ component: ParameterVector) {
    values = component.values
  }
}

// Arithmetic on whole vectors

extension ParameterVector {
  /// Adds a multiple of another vector: with a gradient and minus the learning rate, a step of gradient
  /// descent.
  ///
  /// - Parameters:
  ///   - other: a vector of the same slices.
  ///   - factor: the factor of the other vector.
  /// - Throws: ``RecurError`` for a vector of other slices.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public mutating func add(_ other: ParameterVector, times factor: Scalar) throws(RecurError) {
    try other.require(slices, named: "other")
    let base = uniqueBase()
    other.withSpan { span in
      for index in span.indices { base[index] += factor * span[index] }
    }
  }

  /// Multiplies every element.
  ///
  /// - Parameter factor: the factor.
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
  /// Refuses a vector of other slices than a model's: two models may have equally many parameters.
  package func require(_ slices: [ParameterSlice], named name: String) throws(RecurError) {
    guard self.slices != slices else { return }
    let expected = slices.last?.range.upperBound ?? 0
    guard count == expected else {
      throw .shape(argument: name, expected: .init(expected, 1), found: .init(count, 1))
    }
    let describe = { (slices: [ParameterSlice]) in
      slices.map { "\($0.name) \($0.rows) x \($0.columns)" }.joined(separator: ", ")
    }
    throw .invalid(
      argument: name, reason: "has \(describe(self.slices)), expected \(describe(slices))")
  }

  /// The parameters as a network's inference uses them, made once until they change.
  func prepared(for plan: NetworkPlan) throws(RecurError) -> PreparedWeights<Scalar> {
    try values.derived(where: { $0.plan === plan }) { () throws(RecurError) in
      try require(plan.slices, named: "parameters")
      return try PreparedWeights(plan, Scalar.vector(base, count: count))
    }
  }
}
