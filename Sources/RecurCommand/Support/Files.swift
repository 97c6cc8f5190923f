// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Reads a whole file.
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

/// Whether two paths lead to the same existing file, directly or through links.
func isSameFile(_ one: String, _ other: String) -> Bool {
  var (first, second) = (stat(), stat())
  return stat(one, &first) == 0 && stat(other, &second) == 0
    && first.st_dev == second.st_dev && first.st_ino == second.st_ino
}
