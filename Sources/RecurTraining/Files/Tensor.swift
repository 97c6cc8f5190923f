// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension SafeTensors {
  /// A tensor with a name, a shape, and row-major elements.
  public struct Tensor: Sendable, Equatable {
    /// The tensor's name.
    public let name: String

    /// The type of its elements.
    public let type: ElementType

    /// The dimensions; a tensor without dimensions has one element.
    public let shape: [Int]

    /// The elements as stored in the file.
    let bytes: Data

    init(name: String, type: ElementType, shape: [Int], bytes: Data) {
      self.name = name
      self.type = type
      self.shape = shape
      self.bytes = bytes
    }

    /// Creates a tensor.
    ///
    /// - Parameters:
    ///   - name: the tensor's name.
    ///   - shape: the dimensions.
    ///   - elements: the elements, row-major, as many as the shape requires.
    /// - Throws: `RecurError.invalid(argument:reason:)` if the number of elements does not match
    ///   the shape.
    public init<Scalar: RecurScalar>(
      _ name: String, shape: [Int], elements: [Scalar]
    ) throws(RecurError) {
      guard SafeTensors.count(shape) == elements.count else {
        throw .invalid(
          argument: name,
          reason: "has \(elements.count) elements, which do not fit the shape \(shape)")
      }
      self.init(
        name: name, type: ElementType(Scalar.self), shape: shape,
        bytes: elements.withUnsafeBytes { Data($0) })
    }

    /// Creates a tensor of integers, with the type `I64`.
    ///
    /// - Parameters:
    ///   - name: the tensor's name.
    ///   - shape: the dimensions.
    ///   - integers: the elements, row-major, as many as the shape requires.
    /// - Throws: `RecurError.invalid(argument:reason:)` if the number of elements does not match
    ///   the shape.
    public init(_ name: String, shape: [Int], integers: [Int]) throws(RecurError) {
      guard SafeTensors.count(shape) == integers.count else {
        throw .invalid(
          argument: name,
          reason: "has \(integers.count) elements, which do not fit the shape \(shape)")
      }
      self.init(
        name: name, type: .int64, shape: shape, bytes: integers.withUnsafeBytes { Data($0) })
    }

    /// Returns the elements: bit-identical if the stored type is the requested one, and widened
    /// exactly if it is narrower.
    ///
    /// - Parameter scalar: `Float` or `Double`.
    /// - Returns: the elements, row-major.
    /// - Throws: `RecurError.invalid(argument:reason:)` if the type is `F64` and `Float` is
    ///   requested, or if it is an integer type: rounding is the caller's decision.
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    public func elements<Scalar: RecurScalar>(
      as scalar: Scalar.Type = Scalar.self
    ) throws(RecurError) -> [Scalar] {
      let wanted = ElementType(scalar)
      switch type {
      case wanted: return numbers()
      case .float where wanted == .double: return (numbers() as [Float]).map { Scalar($0) }
      case .float16: return numbers().map { Scalar(Float(Float16(bitPattern: $0))) }
      case .bfloat16: return numbers().map { Scalar(Float(bitPattern: UInt32($0 as UInt16) << 16)) }
      default:
        throw .invalid(
          argument: name,
          reason: "is of type \(type.rawValue), expected "
            + (wanted == .double ? "F64, F32, F16 or BF16" : "F32, F16 or BF16"))
      }
    }

    /// Returns the elements of an integer type. Booleans are 0 and 1.
    ///
    /// - Returns: the elements, row-major.
    /// - Throws: `RecurError.invalid(argument:reason:)` if the elements have a floating-point type, or
    ///   if one is greater than `Int.max`.
    public func integers() throws(RecurError) -> [Int] {
      switch type {
      case .int64: return numbers()
      case .int32: return (numbers() as [Int32]).map { Int($0) }
      case .int16: return (numbers() as [Int16]).map { Int($0) }
      case .int8: return (numbers() as [Int8]).map { Int($0) }
      case .uint32: return (numbers() as [UInt32]).map { Int($0) }
      case .uint16: return (numbers() as [UInt16]).map { Int($0) }
      case .uint8: return (numbers() as [UInt8]).map { Int($0) }
      case .bool: return (numbers() as [UInt8]).map { $0 == 0 ? 0 : 1 }
      case .uint64:
        let large = numbers() as [UInt64]
        if let value = large.first(where: { $0 > UInt64(Int.max) }) {
          throw .invalid(argument: name, reason: "has the element \(value), which is too large")
        }
        return large.map { Int($0) }
      case .double, .float, .float16, .bfloat16:
        throw .invalid(
          argument: name, reason: "is of type \(type.rawValue), expected an integer type")
      }
    }

    /// Returns the elements as a matrix: one row for each index of the first dimension. A tensor with
    /// one dimension is a column, and a tensor without dimensions is 1 x 1.
    ///
    /// - Parameter scalar: `Float` or `Double`.
    /// - Returns: the matrix.
    /// - Throws: the errors of ``elements(as:)``; `RecurError` if a dimension is too large.
    public func matrix<Scalar: RecurScalar>(
      as scalar: Scalar.Type = Scalar.self
    ) throws(RecurError) -> Matrix<Scalar> {
      guard let columns = SafeTensors.count(Array(shape.dropFirst())) else {
        throw .invalid(argument: name, reason: "has the shape \(shape), which is too large")
      }
      return try Matrix(rows: shape.first ?? 1, columns: columns, elements: elements(as: scalar))
    }

    /// Returns the bytes as values of a type.
    private func numbers<Number: BitwiseCopyable>() -> [Number] {
      let count = bytes.count / MemoryLayout<Number>.size
      return Array(unsafeUninitializedCapacity: count) { buffer, initialized in
        bytes.copyBytes(to: UnsafeMutableRawBufferPointer(buffer), from: bytes.indices)
        initialized = count
      }
    }
  }

  /// Returns the number of elements of a shape; nil if a dimension is negative or the product
  /// overflows.
  static func count(_ shape: [Int]) -> Int? {
    var count = 1
    for dimension in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }
}
