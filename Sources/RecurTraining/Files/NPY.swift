// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension SafeTensors.Tensor {
  /// Reads an array that NumPy saved (`numpy.save`, `.npy`). The tensor has the name of the file without `.npy`.
  ///
  /// The elements become row-major and little-endian.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``FileError`` if the file is truncated or of another format, or has elements other than floating-point
  ///   numbers of 16, 32 or 64 bits, integers and Booleans.
  public init(contentsOfNPY url: URL) throws(FileError) {
    let path = try WholeFile.path(of: url)
    try self.init(npy: WholeFile.read(path, atMost: nil), path: path)
  }

  /// Reads the bytes of a file. Errors name the path as it is given.
  package init(npy file: Data, path: String) throws(FileError) {
    let last = (path as NSString).lastPathComponent
    let name = last.hasSuffix(".npy") ? String(last.dropLast(4)) : last
    let array = try NPYArray(file, NPYPlace(path: path, name: nil))
    self = try array.tensor(named: name)
  }

  /// Writes the tensor as an array of NumPy (`numpy.load`, `.npy`) atomically. The name is not stored.
  ///
  /// - Parameter url: the file; an existing file is replaced.
  /// - Throws: ``FileError`` if the type is `BF16`, which NumPy does not have, or if the file cannot be written.
  public func writeNPY(to url: URL) throws(FileError) {
    try WholeFile.replace(url, with: npy(named: url.path(percentEncoded: false)))
  }

  /// Returns the parts of a file in order.
  package func npy(named path: String) throws(FileError) -> [Data] {
    guard let header = NPYHeader.write(self) else {
      throw FileError(path, "cannot store tensor \(name) of type \(type.rawValue)")
    }
    return [header, bytes]
  }
}

/// An array of NumPy in its file or as a member of an archive.
struct NPYArray {
  private let place: NPYPlace
  private let header: NPYHeader
  private let elements: Data

  init(_ array: Data, _ place: NPYPlace) throws(FileError) {
    self.place = place
    header = try NPYHeader(array, place)
    elements = array.dropFirst(header.size)
    guard let count = SafeTensors.count(header.shape),
      case (let bytes, false) = count.multipliedReportingOverflow(by: header.type.size)
    else { throw place.refuse("has the invalid shape \(header.shape)") }
    guard bytes == elements.count else {
      throw place.refuse(
        "has \(elements.count) bytes of elements, expected \(bytes) for \(header.shape)")
    }
  }

  /// The number of bytes that ``tensor(named:)`` allocates for the elements.
  var copiedBytes: Int { isAsStored ? 0 : elements.count }

  private var isAsStored: Bool {
    !header.isBigEndian && (!header.isColumnMajor || header.shape.count < 2)
  }

  /// Returns the array as a tensor: row-major and little-endian.
  func tensor(named name: String) throws(FileError) -> SafeTensors.Tensor {
    SafeTensors.Tensor(
      name: name, type: header.type, shape: header.shape,
      bytes: isAsStored ? elements : try reordered())
  }

  private func reordered() throws(FileError) -> Data {
    switch header.type.size {
    case 1: try reordered(UInt8.self)
    case 2: try reordered(UInt16.self)
    case 4: try reordered(UInt32.self)
    default: try reordered(UInt64.self)
    }
  }

  private func reordered<Word: FixedWidthInteger>(_ word: Word.Type) throws(FileError) -> Data {
    try ReadMemory.filled(elements.count, place.path) { target in
      elements.withUnsafeBytes { source in
        let words = target.bindMemory(to: Word.self)
        var index = RowMajorIndex(header.shape, isColumnMajor: header.isColumnMajor)
        for k in words.indices {
          let value = source.loadUnaligned(
            fromByteOffset: index.place * MemoryLayout<Word>.size, as: Word.self)
          words[k] = header.isBigEndian ? value.byteSwapped : value
          index.advance()
        }
      }
    }
  }
}

/// Visits the elements of an array in row-major order.
private struct RowMajorIndex {
  private let shape: [Int]
  private let strides: [Int]
  private var index: [Int]

  /// The place of the element among the elements as stored.
  private(set) var place = 0

  init(_ shape: [Int], isColumnMajor: Bool) {
    self.shape = shape
    index = Array(repeating: 0, count: shape.count)
    var (strides, stride) = (index, 1)
    for axis in isColumnMajor ? Array(shape.indices) : shape.indices.reversed() {
      strides[axis] = stride
      stride *= shape[axis]
    }
    self.strides = strides
  }

  mutating func advance() {
    for axis in shape.indices.reversed() {
      index[axis] += 1
      place += strides[axis]
      if index[axis] < shape[axis] { return }
      place -= strides[axis] * shape[axis]
      index[axis] = 0
    }
  }
}
