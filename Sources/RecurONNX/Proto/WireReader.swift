// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A field of a protobuf message, without its number.
enum WireValue {
  case varint(UInt64)
  case fixed64(UInt64)
  case fixed32(UInt32)
  case bytes(WireReader)
}

/// Reads the fields of a protobuf message from a range of bytes. Unknown fields are the caller's to skip.
///
/// The format has 30 lines of rules; a package for it would become a dependency of every user of Recur, because
/// packages resolve what any product needs.
struct WireReader {
  private let bytes: [UInt8]
  private var position: Int
  private let end: Int

  init(_ bytes: [UInt8]) {
    self.init(bytes, 0..<bytes.count)
  }

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// The maximum number of bytes of an integer.
  static let longestNumber = 10

  var isAtEnd: Bool { position == end }

  /// The number of bytes that are left.
  var count: Int { end - position }

  /// Returns the number and the value of the next field, or nil at the end of the message.
  mutating func next() throws(ONNXError) -> (number: Int, value: WireValue)? {
    guard !isAtEnd else { return nil }
    let key = try varint()
    guard key >> 3 >= 1, key >> 3 < 1 << 29 else {
      throw malformed("has a field of number \(key >> 3)")
    }
    let number = Int(key >> 3)
    switch key & 7 {
    case 0: return (number, .varint(try varint()))
    case 1: return (number, .fixed64(try fixed(8)))
    case 2: return (number, .bytes(try delimited()))
    case 5: return (number, .fixed32(UInt32(try fixed(4))))
    default: throw malformed("has a field of wire type \(key & 7)")
    }
  }

  mutating func varint() throws(ONNXError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < end else { throw malformed("ends within a number") }
      let byte = bytes[position]
      position += 1
      guard shift < 63 || byte <= 1 else { throw malformed("has a number of more than 64 bits") }
      value |= UInt64(byte & 127) << shift
      if byte < 128 { return value }
    }
    throw malformed("has a number of more than 64 bits")
  }

  /// Reads an integer of n bytes, the lowest first.
  mutating func fixed(_ n: Int) throws(ONNXError) -> UInt64 {
    guard count >= n else { throw malformed("ends within a number") }
    defer { position += n }
    return (0..<n).reduce(0) { $0 | UInt64(bytes[position + $1]) << UInt64(8 * $1) }
  }

  private mutating func delimited() throws(ONNXError) -> WireReader {
    let length = try varint()
    guard length <= UInt64(count) else {
      throw malformed("is truncated or damaged: a field has \(length) bytes, but \(count) are left")
    }
    defer { position += Int(length) }
    return WireReader(bytes, position..<position + Int(length))
  }

  /// The remaining bytes as text; nil if they are not UTF-8. `String(validating:as:)` takes several times as long for
  /// short texts, because it is generic.
  var text: String? {
    bytes.withUnsafeBufferPointer {
      let rest = UnsafeBufferPointer(rebasing: $0[position..<end])
      let text = String(decoding: rest, as: UTF8.self)
      // Bytes that are not UTF-8 were replaced.
      return text.utf8.elementsEqual(rest) ? text : nil
    }
  }

  /// The remaining bytes.
  var rest: ArraySlice<UInt8> { bytes[position..<end] }

  private func malformed(_ reason: String) -> ONNXError {
    .malformed(reason: "the message \(reason), at byte \(position)")
  }
}

// Fields of known types

extension WireValue {
  func message(_ field: String) throws(ONNXError) -> WireReader {
    guard case .bytes(let reader) = self else { throw wrong(field) }
    return reader
  }

  func string(_ field: String) throws(ONNXError) -> String {
    guard let text = try message(field).text else {
      throw .malformed(reason: "\(field) is not UTF-8")
    }
    return text
  }

  func integer(_ field: String) throws(ONNXError) -> Int {
    guard case .varint(let value) = self else { throw wrong(field) }
    return Int(Int64(bitPattern: value))
  }

  func float(_ field: String) throws(ONNXError) -> Float {
    guard case .fixed32(let bits) = self else { throw wrong(field) }
    return Float(bitPattern: bits)
  }

  /// Appends the elements of a repeated field: one of them, or several that are packed.
  func append<Element>(
    to list: inout [Element], _ field: String, bytes: Int?,
    _ convert: (UInt64) -> Element
  ) throws(ONNXError) {
    switch self {
    case .varint(let value) where bytes == nil: list.append(convert(value))
    case .fixed32(let value) where bytes == 4: list.append(convert(UInt64(value)))
    case .fixed64(let value) where bytes == 8: list.append(convert(value))
    case .bytes(var reader):
      if let bytes { list.reserveCapacity(list.count + reader.count / bytes) }
      while !reader.isAtEnd {
        list.append(convert(bytes == nil ? try reader.varint() : try reader.fixed(bytes!)))
      }
    default: throw wrong(field)
    }
  }

  func append(to list: inout [Int], _ field: String) throws(ONNXError) {
    try append(to: &list, field, bytes: nil) { Int(Int64(bitPattern: $0)) }
  }

  func append(to list: inout [Float], _ field: String) throws(ONNXError) {
    try append(to: &list, field, bytes: 4) { Float(bitPattern: UInt32($0)) }
  }

  private func wrong(_ field: String) -> ONNXError {
    .malformed(reason: "\(field) has the wrong wire type")
  }
}
