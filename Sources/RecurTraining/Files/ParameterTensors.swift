// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension SafeTensors {
  /// Appends the parameters of a model, in PyTorch's shapes.
  ///
  /// - Parameters:
  ///   - parameters: the parameters.
  ///   - prefix: the beginning of the tensors' names.
  ///   - stored: the matrices that are stored as in inference.
  ///   - path: the file to write, for error messages.
  /// - Throws: ``FileError`` if a parameter is not finite.
  mutating func append<Scalar>(
    parameters: ParameterVector<Scalar>, prefix: String = "", stored: StoredMatrices = .none,
    _ path: String
  ) throws(FileError) {
    if let (slice, index, value) = parameters.firstNotFinite {
      throw FileError(
        path,
        "cannot store \(value) at index \(index) of \(prefix)\(slice.name), "
          + "expected finite parameters")
    }
    for slice in parameters.slices {
      guard let limit = StoredMatrices.limit(of: stored[slice.name]) else { continue }
      let elements = parameters[slice.name]!.elements
      guard let index = elements.firstIndex(where: { $0.magnitude >= Scalar(limit.value) })
      else { continue }
      throw FileError(
        path,
        "cannot store \(elements[index]) at index \(index) of \(prefix)\(slice.name), "
          + "expected a magnitude below \(limit.text)")
    }
    append(parameters, prefix: prefix, stored: stored)
  }

  /// Appends the slices of a vector, in PyTorch's shapes.
  mutating func append<Scalar>(
    _ vector: ParameterVector<Scalar>, prefix: String = "", stored: StoredMatrices = .none
  ) {
    for part in vector.slices {
      let elements = UnsafeBufferPointer(
        start: UnsafePointer(vector.base + part.offset), count: part.rows * part.columns)
      tensors += StoredMatrices.tensors(
        prefix + part.name, part.shape, stored[part.name], elements)
    }
    withExtendedLifetime(vector) {}
  }

  mutating func append<Scalar>(_ name: String, _ matrix: Matrix<Scalar>) {
    let elements = UnsafeBufferPointer(
      start: UnsafePointer(matrix.base), count: matrix.rows * matrix.columns)
    tensors += StoredMatrices.tensors(name, [matrix.rows, matrix.columns], .full, elements)
    withExtendedLifetime(matrix) {}
  }
}

extension SafeTensors {
  /// The number of elements of all tensors.
  var elementCount: Int { tensors.reduce(0) { $0 + $1.bytes.count / $1.type.size } }
}

/// Takes the tensors of a file by name. Each must have the expected type and shape, and none may
/// remain.
struct TensorReader {
  private let path: String
  private var left: [String: SafeTensors.Tensor]

  /// The number of elements in the file.
  let count: Int

  init(_ file: SafeTensors) throws(FileError) {
    path = file.path
    left = Dictionary(file.tensors.map { ($0.name, $0) }) { first, _ in first }
    count = file.elementCount
    guard left.count == file.tensors.count else {
      throw FileError(path, "has two tensors with the same name")
    }
  }

  func has(_ name: String) -> Bool { left[name] != nil }

  /// Reads the parameters of a model, which must be finite.
  ///
  /// - Parameters:
  ///   - parameters: the parameters.
  ///   - prefix: the beginning of the tensors' names.
  ///   - stored: the matrices that may be stored as in inference.
  mutating func fill<Scalar>(
    parameters: inout ParameterVector<Scalar>, prefix: String = "", stored: StoredMatrices = .none
  ) throws(FileError) {
    try fill(&parameters, prefix: prefix, stored: stored)
    guard let (slice, index, value) = parameters.firstNotFinite else { return }
    throw FileError(
      path,
      "tensor \(prefix)\(slice.name) has \(value) at index \(index), "
        + "expected finite parameters")
  }

  mutating func fill<Scalar>(
    _ vector: inout ParameterVector<Scalar>, prefix: String = "", stored: StoredMatrices = .none
  ) throws(FileError) {
    let base = try FileError.on(path, "cannot be read") { () throws(RecurError) in
      try vector.uniqueBase()
    }
    for part in vector.slices {
      let name = prefix + part.name
      switch (stored[part.name], left[name]?.type) {
      case (.half, let type?) where type == .float16 || type == .bfloat16,
        (.bfloat16, let type?) where type == .float16 || type == .bfloat16:
        let narrow = try take(name, part.shape, type)
        StoredMatrices.numbers(narrow: narrow, to: base + part.offset)
      case (.int8, .int8):
        let integers = try take(name, part.shape, .int8)
        let scales: [Float] = try scales(of: name, rows: part.rows)
        StoredMatrices.numbers(integers: integers, scales: scales, to: base + part.offset)
      default:
        try take(name, part.shape, to: base + part.offset)
      }
    }
    withExtendedLifetime(vector) {}
  }

  /// Reads a matrix. Its shape is compared before memory is allocated.
  mutating func matrix<Scalar: RecurScalar>(
    _ name: String, rows: Int, columns: Int
  ) throws(FileError) -> Matrix<Scalar> {
    try require(name, [rows, columns], SafeTensors.ElementType(Scalar.self))
    let (matrix, base) = try FileError.on(path, "cannot be read") { () throws(RecurError) in
      var matrix = try Matrix<Scalar>(rows: rows, columns: columns)
      let base = try matrix.uniqueBase()
      return (matrix, base)
    }
    try take(name, [rows, columns], to: base)
    withExtendedLifetime(matrix) {}
    return matrix
  }

  /// Reads all tensors whose names begin with a prefix as matrices, by the rest of their names.
  mutating func matrices<Scalar: RecurScalar>(
    prefix: String
  ) throws(FileError) -> [String: Matrix<Scalar>] {
    var matrices: [String: Matrix<Scalar>] = [:]
    for (name, tensor) in left where name.hasPrefix(prefix) {
      guard tensor.shape.count == 2 else {
        throw FileError(path, "tensor \(name) has shape \(tensor.shape), expected two dimensions")
      }
      matrices[String(name.dropFirst(prefix.count))] = try matrix(
        name, rows: tensor.shape[0], columns: tensor.shape[1])
    }
    return matrices
  }

  private mutating func take<Scalar: RecurScalar>(
    _ name: String, _ shape: [Int], to base: UnsafeMutablePointer<Scalar>
  ) throws(FileError) {
    let tensor = try take(name, shape, SafeTensors.ElementType(Scalar.self))
    tensor.bytes.copyBytes(
      to: UnsafeMutableRawBufferPointer(start: base, count: tensor.bytes.count),
      from: tensor.bytes.indices)
  }

  private mutating func scales(of name: String, rows: Int) throws(FileError) -> [Float] {
    let tensor = try take(StoredMatrices.scaleName(name), [rows], .float)
    return tensor.bytes.withUnsafeBytes { bytes in
      (0..<rows).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  private mutating func take(
    _ name: String, _ shape: [Int], _ type: SafeTensors.ElementType
  ) throws(FileError) -> SafeTensors.Tensor {
    let tensor = try require(name, shape, type)
    left.removeValue(forKey: name)
    return tensor
  }

  /// Returns a tensor, which must have the expected shape and type.
  @discardableResult
  private func require(
    _ name: String, _ shape: [Int], _ type: SafeTensors.ElementType
  ) throws(FileError) -> SafeTensors.Tensor {
    guard let tensor = left[name] else { throw FileError(path, "has no tensor \(name)") }
    guard tensor.type == type else {
      throw FileError(
        path, "tensor \(name) is of type \(tensor.type.rawValue), expected \(type.rawValue)")
    }
    guard tensor.shape == shape else {
      throw FileError(path, "tensor \(name) has shape \(tensor.shape), expected \(shape)")
    }
    return tensor
  }

  func finish() throws(FileError) {
    guard let name = left.keys.min() else { return }
    throw FileError(path, "has the unexpected tensor \(name)")
  }
}
