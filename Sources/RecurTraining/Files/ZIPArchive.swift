// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CZlib
import Foundation

/// The members of a ZIP archive, as NumPy and Python's `zipfile` write them: stored or deflated, one after another
/// without gaps, with 32-bit or 64-bit sizes, and without a comment. Anything else is refused.
struct ZIPArchive {
  struct Member {
    var name = ""
    var isDeflated = false

    /// The bits of the headers: bit 3 means that the sizes follow the data, and bit 11 a name in UTF-8.
    var flags = 0
    var crc: UInt64 = 0

    /// The number of bytes in the archive.
    var packedSize = 0

    /// The number of bytes once they are decompressed.
    var size = 0

    /// Where the local header begins.
    var offset = 0

    /// The bytes in the archive.
    var packed = Data()

    var hasDescriptor: Bool { flags & 1 << 3 != 0 }
  }

  let members: [Member]
  private let path: String

  /// Lists the members of an archive. Nothing is decompressed.
  init(_ file: Data, path: String) throws(FileError) {
    self.path = path
    let directory = try ZIPDirectory(file, path)
    members = try directory.members()
  }

  /// Returns the contents of a member, whose size and checksum must be right.
  func contents(of member: Member) throws(FileError) -> Data {
    let contents: Data
    if member.isDeflated {
      contents = try ReadMemory.filled(member.size, path) { target throws(FileError) in
        guard Self.inflate(member.packed, to: target) else {
          throw FileError(
            path, "member \(member.name) does not decompress to \(member.size) bytes")
        }
      }
    } else {
      guard member.packedSize == member.size else {
        throw FileError(
          path,
          "member \(member.name) is stored in \(member.packedSize) bytes, expected \(member.size)")
      }
      contents = member.packed
    }
    guard UInt64(SafeTensors.crc(0, contents)) == member.crc else {
      throw FileError(path, "member \(member.name) was altered: its checksum does not match")
    }
    return contents
  }

  /// Returns whether a deflated stream takes all its bytes and fills the target exactly.
  private static func inflate(_ packed: Data, to target: UnsafeMutableRawBufferPointer) -> Bool {
    var stream = z_stream()
    // Negative: a stream without a header.
    guard
      inflateInit2_(
        &stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return false }
    defer { inflateEnd(&stream) }
    return packed.withUnsafeBytes { source in
      var (input, output) = (source[...], target[...])
      var status = Z_OK
      // zlib counts in 32 bits.
      while status == Z_OK {
        let (given, room) = (min(input.count, 1 << 30), min(output.count, 1 << 30))
        stream.next_in = UnsafeMutableRawBufferPointer(mutating: .init(rebasing: input))
          .baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.next_out = UnsafeMutableRawBufferPointer(rebasing: output)
          .baseAddress?.assumingMemoryBound(to: UInt8.self)
        (stream.avail_in, stream.avail_out) = (UInt32(given), UInt32(room))
        status = CZlib.inflate(&stream, Z_NO_FLUSH)
        input = input.dropFirst(given - Int(stream.avail_in))
        output = output.dropFirst(room - Int(stream.avail_out))
      }
      return status == Z_STREAM_END && input.isEmpty && output.isEmpty
    }
  }
}
