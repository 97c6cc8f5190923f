// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// All that is in a file.
func bytes(of path: String, expected: String) throws -> Data {
  guard let file = fopen(path, "r") else {
    throw BadInput("\(path): \(String(cString: strerror(errno))), expected \(expected)")
  }
  defer { fclose(file) }
  do {
    return try FileHandle(fileDescriptor: fileno(file)).readToEnd() ?? Data()
  } catch {
    throw BadInput("\(path): cannot be read, expected \(expected)")
  }
}
