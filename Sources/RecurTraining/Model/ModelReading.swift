// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Which outputs of the network the head of a model reads.
public enum ModelReading: String, Sendable, Codable {
  /// The outputs of every step: T·B rows.
  case everyStep

  /// The output of each sequence's last step (in the reverse direction, of its first): B rows.
  case lastStep
}
