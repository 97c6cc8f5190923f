// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// What a file is: its strings besides the tensors.
package enum FileKind: String {
  case model, checkpoint, forecaster
  case forecasterCheckpoint = "forecaster-checkpoint"

  package static let prefix = "recur."
  package static let key = "recur.kind"
  static let versionKey = "recur.version"
  package static let modelKey = "recur.model"
  package static let trainingKey = "recur.training"
  package static let forecasterKey = "recur.forecaster"
  static let infoKey = "recur.info"

  /// Of the meaning of all of these.
  static let version = "1"

  func require(_ file: SafeTensors) throws(FileError) {
    guard let version = file.metadata[Self.versionKey], let kind = file.metadata[Self.key] else {
      throw FileError(file.path, "holds tensors, but no \(rawValue) of Recur")
    }
    guard version == Self.version else {
      throw FileError(file.path, "is of version \(version), expected \(Self.version)")
    }
    guard file.isVerified else { throw FileError(file.path, "was altered: it has no checksum") }
    guard kind == rawValue else {
      throw FileError(file.path, "is a \(kind), expected a \(rawValue)")
    }
  }
}

extension SafeTensors {
  /// What the caller of `save` wanted kept beside a model or a run; nothing in other files.
  public var info: [String: String] {
    get throws(FileError) {
      guard let text = metadata[FileKind.infoKey] else { return [:] }
      return try CanonicalJSON.value([String: String].self, of: text, path)
    }
  }

  /// A string that files of this kind have.
  func string(_ key: String) throws(FileError) -> String {
    guard let string = metadata[key] else { throw FileError(path, "has no metadata \(key)") }
    return string
  }
}
