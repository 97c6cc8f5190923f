// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Which of the network's outputs the head of a model reads.
public enum ModelReading: String, Sendable, Codable {
  /// Those of every step: T·B rows.
  case everyStep

  /// That of each sequence's last step (and of its first, in the reverse direction): B rows.
  case lastStep
}
