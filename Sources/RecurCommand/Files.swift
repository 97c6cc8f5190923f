// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CZlib
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

/// CRC-32.
func crc32(of data: Data) -> UInt32 {
  // For zlib, no bytes without an address are the beginning.
  data.isEmpty
    ? 0 : data.withUnsafeBytes { UInt32(crc32_z(0, $0.baseAddress, $0.count)) }
}
