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

  @Test func theHelpOfTrainHasNoConfiguration() {
    #expect(!TrainCommand.configuration.discussion.contains("configuration file"))
  }
}
