// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import RecurTraining

/// Replaces a part of the metadata of a file, and writes it with a new checksum.
///
/// - Parameters:
///   - file: The file.
///   - key: The key of the metadata.
///   - old: A part of the metadata.
///   - new: The replacement of the part.
/// - Returns: The path of the new file, which is in the same folder.
/// - Throws: An error if the file does not have the part, or cannot be written.
func craft(_ file: URL, _ key: String, _ old: String, _ new: String) throws -> String {
  var contents = try SafeTensors(contentsOf: file)
  let text = try #require(contents.metadata[key])
  try #require(text.contains(old), "\(old): \(text)")
  contents.metadata[key] = text.replacing(old, with: new)
  let crafted = file.deletingLastPathComponent().appendingPathComponent("crafted.safetensors")
  try contents.write(to: crafted)
  return crafted.path
}

/// Writes a safetensors file of another program.
///
/// - Parameters:
///   - header: The header.
///   - bytes: The bytes of the tensors.
///   - file: The file to write.
/// - Throws: An error if the file cannot be written.
func writeTensors(_ header: String, _ bytes: [UInt8], to file: URL) throws {
  let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
  try (length + Data(header.utf8) + bytes).write(to: file)
}
