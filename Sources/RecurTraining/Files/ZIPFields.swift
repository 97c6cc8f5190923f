// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Reads the little-endian fields of a ZIP archive one after another.
struct ZIPFields {
  /// A 32-bit size whose true value is in the extra field.
  static let extended: UInt64 = 0xffff_ffff

  private let path: String

  /// The bytes that have not been read.
  private(set) var rest: Data

  /// The number of bytes of the file before them.
  private(set) var offset: Int

  init(_ file: Data, from start: Int, to end: Int? = nil, _ path: String) {
    self.path = path
    offset = start
    let end = end ?? file.count
    rest = start <= end ? file.prefix(end).dropFirst(start) : Data()
  }

  mutating func take(_ count: Int) throws(FileError) -> ZIPFields {
    guard count <= rest.count else {
      throw FileError(path, "ends within the field of \(count) bytes at \(offset)")
    }
    var taken = self
    taken.rest = rest.prefix(count)
    rest = rest.dropFirst(count)
    offset += count
    return taken
  }

  mutating func number(_ bytes: Int) throws(FileError) -> UInt64 {
    let field = try take(bytes).rest
    var number: UInt64 = 0
    withUnsafeMutableBytes(of: &number) { _ = field.copyBytes(to: $0) }
    return UInt64(littleEndian: number)
  }

  mutating func size(_ bytes: Int) throws(FileError) -> Int { try Int(number(bytes)) }

  /// Replaces sizes of all ones by those of the extra field 1, which has them in an order of its own. The other extra
  /// fields describe times and owners.
  func extendSizes(
    _ sizes: inout [UInt64], order: [Int], _ name: String
  ) throws(FileError) {
    var wanted = order.filter { sizes[$0] == Self.extended }
    var fields = self
    while !fields.rest.isEmpty {
      let (kind, length) = try (fields.number(2), fields.size(2))
      var field = try fields.take(length)
      guard kind == 1 else { continue }
      for index in wanted { sizes[index] = try field.number(8) }
      wanted = []
    }
    guard wanted.isEmpty else { throw FileError(path, "member \(name) has no 64-bit sizes") }
  }
}
