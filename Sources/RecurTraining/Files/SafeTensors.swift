// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecurFiles
import CZlib
import Foundation
import Recur

/// Named tensors and strings in a file of the safetensors format
/// (<https://huggingface.co/docs/safetensors>), which PyTorch, NumPy, JAX and others read.
///
/// Recur computes with two of the format's element types, `F32` and `F64`. It converts `F16` and
/// `BF16` to these types. Integers are read as `Int`. Reading
/// is strict: a file that deviates from the format or is inconsistent is an error.
///
/// A file written by Recur contains the string `recur.checksum`: the CRC-32 of the whole file,
/// computed with zeros in place of the checksum's eight digits. The checksum detects every change
/// within 32 successive bits and all but one in 2³² of all other changes. Python computes it with
/// `zlib.crc32`; computing it takes less time than reading the file from disk. Files of other
/// programs have no checksum and are read without one.
public struct SafeTensors: Sendable {
  /// The element types of the format.
  public enum ElementType: String, Sendable, CaseIterable {
    case double = "F64"
    case float = "F32"
    case float16 = "F16"

    /// The upper half of a `float`.
    case bfloat16 = "BF16"
    case int64 = "I64"
    case uint64 = "U64"
    case int32 = "I32"
    case uint32 = "U32"
    case int16 = "I16"
    case uint16 = "U16"
    case int8 = "I8"
    case uint8 = "U8"
    case bool = "BOOL"

    var size: Int {
      switch self {
      case .double, .int64, .uint64: 8
      case .float, .int32, .uint32: 4
      case .float16, .bfloat16, .int16, .uint16: 2
      case .int8, .uint8, .bool: 1
      }
    }

    package var isInteger: Bool { ![.double, .float, .float16, .bfloat16].contains(self) }

    init<Scalar: RecurScalar>(_ scalar: Scalar.Type) {
      self = MemoryLayout<Scalar>.size == 4 ? .float : .double
    }
  }

  /// The tensors, in the order of the file.
  public var tensors: [Tensor]

  /// The strings, without the checksum.
  public var metadata: [String: String]

  /// Whether the tensors come from a file with a checksum that matched.
  public internal(set) var isVerified = false

  /// The path of the file that was read, for error messages.
  package internal(set) var path = "a file in memory"

  /// Creates the contents of a file.
  ///
  /// - Parameters:
  ///   - tensors: tensors with distinct names.
  ///   - metadata: strings to store with them.
  public init(tensors: [Tensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The tensor with a name, or nil if there is none.
  ///
  /// - Parameter name: the name of the tensor.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }
}

// Files

extension SafeTensors {
  /// The maximum number of dimensions of a tensor.
  static let mostDimensions = Int(RECUR_TENSOR_RANK)

  static let checksumPlace = Data("\"\(FileMetadata.checksum)\":\"".utf8)

  /// Creates the contents of a file by reading it.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``FileError`` if the file is truncated, altered, or in a different format.
  public init(contentsOf url: URL) throws(FileError) {
    try self.init(path: WholeFile.path(of: url))
  }

  /// Creates the contents of a file by reading it. Errors name the path as it is given.
  package init(path: String) throws(FileError) {
    try self.init(WholeFile.read(path, atMost: nil), path: path)
  }

  init(_ file: Data, path: String) throws(FileError) {
    self.init(tensors: [])
    self.path = path
    try read(file)
  }

  /// Writes a file with a checksum atomically.
  ///
  /// - Parameter url: the file; an existing file is replaced.
  /// - Throws: ``FileError`` if the format cannot store a name or string, or if the file cannot be
  ///   written.
  public func write(to url: URL) throws(FileError) {
    try WholeFile.replace(url, with: file(named: url.path(percentEncoded: false)))
  }

  /// Returns the parts of a file in order.
  func file(named path: String) throws(FileError) -> [Data] {
    var start = try header(path)
    var crc = Self.crc(0, start)
    for tensor in tensors { crc = Self.crc(crc, tensor.bytes) }
    if let place = start.range(of: Self.checksumPlace) {
      start.replaceSubrange(place.upperBound..<place.upperBound + 8, with: Self.digits(crc).utf8)
    }
    return [start] + tensors.map(\.bytes)
  }

  /// Returns the CRC-32 of some bytes, continued from the checksum of the preceding bytes.
  package static func crc(_ crc: UInt, _ bytes: Data) -> UInt {
    // zlib resets the checksum if the address is nil, so skip empty data.
    bytes.isEmpty ? crc : bytes.withUnsafeBytes { crc32_z(crc, $0.baseAddress, $0.count) }
  }

  static func digits(_ crc: UInt) -> String {
    String((UInt64(1) << 32 | UInt64(crc)), radix: 16).suffix(8).description
  }
}
