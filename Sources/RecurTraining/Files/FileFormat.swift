// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecurFiles
import Foundation

/// The format of a file, recognized by its first bytes.
package struct FileFormat: Equatable {
  private let inC: recur_file_format

  private init(_ inC: recur_file_format) { self.inC = inC }

  /// Recognizes the format of a file from its beginning.
  package init(of file: Data) {
    self.init(file.withUnsafeBytes { recur_file_format_of($0.baseAddress, $0.count) })
  }

  package static let json = FileFormat(RECUR_FILE_JSON)
  package static let npy = FileFormat(RECUR_FILE_NPY)
  package static let npz = FileFormat(RECUR_FILE_NPZ)
  package static let rnnn = FileFormat(RECUR_FILE_RNNN)
  package static let unknown = FileFormat(RECUR_FILE_UNKNOWN)

  /// Whether a file of the format is a ZIP archive.
  package var isArchive: Bool {
    [RECUR_FILE_NPZ, RECUR_FILE_PYTORCH, RECUR_FILE_KERAS, RECUR_FILE_ZIP].contains(inC)
  }

  /// The name with its article, such as `a NumPy array`.
  package var name: String { String(cString: recur_file_format_name(inC)) }
}

extension FileError {
  /// A file of another format than the reader's.
  static func wrongFormat(_ path: String, _ file: Data, expected: FileFormat) -> FileError {
    FileError(path, "is \(FileFormat(of: file).name), expected \(expected.name)")
  }
}
