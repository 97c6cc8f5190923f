// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

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
    let path = try target(of: url)
    let folder = (path as NSString).deletingLastPathComponent
    let partial = (folder as NSString)
      .appendingPathComponent(".\((path as NSString).lastPathComponent).partial")
    let descriptor = try openLocked(partial, of: path)
    defer { close(descriptor) }
    do throws(FileError) {
      guard ftruncate(descriptor, 0) == 0 else { throw FileError(path, system: "ftruncate") }
      for chunk in chunks { try write(chunk, to: descriptor, path) }
      guard fsync(descriptor) == 0 else { throw FileError(path, system: "fsync") }
      // The lock must last until the file is renamed, so this closes a duplicate to detect write
      // errors.
      let duplicate = dup(descriptor)
      guard duplicate >= 0 else { throw FileError(path, system: "dup") }
      guard close(duplicate) == 0 else { throw FileError(path, system: "close") }
      guard rename(partial, path) == 0 else { throw FileError(path, system: "rename") }
    } catch {
      unlink(partial)
      throw error
    }
    try synchronize(folder: folder.isEmpty ? "." : folder)
  }

  static func write(_ chunk: Data, to descriptor: Int32, _ path: String) throws(FileError) {
    let failure: FileError? = chunk.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { return FileError(path, system: "write") }
        rest = rest.dropFirst(count)
      }
      return nil
    }
    if let failure { throw failure }
  }

  static func path(of url: URL) throws(FileError) -> String {
    guard url.isFileURL else { throw FileError(url.absoluteString, "is not the URL of a file") }
    return url.path(percentEncoded: false)
  }

  /// Returns the path to write to. Links are followed; devices are rejected.
  private static func target(of url: URL) throws(FileError) -> String {
    let path = try path(of: url)
    var status = stat()
    guard stat(path, &status) == 0 else { return path }
    guard isRegular(status) else { throw FileError(path, "is not a regular file") }
    guard let resolved = realpath(path, nil) else { throw FileError(path, system: "realpath") }
    defer { free(resolved) }
    return String(cString: resolved)
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

  /// Opens a file for one writer at a time.
  ///
  /// - Parameters:
  ///   - path: the partial file.
  ///   - file: the final file, for error messages.
  /// - Returns: a locked descriptor.
  /// - Throws: ``FileError`` if the file cannot be opened or locked.
  private static func openLocked(_ path: String, of file: String) throws(FileError) -> Int32 {
    while true {
      let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else {
        guard errno == ENOENT else { throw FileError(file, system: "open") }
        let folder = (file as NSString).deletingLastPathComponent
        throw FileError(file, "the folder \(folder) does not exist")
      }
      do throws(FileError) {
        if try lock(descriptor, of: path, file) { return descriptor }
      } catch {
        close(descriptor)
        unlink(path)
        throw error
      }
      close(descriptor)
    }
  }

  /// Locks an open file. Returns false if another writer renamed or removed the file while this process
  /// waited.
  private static func lock(
    _ descriptor: Int32, of path: String, _ file: String
  ) throws(FileError) -> Bool {
    var result = flock(descriptor, LOCK_EX)
    while result < 0 && errno == EINTR { result = flock(descriptor, LOCK_EX) }
    guard result == 0 else { throw FileError(file, system: "flock") }
    var (opened, named) = (stat(), stat())
    guard fstat(descriptor, &opened) == 0 else { throw FileError(file, system: "fstat") }
    guard stat(path, &named) == 0 else {
      guard errno == ENOENT else { throw FileError(file, system: "stat") }
      return false
    }
    return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }

  /// Makes a rename in a folder durable.
  private static func synchronize(folder: String) throws(FileError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(folder, system: "open") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError(folder, system: "fsync") }
  }
}
