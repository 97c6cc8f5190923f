// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Information on the recordings that `recur train amp` stores with the model.
struct AmpInfo: RunInfo {
  static let (key, command) = ("amp", "amp")

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

  /// The CRC-32 of the samples.
  var checksum: UInt32
}
