// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The folder for what a command writes.
struct OutputFolder {
  let url: URL

  /// The folder, made if it is not there. That it can be written to, and none of the files' names is
  /// taken by a folder or by one of the `inputs`, is tried at once.
  init(_ path: String, for files: [String], keeping inputs: [String?]) throws {
    url = URL(fileURLWithPath: path, isDirectory: true)
    let trial = url.appendingPathComponent(".recur-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      try Data().write(to: trial)
      try FileManager.default.removeItem(at: trial)
    } catch {
      throw BadInput("\(path): cannot be written to, expected a folder for the results")
    }
    for name in files {
      var isFolder: ObjCBool = false
      let file = url.appendingPathComponent(name).path
      if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), isFolder.boolValue {
        throw BadInput("\(file): is a folder, expected a file or nothing")
      }
      for input in inputs.compactMap(\.self) where isSameFile(input, file) {
        throw BadInput("\(input): is read, and would be written over as \(file)")
      }
    }
  }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// Writes a file whole or not at all.
  func write(_ text: String, to name: String) throws {
    do {
      try Data(text.utf8).write(to: file(name), options: .atomic)
    } catch {
      throw BadInput("\(file(name).path): cannot be written")
    }
    note("\(name) written to \(url.path)")
  }
}
