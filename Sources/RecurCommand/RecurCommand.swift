// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import CRecur
import Foundation

/// The command `recur`.
@main
struct RecurCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recur",
    abstract: "Recurrent networks on ordinary CPUs.",
    discussion: """
      EXAMPLES
        recur textbook
        recur forecast sales.csv --horizon 12 --terminal
        recur demo --data Examples/data/co2-weekly-mauna-loa.csv
        recur gradients --cell lstm --steps 200

      Results go to standard output, messages to standard error. The exit status is 0, or 1 if a \
      check failed, or 2 if the input is not as it should be.
      """,
    version: String(cString: recur_version()),
    subcommands: [
      TextbookCommand.self, ForecastCommand.self, DemoCommand.self, GradientsCommand.self,
    ])

  static func main() {
    // A reader that goes away is an error to report, not a reason to end without a word.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      exit(reporting: error)
    }
    guard fflush(nil) == 0 else {
      note("recur: standard output: \(String(cString: strerror(errno)))")
      Foundation.exit(1)
    }
  }

  /// Help goes to standard output; everything else is one line on standard error. Apart from checks
  /// that failed, which say so themselves, whatever goes wrong is in what was given.
  private static func exit(reporting error: any Error) -> Never {
    if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
    guard exitCode(for: error) != .success else {
      print(fullMessage(for: error))
      Foundation.exit(0)
    }
    let lines = message(for: error).split(whereSeparator: \.isNewline)
    note("recur: " + lines.joined(separator: " "))
    Foundation.exit(2)
  }
}

/// The input is not as it should be: what, where, and what was expected, in one line.
struct BadInput: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// A line for the person at the terminal; where there is none, it is lost.
func note(_ line: String) {
  writeToStandardError(line + "\n")
}

func writeToStandardError(_ text: String) {
  try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
}
