// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A file in memory, for code that reads a path.
public final class MemoryFile {
  private let descriptor: Int32

  public init() {
    var name = Array("/dev/shm/fuzz-XXXXXX".utf8CString)
    descriptor = mkstemp(&name)
    precondition(descriptor >= 0 && unlink(name) == 0)
  }

  /// Replaces the contents, and returns the path.
  public func path(of contents: Data) -> String {
    let written = contents.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    precondition(written == contents.count && ftruncate(descriptor, contents.count) == 0)
    return "/proc/self/fd/\(descriptor)"
  }
}
