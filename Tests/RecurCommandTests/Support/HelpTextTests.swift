// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// The help of each command in full, with the defaults of its options.
@Suite struct HelpTextTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "golden/help")

  @Test(arguments: [
    [], ["demo"], ["forecast"], ["train"], ["train", "text"], ["train", "series"],
    ["train", "panel"],
    ["train", "amp"],
    ["train", "model"], ["run"], ["convert"], ["generate"], ["info"], ["gradients"], ["textbook"],
  ])
  func theHelpIsThatOfTheFile(command: [String]) throws {
    let name = command.isEmpty ? "recur" : command.joined(separator: "-")
    let expected = try String(
      contentsOf: Self.folder.appending(path: "\(name).txt"), encoding: .utf8)
    for arguments in [["help"] + command, command + ["--help"]] {
      let result = try recur(arguments: arguments)
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      #expect(result.output == expected)
    }
  }
}
