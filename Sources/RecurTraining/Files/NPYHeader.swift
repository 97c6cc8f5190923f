// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The header of an array of NumPy (<https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>):
/// the magic string, a version, a length, and a Python dictionary such as
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct NPYHeader: Equatable {
  var type = SafeTensors.ElementType.float
  var isBigEndian = false

  /// Whether the first index varies fastest.
  var isColumnMajor = false
  var shape: [Int] = []

  /// The number of bytes before the elements.
  var size = 0

  static let magic = Data([0x93] + "NUMPY".utf8)

  /// The names of the element types, without the byte order.
  static let types: [String: SafeTensors.ElementType] = [
    "f2": .float16, "f4": .float, "f8": .double, "b1": .bool,
    "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64,
    "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64,
  ]

  /// Reads the header at the beginning of some bytes.
  init(_ array: Data, _ place: NPYPlace) throws(FileError) {
    guard array.starts(with: Self.magic) else { throw place.notAnArray(array) }
    let fixed = Self.magic.count + 2
    guard array.count >= fixed else { throw place.ends(array) }
    let (major, minor) = (array[array.startIndex + 6], array[array.startIndex + 7])
    guard 1...3 ~= major, minor == 0 else {
      throw place.refuse("has version \(major).\(minor), expected 1.0, 2.0 or 3.0")
    }
    let lengthBytes = major == 1 ? 2 : 4
    let length = array.dropFirst(fixed).prefix(lengthBytes).reversed().reduce(0) {
      $0 << 8 | Int($1)
    }
    size = fixed + lengthBytes + length
    guard array.count >= size else { throw place.ends(array) }
    var text = NPYDictionary(array.dropFirst(fixed + lengthBytes).prefix(length), place)
    try text.read(into: &self)
  }

  /// Sets the type and the byte order from a description such as `<f4`.
  fileprivate mutating func describe(_ text: String, _ place: NPYPlace) throws(FileError) {
    let order = text.first
    guard let found = Self.types[String(text.dropFirst())],
      order == "<" || order == ">" || order == "|" && found.size == 1
    else {
      let known = Self.types.keys.sorted().joined(separator: ", ")
      throw place.refuse("is of type '\(text)', expected '<' or '>' and one of \(known)")
    }
    (type, isBigEndian) = (found, order == ">" && found.size > 1)
  }

  /// Returns the beginning of an array of version 1.0, as NumPy writes it.
  static func write(_ tensor: SafeTensors.Tensor) -> Data? {
    guard let name = types.first(where: { $0.value == tensor.type })?.key else { return nil }
    let order = tensor.type.size == 1 ? "|" : "<"
    let sizes = tensor.shape.map(String.init).joined(separator: ", ")
    let shape = tensor.shape.count == 1 ? "(\(sizes),)" : "(\(sizes))"
    let text = "{'descr': '\(order)\(name)', 'fortran_order': False, 'shape': \(shape), }"
    // NumPy leaves room for a first dimension of 21 digits, and aligns the elements.
    let room = tensor.shape.first.map { 21 - String($0).count } ?? 0
    let size = (magic.count + 4 + text.utf8.count + room + 1 + 63) / 64 * 64
    let length = size - magic.count - 4
    let padding = Data(repeating: UInt8(ascii: " "), count: length - text.utf8.count - 1)
    return magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Data(text.utf8) + padding
      + [UInt8(ascii: "\n")]
  }
}

/// Reads the dictionary of a header. Anything but the three entries is refused.
private struct NPYDictionary {
  private let place: NPYPlace
  private var rest: ArraySlice<UInt8>

  init(_ text: Data, _ place: NPYPlace) { (rest, self.place) = (Array(text)[...], place) }

  mutating func read(into header: inout NPYHeader) throws(FileError) {
    var missing: Set = ["descr", "fortran_order", "shape"]
    try expect("{")
    while !accept("}") {
      let key = try string()
      guard missing.remove(key) != nil else { throw invalid("'\(key)'") }
      try expect(":")
      switch key {
      case "descr": try header.describe(string(), place)
      case "shape": header.shape = try shape()
      default: header.isColumnMajor = try flag()
      }
      guard accept(",") else {
        try expect("}")
        break
      }
    }
    if let key = missing.min() { throw place.refuse("has a header without '\(key)'") }
    skipSpaces()
    guard rest.isEmpty else { throw invalid("text after '}'") }
  }

  private func invalid(_ what: String) -> FileError {
    place.refuse(
      "has a header with \(what), expected {'descr': …, 'fortran_order': …, 'shape': …}")
  }

  private mutating func skipSpaces() {
    rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
  }

  private mutating func accept(_ text: StaticString) -> Bool {
    skipSpaces()
    let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard rest.starts(with: bytes) else { return false }
    rest = rest.dropFirst(bytes.count)
    return true
  }

  private mutating func expect(_ text: StaticString) throws(FileError) {
    guard accept(text) else { throw invalid("no '\(text)' where one belongs") }
  }

  private mutating func string() throws(FileError) -> String {
    let quote: UInt8 = accept("\"") ? UInt8(ascii: "\"") : UInt8(ascii: "'")
    if quote == UInt8(ascii: "'") { try expect("'") }
    guard let end = rest.firstIndex(of: quote) else { throw invalid("a string without an end") }
    defer { rest = rest[(end + 1)...] }
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  private mutating func flag() throws(FileError) -> Bool {
    if accept("True") { return true }
    guard accept("False") else { throw invalid("a 'fortran_order' other than True or False") }
    return false
  }

  private mutating func shape() throws(FileError) -> [Int] {
    var shape: [Int] = []
    try expect("(")
    while !accept(")") {
      try shape.append(size())
      guard shape.count <= SafeTensors.mostDimensions else {
        throw place.refuse("has more than \(SafeTensors.mostDimensions) dimensions")
      }
      guard accept(",") else {
        // In Python, (3) is a number.
        guard shape.count > 1 else { throw invalid("a shape that is not a tuple") }
        try expect(")")
        break
      }
    }
    return shape
  }

  private mutating func size() throws(FileError) -> Int {
    skipSpaces()
    let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    rest = rest.dropFirst(digits.count)
    guard let size = Int(String(decoding: digits, as: UTF8.self)) else {
      throw invalid("a dimension that is not an integer from 0 to \(Int.max)")
    }
    return size
  }
}

/// Where an array is, for error messages: in a file of its own, or in an archive by its name.
struct NPYPlace {
  let path: String
  let name: String?

  func refuse(_ what: String) -> FileError {
    FileError(path, name.map { "array \($0) \(what)" } ?? what)
  }

  func ends(_ array: Data) -> FileError {
    refuse("ends after \(array.count) bytes, within its header")
  }

  func notAnArray(_ bytes: Data) -> FileError {
    name == nil
      ? .wrongFormat(path, bytes, expected: .npy) : refuse("does not begin as a NumPy array")
  }
}
