// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import CRecur
import Foundation
import Recur
import RecurTraining

/// The command `recur`.
@main
struct RecurCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recur",
    abstract: "Train and run recurrent neural networks on ordinary CPUs.",
    discussion: """
      EXAMPLES
        recur forecast sales.csv --horizon 12 --terminal
        recur train text shakespeare.txt --output runs/shakespeare
        recur generate runs/shakespeare/model.safetensors --prompt "KING"
        recur info runs/shakespeare/model.safetensors
        recur run tagger.onnx --input sentences.csv
        recur convert tagger.onnx tagger.safetensors
        recur demo --data Examples/data/co2-weekly-mauna-loa.csv
        recur gradients --cell lstm --sequence-length 200

      Results go to standard output, messages to standard error.

      EXIT STATUS
        0    Success.
        1    A check failed, a loss, a gradient or a forecast was not finite,
             memory could not be allocated, or an output could not be written.
        2    The input or an option is invalid.
        130  Ctrl-C stopped a training run.
        143  SIGTERM stopped a training run.
      """,
    version: String(cString: recur_version()),
    subcommands: [
      ForecastCommand.self, TrainCommand.self, RunCommand.self, ConvertCommand.self,
      InfoCommand.self,
      GenerateCommand.self, GradientsCommand.self, TextbookCommand.self, DemoCommand.self,
    ])

  static func main() {
    StandardOutput.prepare()
    do {
      try Processes.begin()
      let arguments = try ConfigurationFile.expand(Array(CommandLine.arguments.dropFirst()))
      var command = try parse(arguments)
      try (command as? any CommandFromFile)?.requireOptionsOfFile(arguments)
      try Processes.require(type(of: command))
      try command.run()
    } catch {
      exit(reporting: error)
    }
    StandardOutput.finish()
    _ = Processes.end()
  }

  private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    do {
      return try parseAsRoot(arguments)
    } catch {
      throw refusal(of: arguments, error)
    }
  }

  /// The error of arguments that the parser refuses; an unknown name comes before all others.
  private static func refusal(of arguments: [String], _ error: any Error) -> any Error {
    var error = error
    do {
      try UnknownNames.check(arguments, of: self)
    } catch let unknown {
      error = unknown
    }
    guard let path = ConfigurationFile.path(in: arguments), exitCode(for: error) != .success
    else { return error }
    return BadInput("with options from \(path): \(oneLine(message(for: error)))")
  }

  /// Prints help to standard output, or an error as one line on standard error, and exits.
  ///
  /// A failed check has already printed its message. Values that are not finite, lack of memory and outputs
  /// that cannot be written exit with 1; every other error is in the input and exits with 2.
  private static func exit(reporting error: any Error) -> Never {
    if let code = error as? ExitCode { exit(code.rawValue) }
    guard exitCode(for: error) != .success else {
      print(fullMessage(for: error))
      StandardOutput.finish()
      exit(0)
    }
    alert("recur: " + oneLine(message(for: error)))
    exit(isInvalidInput(error) ? 2 : 1)
  }

  private static func exit(_ status: Int32) -> Never {
    let joined = Processes.end()
    // Until processes have joined, mpirun would end the first one, which prints, when another one fails.
    Foundation.exit(joined || Processes.isFirst ? status : 0)
  }

  private static func isInvalidInput(_ error: any Error) -> Bool {
    switch error {
    case is TrainingError, is RunFailure, is RankFailure, RecurError.outOfMemory: false
    case let error as FileError: !error.isOutOfMemory
    default: true
    }
  }

  /// Joins the lines of a message. A path may have 4096 bytes; texts that are longer are not needed.
  private static func oneLine(_ message: String) -> String {
    let limit = 5000
    let scalars = message.unicodeScalars.prefix(limit)
    let lines = String(scalars).split(whereSeparator: \.isNewline)
    let rest = scalars.endIndex == message.unicodeScalars.endIndex ? "" : "…"
    return lines.joined(separator: " ") + rest
  }
}
