// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Information on the data that a training command stores with a run, as one of the strings of its files.
protocol RunInfo: Codable {
  /// The key of the string.
  static var key: String { get }

  /// The subcommand of `train` that writes it.
  static var command: String { get }
}

extension RunInfo {
  /// Reads the information from the strings of a file.
  init(_ info: [String: String], _ path: String) throws {
    guard let saved = info[Self.key],
      let read = try? JSONDecoder().decode(Self.self, from: Data(saved.utf8))
    else { throw BadInput("\(path): was not written by recur train \(Self.command)") }
    self = read
  }

  var strings: [String: String] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return [Self.key: String(decoding: try encoder.encode(self), as: UTF8.self)]
    }
  }
}
