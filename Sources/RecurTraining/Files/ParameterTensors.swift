// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension ModelGraph {
  /// The names of the slices that the model's networks store as halves.
  var halves: Set<String> {
    let stored = ["weight_ih", "weight_hh", "weight_hr"]
    var names: Set<String> = []
    for node in nodes {
      guard case .network(let configuration) = node.layer, configuration.weightStorage == .half,
        let slices = try? configuration.parameterSlices
      else { continue }
      let matrices = slices.filter { slice in stored.contains { slice.name.hasPrefix($0) } }
      names.formUnion(matrices.map { "\(node.name).\($0.name)" })
    }
    return names
  }
}

extension SafeTensors {
  /// Appends the parameters of a model, in PyTorch's shapes.
  ///
  /// - Parameters:
  ///   - parameters: the parameters.
  ///   - prefix: the beginning of the tensors' names.
  ///   - halves: the names of the slices that are stored as halves.
  ///   - path: the file to write, for error messages.
  /// - Throws: ``FileError`` if a parameter is not finite.
  mutating func append<Scalar>(
    parameters: ParameterVector<Scalar>, prefix: String = "", halves: Set<String> = [], _ path: String
  ) throws(FileError) {
    if let (slice, index, value) = parameters.firstNotFinite {
      throw FileError(
        path,
        "cannot store \(value) at index \(index) of \(prefix)\(slice.name), "
          + "expected finite parameters")
    }
    append(parameters, prefix: prefix, halves: halves)
  }

  /// Appends the slices of a vector, in PyTorch's shapes.
  mutating func append<Scalar>(
    _ vector: ParameterVector<Scalar>, prefix: String = "", halves: Set<String> = []
  ) {
    for part in vector.slices {
      let (name, base) = (prefix + part.name, vector.base + part.offset)
      if halves.contains(part.name) {
        let elements = (0..<part.rows * part.columns).map { Float16(Float(base[$0])) }
        append(name, elements.withUnsafeBytes { Data($0) }, .float16, part.shape)
      } else {
        append(name, base, part.shape)
      }
    }
    withExtendedLifetime(vector) {}
  }

  mutating func append<Scalar>(_ name: String, _ matrix: Matrix<Scalar>) {
    append(name, matrix.base, [matrix.rows, matrix.columns])
    withExtendedLifetime(matrix) {}
  }

  private mutating func append<Scalar: RecurScalar>(
    _ name: String, _ base: UnsafeMutablePointer<Scalar>, _ shape: [Int]
  ) {
    let count = shape.reduce(1, *)
    let bytes = UnsafeRawBufferPointer(UnsafeBufferPointer(start: base, count: count))
    append(name, .init(bytes), ElementType(Scalar.self), shape)
  }

  private mutating func append(
    _ name: String, _ bytes: Data, _ type: ElementType, _ shape: [Int]
  ) {
    tensors.append(Tensor(name: name, type: type, shape: shape, bytes: bytes))
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
  ///   - halves: the names of the slices that may be stored as halves.
  mutating func fill<Scalar>(
    parameters: inout ParameterVector<Scalar>, prefix: String = "", halves: Set<String> = []
  ) throws(FileError) {
    try fill(&parameters, prefix: prefix, halves: halves)
    guard let (slice, index, value) = parameters.firstNotFinite else { return }
    throw FileError(
      path,
      "tensor \(prefix)\(slice.name) has \(value) at index \(index), "
        + "expected finite parameters")
  }

  mutating func fill<Scalar>(
    _ vector: inout ParameterVector<Scalar>, prefix: String = "", halves: Set<String> = []
  ) throws(FileError) {
    let base = try FileError.on(path, "cannot be read") { () throws(RecurError) in
      try vector.uniqueBase()
    }
    for part in vector.slices {
      let name = prefix + part.name
      if halves.contains(part.name), left[name]?.type == .float16 {
        try takeHalves(name, part.shape, to: base + part.offset)
      } else {
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
    let tensor = try require(name, shape, SafeTensors.ElementType(Scalar.self))
    left.removeValue(forKey: name)
    tensor.bytes.copyBytes(
      to: UnsafeMutableRawBufferPointer(start: base, count: tensor.bytes.count),
      from: tensor.bytes.indices)
  }

  private mutating func takeHalves<Scalar: RecurScalar>(
    _ name: String, _ shape: [Int], to base: UnsafeMutablePointer<Scalar>
  ) throws(FileError) {
    let tensor = try require(name, shape, .float16)
    left.removeValue(forKey: name)
    tensor.bytes.withUnsafeBytes { bytes in
      for k in 0..<tensor.bytes.count / 2 {
        base[k] = Scalar(Float(bytes.loadUnaligned(fromByteOffset: 2 * k, as: Float16.self)))
      }
    }
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
