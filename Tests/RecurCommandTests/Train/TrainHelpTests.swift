// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import RecurCommand

/// The help of the training commands.
@Suite struct TrainHelpTests {
  /// Each command shows a configuration file with its own options, and only options that it has.
  @Test func theHelpNamesOptionsOfTheCommand() throws {
    for command in TrainCommand.configuration.subcommands {
      let name = try #require(command.configuration.commandName)
      let options = UnknownNames.options(of: command, in: RecurCommand.self).map(\.name)
      let help = command.configuration.discussion
      let json = try #require(help.firstMatch(of: #/such as (\{[^}]*\})/#), "\(name)")
      let example = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.1.utf8)) as? [String: Any])
      #expect(!example.isEmpty)
      for option in example.keys { #expect(options.contains(option), "\(name): \(option)") }
      for match in help.matches(of: #/--([a-z-]+)/#) where !help.contains("recur forecast") {
        #expect(options.contains(String(match.output.1)), "\(name): \(match.output.0)")
      }
    }
  }

  /// A number out of its range is refused before any file is read, by each command with the option.
  @Test(arguments: ["text", "series", "amp", "model"])
  func numbersOutOfRangeAreRefused(command: String) throws {
    let type = try #require(
      TrainCommand.configuration.subcommands.first { $0.configuration.commandName == command })
    let options = UnknownNames.options(of: type, in: RecurCommand.self).map(\.name)
    let files = ["amp", "model"].contains(command) ? ["a", "b"] : ["a"]
    let wrong = [
      "threads": "0", "checkpoint-every": "0", "hidden-size": "0", "layers": "0",
      "embedding-size": "0", "dropout": "1", "epochs": "0", "batch-size": "0",
      "sequence-length": "0", "warm-up": "-1", "learning-rate": "0", "validation-fraction": "0.5",
      "patience": "-1", "momentum": "-1", "weight-decay": "-1", "warm-up-steps": "-1",
      "clip-norm": "0", "horizon": "0", "period": "0", "coverage": "1", "members": "0",
      "window": "0", "seasons": "0", "pre-emphasis": "inf",
      "shards": "3",
    ]
    let needed = ["momentum": ["--optimizer", "sgd"], "warm-up-steps": ["--schedule", "cosine"]]
    for (option, value) in wrong where options.contains(option) {
      let result = try recur(
        arguments: ["train", command] + files + ["--output", "c", "--\(option)=\(value)"]
          + (needed[option] ?? []))
      #expect(result.status != 0)
      #expect(result.errors.contains("--\(option) is "), "\(command): \(result.errors)")
    }
  }

  @Test func theHelpOfTrainHasNoConfiguration() {
    #expect(!TrainCommand.configuration.discussion.contains("configuration file"))
  }
}
