// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurONNX
import RecurTraining
import Synchronization

/// An error in the input; the message has one line: where, what was found, and what was expected.
struct BadInput: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// An error that is not in the input: a result that is not finite, or an output that cannot be written.
struct RunFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }

  /// Names an output file that cannot be written as it was given.
  init(_ error: FileError, of file: URL) {
    description = "\(file.relativePath): \(error.reason)"
  }
}

extension BadInput {
  /// Names a file in the errors of a function about its contents. A lack of memory is no error of the file.
  static func naming<Result>(
    _ path: String, _ what: String = "", _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let error as RecurError {
      if case .outOfMemory = error { throw error }
      // The file is the argument of a function that reads JSON.
      if case .invalid(argument: "json", let reason) = error {
        throw BadInput("\(path): \(what)\(reason)")
      }
      throw BadInput("\(path): \(what)\(error)")
    } catch let error as ONNXError {
      if case .recur(.outOfMemory(let reason)) = error {
        throw RecurError.outOfMemory(reason: reason)
      }
      throw BadInput("\(path): \(what)\(inOptions(error))")
    } catch let error as ValidationError {
      throw BadInput("\(path): \(what)\(error)")
    }
  }
}

/// Names the options of the command instead of the arguments of a function that reads an ONNX model.
private func inOptions(_ error: ONNXError) -> String {
  let options = ["sizes": "--size", "constants": "--constant"]
  if case .invalid(let argument, _) = error, let option = options[argument] {
    return option + "\(error)".dropFirst(argument.count)
  }
  return "\(error)".replacing(#/sizes: \[[^\]]*\], or (--size .*) of the command/#) { $0.output.1 }
    .replacing("the argument constants", with: "--constant INPUT=VALUE")
}

/// Whether notes and progress are left out; warnings and errors are always printed.
let isQuiet = Atomic(false)

/// Whether this process prints nothing, because another one does.
let isSilent = Atomic(false)

/// Prints a line on standard error that is neither a warning nor an error, unless the command is quiet.
func note(_ line: String) {
  if !isQuiet.load(ordering: .relaxed) { alert(line) }
}

/// Prints a warning, or a line that `--quiet` leaves out.
func noteOrWarn(_ line: String) { line.hasPrefix("warning: ") ? alert(line) : note(line) }

/// Prints a line on standard error, and ignores a failure to write it. A line of any text is printable
/// and has a bounded length, which is sufficient for a command line with several paths.
func alert(_ line: String) {
  writeToStandardError(line.printable(limit: 20_000) + "\n")
}

func writeToStandardError(_ text: String) {
  guard !isSilent.load(ordering: .relaxed) else { return }
  try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
}

/// The system's message for an error number.
func systemError(_ number: Int32) -> String { String(cString: strerror(number)) }
