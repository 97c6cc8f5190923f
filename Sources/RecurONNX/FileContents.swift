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
  guard fstat(descriptor, &status) == 0 else { throw .system(path) }
  let size = Int(status.st_size)
  guard size <= Limit.bytes else {
    throw .file(reason: "\(path) has \(size) bytes, expected at most \(Limit.bytes)")
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
