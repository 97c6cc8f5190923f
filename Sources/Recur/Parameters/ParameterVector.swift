// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A slice of a parameter vector: a matrix of `rows` x `columns`, row by row, starting at `offset`.
public struct ParameterSlice: Sendable, Hashable {
  /// The name, such as `weight_hh_l0`.
  public let name: String

  /// The number of rows.
  public let rows: Int

  /// The number of columns.
  public let columns: Int

  /// The index of the first element in the whole vector.
  public let offset: Int

  /// The dimensions in PyTorch: one for a bias or a gain, three for the weight of a convolution.
  public let shape: [Int]

  /// - Parameters:
  ///   - name: The name, such as `weight_hh_l0`.
  ///   - rows: The number of rows.
  ///   - columns: The number of columns.
  ///   - offset: The index of the first element in the whole vector.
  ///   - shape: The dimensions in PyTorch; nil for those that follow from the name.
  init(name: String, rows: Int, columns: Int, offset: Int, shape: [Int]? = nil) {
    self.name = name
    self.rows = rows
    self.columns = columns
    self.offset = offset
    // As UTF-8, because a model may have a million slices and characters are slow.
    let text = name.utf8
    let part = text.lastIndex(of: UInt8(ascii: ".")).map { text[$0...].dropFirst() } ?? text[...]
    let isVector = part.starts(with: "bias".utf8) || part.starts(with: "weight_ln_".utf8)
    self.shape = shape ?? (isVector ? [rows] : [rows, columns])
  }

  package var range: Range<Int> { offset..<offset + rows * columns }
}

extension ParameterSlice {
  /// The maximum number of slices, so that a description in a few bytes does not take all memory.
  private static let most = 1 << 20

  static func requireCount(_ count: Int) throws(RecurError) {
    guard count <= most else {
      throw .invalid(
        argument: "parameters", reason: "has \(count) matrices, expected at most \(most)")
    }
  }
}

/// The parameters of a model, or their gradients: one contiguous vector and the names of its slices.
///
/// An optimizer iterates over the whole vector; `parameters["weight_ih_l0"]` returns one slice as a
/// matrix.
public struct ParameterVector<Scalar: RecurScalar>: Sendable, Equatable {
  /// The named matrices of the vector, in order.
  public let slices: [ParameterSlice]

  /// The number of elements.
  public let count: Int

  /// The elements, starting at `first`. If the vector is a component of a model, this is the model's
  /// memory.
  private var values: Matrix<Scalar>
  private let first: Int

  /// Creates a vector of zeros with contiguous slices.
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

  /// Returns a vector of zeros with the same slices.
  ///
  /// - Returns: The vector of zeros.
  /// - Throws: ``RecurError/outOfMemory(reason:)``.
  public func zeros() throws(RecurError) -> ParameterVector {
    try ParameterVector(slices: slices)
  }

  /// All elements, slice by slice.
  public var elements: [Scalar] {
    withSpan { span in span.withUnsafeBufferPointer { Array($0) } }
  }

  /// A copy of one slice; nil if no slice has this name, or if memory cannot be allocated.
  ///
  /// - Parameter name: The name, such as `weight_hh_l0`.
  public subscript(name: String) -> Matrix<Scalar>? {
    guard let slice = slices.first(where: { $0.name == name }) else { return nil }
    return try? Matrix(
      rows: slice.rows, columns: slice.columns, elements: elements[slice.range])
  }

  /// Returns the elements of one slice, row by row; nil if no slice has this name.
  package func elements(of name: String) -> [Scalar]? {
    slices.first { $0.name == name }.map { Array(elements[$0.range]) }
  }

  /// Replaces one slice.
  ///
  /// - Parameters:
  ///   - name: The name of the slice, such as `weight_hh_l0`.
  ///   - matrix: A matrix with the shape of the slice.
  /// - Throws: ``RecurError`` if the name is unknown, the shape is wrong, or memory cannot be allocated.
  public mutating func set(_ name: String, to matrix: Matrix<Scalar>) throws(RecurError) {
    guard let slice = slices.first(where: { $0.name == name }) else {
      let names = slices.map(\.name).joined(separator: ", ")
      throw .invalid(argument: name, reason: "is not a parameter, expected one of \(names)")
    }
    guard matrix.rows == slice.rows, matrix.columns == slice.columns else {
      throw .shape(
        argument: name, expected: .init(slice.rows, slice.columns),
        found: .init(matrix.rows, matrix.columns))
    }
    let base = try uniqueBase() + slice.offset
    for (index, element) in matrix.elements.enumerated() { base[index] = element }
  }

  /// Replaces all elements, for example by PyTorch's parameters, flattened in their order.
  ///
  /// - Parameter elements: A collection of ``count`` elements.
  /// - Throws: ``RecurError/shape(argument:expected:found:)`` if the number of elements is wrong, or
  ///   ``RecurError/outOfMemory(reason:)``.
  public mutating func setElements(_ elements: some Collection<Scalar>) throws(RecurError) {
    let new = try Matrix(rows: count, columns: 1, elements: elements)
    try uniqueBase().update(from: new.base, count: count)
    withExtendedLifetime(new) {}
  }

  /// Calls `body` with all elements.
  ///
  /// - Parameter body: A closure that reads the elements.
  /// - Returns: The result of `body`.
  /// - Throws: Any error from `body`.
  public func withSpan<Result, E: Error>(
    _ body: (Span<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    try withExtendedLifetime(values) { _ throws(E) in
      try body(UnsafeBufferPointer(start: base, count: count).span)
    }
  }

  /// Calls `body` with all elements, for reading and writing. Shared memory is copied first, which ends the
  /// process if no memory can be allocated, as with Swift arrays.
  ///
  /// - Parameter body: A closure that reads and changes the elements.
  /// - Returns: The result of `body`.
  /// - Throws: Any error from `body`.
  public mutating func withMutableSpan<Result, E: Error>(
    _ body: (inout MutableSpan<Scalar>) throws(E) -> Result
  ) throws(E) -> Result {
    let base = values.uniqueBaseOrTrap() + first
    return try withExtendedLifetime(values) { _ throws(E) in
      var span = UnsafeMutableBufferPointer(start: base, count: count).mutableSpan
      return try body(&span)
    }
  }

  /// The memory. The caller must keep the vector alive.
  package var base: UnsafeMutablePointer<Scalar> { values.base + first }

  /// Returns the memory for writing.
  ///
  /// - Throws: ``RecurError/outOfMemory(reason:)``.
  package mutating func uniqueBase() throws(RecurError) -> UnsafeMutablePointer<Scalar> {
    try values.uniqueBase() + first
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.slices == b.slices && a.elements == b.elements
  }
}

// Vectors with components

extension ParameterVector {
  /// Creates a vector from the elements of several vectors. Each vector adds a prefix to the names of its
  /// slices.
  package init(joining vectors: [(prefix: String, vector: ParameterVector)]) throws(RecurError) {
    var slices: [ParameterSlice] = []
    for (prefix, vector) in vectors {
      let offset = slices.last?.range.upperBound ?? 0
      slices += vector.slices.map {
        ParameterSlice(
          name: prefix + $0.name, rows: $0.rows, columns: $0.columns, offset: offset + $0.offset,
          shape: $0.shape)
      }
    }
    try self.init(slices: slices)
    var next = try uniqueBase()
    for (_, vector) in vectors {
      next.update(from: vector.base, count: vector.count)
      next += vector.count
    }
    withExtendedLifetime(vectors) {}
  }

  /// Returns a vector without elements, for a component whose parameters are in a model's vector.
  package static func none() throws(RecurError) -> ParameterVector { try .init(slices: []) }

  /// Returns a component's elements, starting at `offset`, in the same memory.
  package func component(_ slices: [ParameterSlice], at offset: Int) -> ParameterVector {
    ParameterVector(slices: slices, values: values, first: first + offset)
  }

  /// Returns a component's elements, starting at `offset`, for changes in place. Until ``putBack(_:)``,
  /// this vector has no memory.
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
  /// Adds a multiple of another vector. With a gradient and the negative learning rate, this is a step of
  /// gradient descent.
  ///
  /// - Parameters:
  ///   - other: A vector with the same slices.
  ///   - factor: The factor of the other vector.
  /// - Throws: ``RecurError`` if the other vector has different slices, or memory cannot be allocated.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public mutating func add(_ other: ParameterVector, times factor: Scalar) throws(RecurError) {
    try other.require(slices, named: "other")
    let base = try uniqueBase()
    other.withSpan { span in
      for index in span.indices { base[index] += factor * span[index] }
    }
  }

  /// Multiplies every element by a factor. Shared memory is copied first, which ends the process if no
  /// memory can be allocated, as with Swift arrays.
  ///
  /// - Parameter factor: The factor.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public mutating func scale(by factor: Scalar) {
    withMutableSpan { span in
      for index in span.indices { span[index] *= factor }
    }
  }

  /// The Euclidean norm of the whole vector, accurate even if a square overflows or underflows.
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
  /// Throws an error unless the vector has the given slices. Their names and shapes count, because two models
  /// can have the same number of parameters.
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

  /// Returns the parameters packed for inference, which are reused until the parameters change.
  func prepared(for plan: NetworkPlan) throws(RecurError) -> PreparedWeights<Scalar> {
    try values.derived(where: { $0.configuration == plan.configuration }) { () throws(RecurError) in
      try require(plan.slices, named: "parameters")
      return try PreparedWeights(plan, Scalar.vector(base, count: count))
    }
  }

  /// Does the same for a model.
  func prepared(for plan: ModelPlan) throws(RecurError) -> PreparedModelWeights<Scalar> {
    try values.derived(where: { $0.model === plan.inC }) { () throws(RecurError) in
      try require(plan.slices, named: "parameters")
      return try PreparedModelWeights(plan.inC, Scalar.vector(base, count: count))
    }
  }
}
