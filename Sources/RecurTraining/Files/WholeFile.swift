// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecurFiles
import Foundation

/// Reads and writes whole files.
package enum WholeFile {
  /// Reads a regular file.
  static func read(_ url: URL) throws(FileError) -> Data {
    try read(path(of: url), atMost: nil)
  }

  /// Reads a regular file, a pipe or standard input. A pipe waits for its writer.
  ///
  /// - Parameters:
  ///   - path: the path of the file.
  ///   - most: the maximum number of bytes. If nil, only a regular file is read, because other files
  ///     may never end.
  /// - Returns: the bytes.
  /// - Throws: ``FileError`` if the file cannot be read, has more bytes, or is a device other than
  ///   standard input.
  package static func read(_ path: String, atMost most: Int?) throws(FileError) -> Data {
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileError(path, systemError: errno) }
    // Opening another device might wait for ever.
    guard isRegular(status) || most != nil && isStream(status) else {
      throw FileError(
        path, "is \(most == nil ? "not a regular file" : "neither a regular file nor a pipe")")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path, systemError: errno) }
    defer { close(descriptor) }
    guard fstat(descriptor, &status) == 0 else { throw FileError(path, systemError: errno) }
    var memory = ReadMemory(path)
    do throws(FileError) {
      if isRegular(status) {
        try memory.reserve(Int(status.st_size), atMost: most)
        try memory.read(Int(status.st_size), from: descriptor)
      } else {
        try memory.readToEnd(of: descriptor, atMost: most ?? .max)
      }
    } catch {
      memory.free()
      throw error
    }
    return memory.data
  }

  /// Writes a file atomically: if the process is killed, the system stops or the disk is full,
  /// either the old file or the new file remains.
  ///
  /// The bytes are written to the file `.NAME.partial` in the same folder, which is renamed once
  /// the bytes are on the disk. A leftover partial file is overwritten. Writers of the same file
  /// wait for each other.
  package static func replace(_ url: URL, with chunks: [Data]) throws(FileError) {
    let path = try path(of: url)
    let contents = Contents(chunks)
    let status = withExtendedLifetime(contents) {
      rf_swift_replace(
        path,
        { contents, descriptor in
          let contents = Unmanaged<Contents>.fromOpaque(contents!).takeUnretainedValue()
          return contents.write(to: descriptor)
        }, Unmanaged.passUnretained(contents).toOpaque())
    }
    guard Int(status) == Int(GSL_SUCCESS) else { throw .ofC(path) }
  }

  /// Writes a file atomically, like ``replace(_:with:)``, but part by part.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - body: the function that writes the parts, in order, with the function that it receives.
  /// - Throws: ``FileError`` if the file cannot be written; any error of `body`.
  package static func replace(
    _ url: URL, _ body: @escaping ((Data) throws -> Void) throws -> Void
  ) throws {
    let path = try path(of: url)
    let writer = Writer(body)
    let status = withExtendedLifetime(writer) {
      rf_swift_replace(
        path,
        { writer, descriptor in
          Unmanaged<Writer>.fromOpaque(writer!).takeUnretainedValue().write(to: descriptor)
        }, Unmanaged.passUnretained(writer).toOpaque())
    }
    if let error = writer.error { throw error }
    guard Int(status) == Int(GSL_SUCCESS) else { throw FileError.ofC(path) }
  }

  /// A function that writes a file part by part.
  private final class Writer {
    private let body: ((Data) throws -> Void) throws -> Void

    /// The error of the function itself.
    private(set) var error: (any Error)?

    /// A failure of the system to write a part.
    private struct WriteFailure: Error { let number: Int32 }

    init(_ body: @escaping ((Data) throws -> Void) throws -> Void) { self.body = body }

    /// Returns 0 or an error number of the system.
    func write(to descriptor: Int32) -> Int32 {
      do {
        try body { part in
          let number = part.withUnsafeBytes { Contents.write($0, to: descriptor) }
          if number != 0 { throw WriteFailure(number: number) }
        }
        return 0
      } catch let failure as WriteFailure {
        return failure.number
      } catch {
        self.error = error
        return ECANCELED
      }
    }
  }

  /// The parts of a file to write.
  final class Contents {
    private let chunks: [Data]

    init(_ chunks: [Data]) { self.chunks = chunks }

    /// Returns 0 or an error number of the system.
    func write(to descriptor: Int32) -> Int32 {
      for chunk in chunks {
        let error = chunk.withUnsafeBytes { Self.write($0, to: descriptor) }
        if error != 0 { return error }
      }
      return 0
    }

    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { return errno }
        rest = rest.dropFirst(count)
      }
      return 0
    }
  }

  package static func path(of url: URL) throws(FileError) -> String {
    guard url.isFileURL else { throw FileError(url.absoluteString, "is not the URL of a file") }
    return url.path(percentEncoded: false)
  }

  private static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

  /// Whether a file is a pipe or standard input.
  private static func isStream(_ status: stat) -> Bool {
    var input = stat()
    return status.st_mode & S_IFMT == S_IFIFO
      || fstat(STDIN_FILENO, &input) == 0 && status.st_dev == input.st_dev
        && status.st_ino == input.st_ino && !isFolder(status)
  }

  private static func isFolder(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFDIR }
}
