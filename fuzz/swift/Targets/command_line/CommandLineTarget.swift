// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import FuzzSupport

@testable import RecurCommand

// The input is a configuration file for `train text`, or, after #, lines with the arguments of the command.

nonisolated(unsafe) private let memory = MemoryFile()

func commandLineTarget(_ input: Data) throws {
  let arguments =
    if input.first == UInt8(ascii: "#") {
      String(decoding: input.dropFirst(), as: UTF8.self).split(separator: "\n").map(String.init)
    } else {
      try ConfigurationFile.expand(["train", "text", "file", "--config", memory.path(of: input)])
    }
  do {
    try UnknownNames.check(arguments, of: RecurCommand.self)
    let command = try RecurCommand.parseAsRoot(arguments)
    try (command as? any CommandFromFile)?.requireOptionsOfFile(arguments)
  } catch {
    check(!RecurCommand.fullMessage(for: error).isEmpty, "no message")
  }
}
