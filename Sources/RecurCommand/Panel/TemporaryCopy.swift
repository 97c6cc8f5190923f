// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// A file without a name that has the bytes of standard input, which can be read only once. The file ends
/// with the process, however that ends.
struct TemporaryCopy {
  private let handle: FileHandle

  /// Copies standard input.
  ///
  /// - Returns: The path by which this process can read the copy, and the copy, which the caller removes.
  static func ofStandardInput() throws -> (path: String, copy: TemporaryCopy?) {
    var name = Array(
      FileManager.default.temporaryDirectory.appendingPathComponent("recur-XXXXXX").path.utf8CString
    )
    let descriptor = mkstemp(&name)
    let path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard descriptor >= 0 else { throw RunFailure("\(path): \(systemError(errno))") }
    unlink(name)
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      while let data = try FileHandle.standardInput.read(upToCount: 1 << 20), !data.isEmpty {
        try handle.write(contentsOf: data)
      }
    } catch {
      throw RunFailure("\(path): cannot hold a copy of standard input: \(error)")
    }
    return ("/proc/self/fd/\(descriptor)", TemporaryCopy(handle: handle))
  }

  func remove() { try? handle.close() }
}
