// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads a regular file: others may never end.
///
/// - Throws: ``ONNXError/file(reason:)`` with the system's reason, or if the file has too many bytes.
func contents(ofFile path: String) throws(ONNXError) -> [UInt8] {
  var status = stat()
  guard stat(path, &status) == 0 else { throw .system(path) }
  // Opening a pipe might wait for ever.
  guard status.st_mode & S_IFMT == S_IFREG else {
    throw .file(reason: "\(path) is not a regular file")
  }
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .system(path) }
  defer { close(descriptor) }
  return try contents(descriptor, path, atMost: Limit.bytes)
}

/// Reads a regular file whose name is in a model.
///
/// The name is relative to the folder, and nothing in it leads out of the folder: neither `..` nor a symbolic
/// link.
func contents(
  ofFile name: String, inFolder folder: String, atMost most: Int
) throws(ONNXError) -> [UInt8] {
  let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  guard parts.allSatisfy({ !["", ".", ".."].contains($0) && !$0.utf8.contains(0) }) else {
    throw .file(
      reason: "the model names the file \"\(name)\", expected a name within the model's folder")
  }
  var descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .system(folder) }
  defer { close(descriptor) }
  for (k, part) in parts.enumerated() {
    var status = stat()
    guard fstatat(descriptor, part, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw .system(name) }
    guard status.st_mode & S_IFMT != S_IFLNK else {
      throw .file(reason: "\(name) is a symbolic link, expected a file in the model's folder")
    }
    let kind = k < parts.count - 1 ? O_DIRECTORY : O_NONBLOCK
    let next = openat(descriptor, part, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind)
    guard next >= 0 else { throw .system(name) }
    close(descriptor)
    descriptor = next
  }
  return try contents(descriptor, name, atMost: most)
}

private func contents(
  _ descriptor: Int32, _ path: String, atMost most: Int
) throws(ONNXError) -> [UInt8] {
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw .system(path) }
  guard status.st_mode & S_IFMT == S_IFREG else {
    throw .file(reason: "\(path) is not a regular file")
  }
  let size = Int(status.st_size)
  guard size <= most else {
    throw .file(reason: "\(path) has \(size) bytes, expected at most \(most)")
  }
  var failure: ONNXError?
  let bytes = [UInt8](unsafeUninitializedCapacity: size) { memory, count in
    while count < size {
      let got = read(descriptor, memory.baseAddress! + count, size - count)
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else {
        failure =
          got < 0 ? .system(path) : .file(reason: "\(path) was truncated while it was read")
        return
      }
      count += got
    }
  }
  if let failure { throw failure }
  return bytes
}

extension ONNXError {
  /// The system's reason why the last call failed.
  fileprivate static func system(_ path: String) -> ONNXError {
    .file(reason: "\(path): \(String(cString: strerror(errno)))")
  }
}
