// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Writes the fields of a protobuf message.
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  mutating func varint(_ number: Int, _ value: Int) {
    append(UInt64(number << 3))
    append(UInt64(bitPattern: Int64(value)))
  }

  mutating func float(_ number: Int, _ value: Float) {
    append(UInt64(number << 3 | 5))
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
  }

  mutating func bytes(_ number: Int, _ value: [UInt8]) {
    append(UInt64(number << 3 | 2))
    append(UInt64(value.count))
    bytes += value
  }

  mutating func string(_ number: Int, _ value: String) { bytes(number, Array(value.utf8)) }

  mutating func message(_ number: Int, _ body: (inout WireWriter) -> Void) {
    var message = WireWriter()
    body(&message)
    bytes(number, message.bytes)
  }

  private mutating func append(_ value: UInt64) {
    var rest = value
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
