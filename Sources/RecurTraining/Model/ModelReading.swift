// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The outputs of the network that a model's head reads.
public enum ModelReading: String, Sendable, Codable {
  /// The outputs of every step: T·B rows.
  case everyStep

  /// The output of each sequence's last step (of its first step in the reverse direction): B rows.
  case lastStep
}
