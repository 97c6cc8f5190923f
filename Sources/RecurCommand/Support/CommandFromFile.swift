// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

/// A command that can read its options from a file, and then rejects them on the command line.
protocol CommandFromFile {
  /// The given option that names the file, and the options allowed with it; nil without a file.
  var fileOption: (name: String, others: [String])? { get }

  /// The options that the other given options exclude, and why; nil if there are none.
  var refusedOptions: (reason: String, names: [String])? { get }
}

extension CommandFromFile {
  var refusedOptions: (reason: String, names: [String])? { nil }
}

extension CommandFromFile {
  /// Rejects options that the file sets.
  func requireOptionsOfFile(_ arguments: [String]) throws {
    if let (reason, names) = refusedOptions {
      for argument in arguments where argument.hasPrefix("--") {
        let name = String(argument.dropFirst(2).prefix { $0 != "=" })
        guard !names.contains(name) else {
          throw ValidationError("--\(name) cannot be given \(reason)")
        }
      }
    }
    guard let (option, others) = fileOption else { return }
    for argument in arguments where argument.hasPrefix("--") {
      let name = String(argument.dropFirst(2).prefix { $0 != "=" })
      guard name.isEmpty || name == option || others.contains(name) else {
        throw ValidationError(
          "--\(name.printable) cannot be changed: the file given by --\(option) sets it")
      }
    }
  }
}
