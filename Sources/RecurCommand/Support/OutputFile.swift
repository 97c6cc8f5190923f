// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// A file for a command's output.
enum OutputFile {
  /// Throws `BadInput` if the path is a folder or an input file.
  static func require(_ path: String, keeping inputs: [String]) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw BadInput("\(path): is a folder, expected a file or no file")
    }
    for input in inputs where isSameFile(input, path) {
      throw BadInput("\(input): is an input, and the output file \(path) would overwrite it")
    }
  }

  /// Writes a file, completely or not at all, and prints whether another one was replaced.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - body: The function that writes it.
  /// - Throws: `RunFailure` if the file cannot be written.
  static func write(_ path: String, _ body: (URL) throws -> Void) throws {
    let exists = FileManager.default.fileExists(atPath: path)
    let file = URL(fileURLWithPath: path)
    do { try body(file) } catch let error as FileError { throw RunFailure(error, of: file) }
    note("\(exists ? "replaced" : "wrote") \(path)")
  }
}

/// Whether two paths lead to the same existing file, directly or through links.
private func isSameFile(_ one: String, _ other: String) -> Bool {
  var (first, second) = (stat(), stat())
  return stat(one, &first) == 0 && stat(other, &second) == 0
    && first.st_dev == second.st_dev && first.st_ino == second.st_ino
}
