// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// Information on the recordings that `recur train amp` stores with the model.
struct AmpInfo: Codable {
  /// The division of the recordings into batches.
  struct Reading: Codable, Equatable {
    var sequence: Int
    var batch: Int
    var warmUp: Int
    var validation: Double

    /// Checks the values of the options, which a crafted file may set to any number.
    func validate() throws {
      try requireCounts([("--sequence-length", sequence), ("--batch-size", batch)])
      try requireCounts([("--warm-up", warmUp)], from: 0)
      try requireFraction("--validation-fraction", validation)
    }
  }

  var reading: Reading

  /// The sampling rate of the recordings, in Hz.
  var sampleRate: Int

  /// The CRC-32 of the samples.
  var checksum: UInt32
}

extension AmpInfo {
  private static let key = "amp"

  /// Reads the information from the strings of a file.
  init(_ info: [String: String], _ path: String) throws {
    guard let saved = info[Self.key],
      let read = try? JSONDecoder().decode(AmpInfo.self, from: Data(saved.utf8))
    else { throw BadInput("\(path): was not written by recur train amp") }
    self = read
  }

  var strings: [String: String] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return [
        Self.key: String(decoding: try encoder.encode(self), as: UTF8.self),
        LoadedModel<Float>.sampleRateKey: "\(Double(sampleRate))",
      ]
    }
  }
}
