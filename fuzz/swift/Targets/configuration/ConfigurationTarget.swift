// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport

@testable import RecurCommand

nonisolated(unsafe) private let memory = MemoryFile()

func configurationTarget(_ input: Data) throws {
  let given = ["train", "text", "--config", memory.path(of: input)]
  let arguments = try ConfigurationFile.expand(given)
  check(
    arguments.prefix(2) == given.prefix(2) && arguments.suffix(2) == given.suffix(2),
    "\(arguments)")
  for argument in arguments.dropFirst(2).dropLast(2) {
    check(argument.hasPrefix("--") && !argument.hasPrefix("---"), argument)
    check(argument != ConfigurationFile.option, argument)
  }
}
