// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

/// Rejects unknown commands and options, and suggests the nearest name.
///
/// The parser reports missing arguments and invalid values first, and suggests only by edit distance.
enum UnknownNames {
  static func check(_ arguments: [String], of root: any ParsableCommand.Type) throws {
    guard arguments.first != "help" else { return }
    var command = root
    var path = "recur"
    var rest = arguments[...]
    while let name = rest.first, !name.hasPrefix("-"), !command.configuration.subcommands.isEmpty {
      command = try subcommand(name, of: command, path)
      path += " " + name
      rest = rest.dropFirst()
    }
    try checkOptions(rest, options(of: command, in: root).map(\.name), path)
  }

  private static func subcommand(
    _ name: String, of command: any ParsableCommand.Type, _ path: String
  ) throws -> any ParsableCommand.Type {
    var names: [String] = []
    for subcommand in command.configuration.subcommands {
      let subcommandName = subcommand.configuration.commandName ?? ""
      if subcommandName == name { return subcommand }
      names.append(subcommandName)
    }
    throw ValidationError(
      "unknown command \(name.printable)" + hint(nearest(to: name, in: names), path))
  }

  /// Returns the options that the help of a command lists, and whether they take a value.
  static func options(
    of command: any ParsableCommand.Type, in root: any ParsableCommand.Type
  ) -> [(name: String, takesValue: Bool)] {
    root.helpMessage(for: command, columns: 1000)
      .matches(of: #/\n  (?:-h, )?--([a-z-]+)( <)?/#).map { (String($0.1), $0.2 != nil) }
  }

  private static func checkOptions(
    _ arguments: ArraySlice<String>, _ options: [String], _ path: String
  ) throws {
    for argument in arguments.prefix(while: { $0 != "--" }) where argument.hasPrefix("--") {
      // A key of a configuration may have a million characters; a message shows the first 200.
      let name = String(argument.dropFirst(2).prefix(201).prefix { $0 != "=" })
      guard !options.contains(name), !isOfParser(name) else { continue }
      let option = nearest(to: name, in: options).map { "--" + $0 }
      throw ValidationError("unknown option --\(name.printable)" + hint(option, path))
    }
  }

  /// Whether an option prints something about the command instead of running it. The help does not list
  /// most of these options.
  static func isOfParser(_ name: String) -> Bool {
    ["help", "help-hidden", "version"].contains(name) || name.hasPrefix("generate-")
      || name.hasPrefix("experimental-")
  }

  private static func hint(_ name: String?, _ path: String) -> String {
    name.map { "; did you mean \($0)?" } ?? "; \(path) --help lists what is available"
  }

  /// Returns the nearest of `names`, or nil if none is near.
  ///
  /// A name is near if it is a prefix of `name` or has it as a prefix, if its initials are `name`, or if
  /// the edit distance is at most 3 and at most half the length of the shorter name. A name of more than
  /// 100 bytes has none, because the edit distance would take long.
  static func nearest(to name: String, in names: [String]) -> String? {
    guard name.utf8.count <= 100, name.count > 1 else { return nil }
    func initials(_ name: String) -> String { String(name.split(separator: "-").map { $0.first! }) }
    let distances = names.map { candidate in
      candidate.hasPrefix(name) || name.hasPrefix(candidate) || initials(candidate) == name
        ? 0 : editDistance(name, candidate)
    }
    guard let minimum = distances.min() else { return nil }
    let nearest = names[distances.firstIndex(of: minimum)!]
    return minimum <= min(3, min(name.count, nearest.count) / 2) ? nearest : nil
  }

  /// The number of characters to insert, delete or replace to change one text into the other.
  private static func editDistance(_ one: String, _ other: String) -> Int {
    var row = Array(0...other.count)
    for (i, a) in one.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in other.enumerated() {
        (diagonal, row[j + 1]) = (
          row[j + 1], min(diagonal + (a == b ? 0 : 1), row[j] + 1, row[j + 1] + 1)
        )
      }
    }
    return row.last!
  }
}
