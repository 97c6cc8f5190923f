// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// The folder for a command's output files.
struct OutputFolder {
  let url: URL

  /// Creates the folder if it does not exist, and checks that the files can be written to it.
  ///
  /// - Parameters:
  ///   - path: The path of the folder.
  ///   - files: The names of the files that will be written.
  ///   - inputs: The input files, which must not be overwritten.
  /// - Throws: `BadInput` if the folder is not writable, or if the path of a file is a folder or an input.
  init(_ path: String, for files: [String], keeping inputs: [String?]) throws {
    url = URL(fileURLWithPath: path, isDirectory: true)
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw BadInput("\(path): is not writable, expected a folder for the output files")
    }
    try Self.requireWritable(url, named: path)
    for name in files {
      try OutputFile.require(file(name).relativePath, keeping: inputs.compactMap(\.self))
    }
  }

  /// Checks that a file can be created in a folder and removed from it. Tests replace `remove`.
  static func requireWritable(
    _ folder: URL, named path: String, remove: (UnsafePointer<CChar>) -> CInt = { unlink($0) }
  ) throws {
    var trial = Array(folder.appendingPathComponent(".recur-XXXXXX").path.utf8CString)
    let descriptor = mkstemp(&trial)
    guard descriptor >= 0 else { throw notWritable(path) }
    defer { close(descriptor) }
    guard remove(trial) == 0 else { throw notWritable(path) }
  }

  /// Creates an error with the system's message for the last call.
  private static func notWritable(_ path: String) -> BadInput {
    BadInput(
      "\(path): is not writable, expected a folder for the output files: \(systemError(errno))")
  }

  /// The folder of another process, which creates and writes the files.
  init(ofOtherProcess path: String) { url = URL(fileURLWithPath: path, isDirectory: true) }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// Writes a file, completely or not at all.
  ///
  /// - Parameters:
  ///   - text: The contents.
  ///   - name: The name of the file.
  /// - Throws: `RunFailure` if the file cannot be written.
  func write(_ text: String, to name: String) throws {
    try replaceFile(file(name), with: text)
    note("wrote \(file(name).relativePath)")
  }

  /// Removes a file of an earlier run that this run does not write.
  ///
  /// - Parameter name: The name of the file.
  /// - Throws: `RunFailure` if the file cannot be removed.
  func removeEarlier(_ name: String) throws {
    let path = file(name).relativePath
    if unlink(path) == 0 {
      note("removed \(path) of an earlier run")
    } else if errno != ENOENT {
      throw RunFailure("\(path): cannot be removed: \(systemError(errno))")
    }
  }
}

/// Writes a text to a file, completely or not at all.
///
/// - Throws: `RunFailure` if the file cannot be written.
func replaceFile(_ file: URL, with text: String) throws {
  do {
    try WholeFile.replace(file, with: [Data(text.utf8)])
  } catch {
    throw RunFailure(error, of: file)
  }
}
