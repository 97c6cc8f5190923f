// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Information on the data that `recur train model` stores with a run.
struct ModelTrainingInfo: RunInfo {
  static let (key, command) = ("training", "model")

  /// The fraction of the sequences for validation, and the seed of their choice.
  var validation: Double
  var seed: UInt64

  /// The CRC-32 of the data file.
  var checksum: UInt32
}
