// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The bytes of a file that is being read.
///
/// Foundation's `Data` would end the process if memory allocation failed.
package struct ReadMemory {
  private let path: String
  private var bytes: UnsafeMutableRawPointer?
  private var capacity = 0
  private var count = 0

  package init(_ path: String) { self.path = path }

  /// The bytes read, which the data now own.
  package var data: Data {
    guard let bytes else { return Data() }
    return Data(bytesNoCopy: bytes, count: count, deallocator: .free)
  }

  package func free() { Foundation.free(bytes) }

  /// Allocates memory for a number of bytes.
  mutating func reserve(_ size: Int, atMost most: Int? = nil) throws(FileError) {
    if let most, size > most { throw tooLong(most) }
    guard let memory = realloc(bytes, max(size, 1)) else {
      throw FileError(
        path, "has \(size) bytes, more than can be allocated", isOutOfMemory: true)
    }
    (bytes, capacity) = (memory, size)
  }

  /// Reads exactly a number of bytes.
  mutating func read(_ size: Int, from descriptor: Int32) throws(FileError) {
    while count < size {
      guard try readSome(size - count, from: descriptor) else {
        throw FileError(path, "was truncated while it was read")
      }
    }
  }

  package mutating func readToEnd(of descriptor: Int32, atMost most: Int) throws(FileError) {
    // One byte more shows whether the file is too long.
    let limit = most == .max ? most : most + 1
    repeat {
      if count == capacity { try reserve(min(limit, max(2 * capacity, 1 << 16))) }
    } while try readSome(capacity - count, from: descriptor) && count < limit
    if count > most { throw tooLong(most) }
  }

  /// Reads some bytes; returns false at the end of the file.
  private mutating func readSome(_ size: Int, from descriptor: Int32) throws(FileError) -> Bool {
    while true {
      let got = Foundation.read(descriptor, bytes! + count, size)
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw FileError(path, system: "read") }
      count += got
      return got > 0
    }
  }

  private func tooLong(_ most: Int) -> FileError {
    FileError(path, "has more than the \(most) bytes that are allowed")
  }
}

extension ReadMemory {
  /// Returns data of a size that a function fills.
  static func filled(
    _ size: Int, _ path: String,
    _ fill: (UnsafeMutableRawBufferPointer) throws(FileError) -> Void
  ) throws(FileError) -> Data {
    var memory = ReadMemory(path)
    try memory.reserve(size)
    memory.count = size
    do throws(FileError) {
      try fill(UnsafeMutableRawBufferPointer(start: memory.bytes, count: size))
    } catch {
      memory.free()
      throw error
    }
    return memory.data
  }
}
