// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import CRecur
import Foundation
import RecurTraining

/// The command `recur`.
@main
struct RecurCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recur",
    abstract: "Recurrent networks on ordinary CPUs.",
    discussion: """
      EXAMPLES
        recur forecast sales.csv --horizon 12 --terminal
        recur train text shakespeare.txt --output runs/shakespeare
        recur generate runs/shakespeare/model.safetensors --prompt "KING"
        recur info runs/shakespeare/model.safetensors
        recur demo --data Examples/data/co2-weekly-mauna-loa.csv
        recur gradients --cell lstm --steps 200

      Results go to standard output, messages to standard error. The exit status is 0; 1 if a check \
      failed or a loss was not finite; 2 if the input or an option is invalid; 130 or 143 if Ctrl-C or \
      SIGTERM stopped a training run.
      """,
    version: String(cString: recur_version()),
    subcommands: [
      ForecastCommand.self, TrainCommand.self, GenerateCommand.self, InfoCommand.self,
      GradientsCommand.self, TextbookCommand.self, DemoCommand.self,
    ])

  static func main() {
    // A reader that goes away is an error to report, not a reason to end without a word.
    signal(SIGPIPE, SIG_IGN)
    do {
      let arguments = try ConfigurationFile.expand(Array(CommandLine.arguments.dropFirst()))
      var command = try parse(arguments)
      try (command as? any CommandFromFile)?.requireOptionsOfFile(arguments)
      try command.run()
    } catch {
      exit(reporting: error)
    }
    guard fflush(nil) == 0 else {
      note("recur: standard output: \(String(cString: strerror(errno)))")
      Foundation.exit(1)
    }
  }

  private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    do {
      return try parseAsRoot(arguments)
    } catch {
      guard exitCode(for: error) != .success, let path = ConfigurationFile.path(in: arguments)
      else { throw error }
      throw BadInput("with the options of \(path): \(message(for: error))")
    }
  }

  /// Help goes to standard output; everything else is one line on standard error. Apart from checks
  /// that failed, which say so themselves, and training that did not stay finite, whatever goes wrong is
  /// in what was given.
  private static func exit(reporting error: any Error) -> Never {
    if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
    guard exitCode(for: error) != .success else {
      print(fullMessage(for: error))
      Foundation.exit(0)
    }
    let lines = message(for: error).split(whereSeparator: \.isNewline)
    note("recur: " + lines.joined(separator: " "))
    Foundation.exit(error is TrainingError ? 1 : 2)
  }
}
