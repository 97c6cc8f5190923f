// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// The reason why a file could not be read or written. If writing failed, an existing file is
/// unchanged.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The path of the file.
  public let path: String

  /// The reason, such as `ends after 7 bytes, …`. Characters that are not printable, for example in
  /// names from the file, are escaped, and text after 1000 characters is omitted.
  public let reason: String

  /// Whether memory could not be allocated, which need not be the file's fault.
  package let isOutOfMemory: Bool

  /// One line, such as `runs/a.safetensors: ends after 7 bytes, …`.
  public var description: String { "\(path.isEmpty ? "\"\"" : path): \(reason)" }

  package init(_ path: String, _ reason: String, isOutOfMemory: Bool = false) {
    self.path = path
    self.reason = reason.printable(limit: 1000)
    self.isOutOfMemory = isOutOfMemory
  }

  /// Creates an error with the system's message for an error number.
  init(_ path: String, systemError number: Int32) {
    self.init(path, String(cString: strerror(number)))
  }

  /// Creates an error with the system's message for the last call.
  init(_ path: String, system call: String) {
    self.init(path, "\(call): \(String(cString: strerror(errno)))")
  }

  /// Creates an error with the reason of the last failed call of the C library.
  static func ofC(_ path: String) -> FileError {
    FileError(path, CFailure.reason, isOutOfMemory: CFailure.isOutOfMemory)
  }

  /// Converts an error about a file's contents to a ``FileError``.
  package static func on<Result>(
    _ path: String, _ what: String, _ body: () throws(RecurError) -> Result
  ) throws(FileError) -> Result {
    do { return try body() } catch {
      var isOutOfMemory = false
      if case .outOfMemory = error { isOutOfMemory = true }
      throw FileError(path, "\(what): \(error)", isOutOfMemory: isOutOfMemory)
    }
  }
}
