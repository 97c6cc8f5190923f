// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The kinds of files that Recur writes.
package enum FileKind: String {
  case model, checkpoint, forecaster, panel
  case forecasterCheckpoint = "forecaster-checkpoint"
  case panelCheckpoint = "panel-checkpoint"

  /// - Throws: ``FileError`` unless the file has this kind, the current version, and a checksum.
  func require(_ file: SafeTensors) throws(FileError) {
    let expected = FileMetadata.currentVersion
    guard let version = file.metadata[FileMetadata.version], let kind = file.kindName else {
      throw FileError(file.path, "contains tensors, but is not a Recur \(rawValue)")
    }
    guard version == expected else {
      throw FileError(file.path, "has version \(version), expected \(expected)")
    }
    guard file.isVerified else { throw FileError(file.path, "was altered: it has no checksum") }
    guard kind == rawValue else {
      throw FileError(file.path, "is a \(kind), expected a \(rawValue)")
    }
  }
}
