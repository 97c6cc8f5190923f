// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CZlib
import Foundation

@testable import RecurTraining

/// Builds ZIP archives, also invalid ones.
struct ZIPBuilder {
  struct Member {
    var name: String
    var localName: String?
    var contents: Data
    var crc: UInt32
    var localCRC: UInt32
    var method: UInt16 = 0
    var flags: UInt16 = 0
    var size: Int
    var packedSize: Int
    var offset: Int?

    /// Whether sizes are in 64-bit fields.
    var isLong = false

    /// Replaced 64-bit fields of the directory: the size, the packed size and the offset.
    var longFields: [Int: UInt64] = [:]

    mutating func updateCRC() {
      crc = UInt32(SafeTensors.crc(0, contents))
      localCRC = crc
    }
  }

  var members: [Member] = []
  var count: Int?
  var disk: UInt16 = 0
  var isLong = false
  var prefix = Data()
  var comment = Data()

  /// Replaced fields of the 64-bit directory: the count, the size and the offset.
  var longFields: [Int: UInt64] = [:]

  mutating func add(_ tensor: SafeTensors.Tensor) throws {
    add(try tensor.npy(named: "test").reduce(Data(), +), named: "\(tensor.name).npy")
  }

  mutating func add(
    _ contents: Data, named name: String, isLong: Bool = false, decompressedSize: Int? = nil
  ) {
    let crc = UInt32(SafeTensors.crc(0, contents))
    var member = Member(
      name: name, contents: contents, crc: crc, localCRC: crc,
      size: decompressedSize ?? contents.count, packedSize: contents.count)
    member.isLong = isLong
    if decompressedSize != nil { member.method = 8 }
    members.append(member)
  }

  private static func bytes<each Number: FixedWidthInteger>(_ numbers: repeat each Number) -> Data {
    var data = Data()
    for number in repeat each numbers {
      withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
    }
    return data
  }

  var file: Data {
    var file = prefix
    var directory = Data()
    for member in members {
      let offset = member.offset ?? file.count - prefix.count
      let (name, local) = (Data(member.name.utf8), Data((member.localName ?? member.name).utf8))
      let isLong = member.isLong || !member.longFields.isEmpty
      let (size, packed) = (UInt64(member.size), UInt64(member.packedSize))
      let short = { (value: UInt64) in isLong ? UInt32.max : UInt32(value) }
      let longLocal = Self.bytes(1 as UInt16, 16 as UInt16, size, packed)
      let longFields = [size, packed, UInt64(offset)].enumerated().map {
        member.longFields[$0] ?? $1
      }
      let long = Self.bytes(
        1 as UInt16, 24 as UInt16, longFields[0], longFields[1], longFields[2])
      let extra = isLong ? longLocal : Data()
      file += Self.bytes(
        0x0403_4b50 as UInt32, 20 as UInt16, member.flags, member.method, 0 as UInt32,
        member.localCRC, short(packed), short(size), UInt16(local.count), UInt16(extra.count))
      file += local + extra + member.contents
      directory += Self.bytes(
        0x0201_4b50 as UInt32, 20 as UInt16, 20 as UInt16, member.flags, member.method,
        0 as UInt32, member.crc, short(packed), short(size), UInt16(name.count),
        UInt16(isLong ? long.count : 0), 0 as UInt16, 0 as UInt16, 0 as UInt16, 0 as UInt32,
        short(UInt64(offset)))
      directory += name + (isLong ? long : Data())
    }
    let start = file.count - prefix.count
    file += directory
    let fields = [UInt64(count ?? members.count), UInt64(directory.count), UInt64(start)]
      .enumerated().map { longFields[$0] ?? $1 }
    if isLong {
      let place = UInt64(file.count)
      file += Self.bytes(
        0x0606_4b50 as UInt32, 44 as UInt64, 45 as UInt16, 45 as UInt16, 0 as UInt32, 0 as UInt32,
        fields[0], fields[0], fields[1], fields[2])
      file += Self.bytes(0x0706_4b50 as UInt32, 0 as UInt32, place, 1 as UInt32)
    }
    let total = UInt16(count ?? members.count)
    file += Self.bytes(
      0x0605_4b50 as UInt32, disk, disk, isLong ? UInt16.max : total, isLong ? UInt16.max : total,
      isLong ? UInt32.max : UInt32(directory.count), isLong ? UInt32.max : UInt32(start),
      UInt16(comment.count))
    return file + comment
  }

  /// Compresses some bytes without a header.
  static func deflate(_ bytes: Data) throws -> Data {
    var stream = z_stream()
    deflateInit2_(
      &stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var packed = Data(count: bytes.count + 1024)
    let left = packed.withUnsafeMutableBytes { target in
      bytes.withUnsafeBytes { source in
        stream.next_in = UnsafeMutableRawBufferPointer(mutating: source).baseAddress?
          .assumingMemoryBound(to: UInt8.self)
        stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        (stream.avail_in, stream.avail_out) = (UInt32(source.count), UInt32(target.count))
        CZlib.deflate(&stream, Z_FINISH)
        return Int(stream.avail_out)
      }
    }
    return packed.prefix(packed.count - left)
  }
}
