// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

/// A command that can take what it does from a file, and then not from options.
protocol CommandFromFile {
  /// The option that names a file, if it was given, and those that may be given with it.
  var fileOption: (name: String, others: [String])? { get }
}

extension CommandFromFile {
  /// Refuses options that the file has already.
  func requireOptionsOfFile(_ arguments: [String]) throws {
    guard let (option, others) = fileOption else { return }
    for argument in arguments where argument.hasPrefix("--") {
      let name = String(argument.dropFirst(2).prefix { $0 != "=" })
      guard name.isEmpty || name == option || others.contains(name) else {
        throw ValidationError("--\(name) cannot be changed: the file of --\(option) has its own")
      }
    }
  }
}
