// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// What training came to.
struct TrainingReport: Encodable {
  var model: String
  var networks: [TrainingResult]
}

/// The epoch of one network that was kept, and how many there were.
struct TrainingResult: Encodable {
  var network: Int

  /// For people; nil where there is but one.
  var name: String?
  var epoch: Int
  var epochs: Int
  var loss: Double
  var validationLoss: Double?

  /// What begins a line about it.
  var prefix: String { name.map { "\($0): " } ?? "" }

  init(_ history: [TrainingEpoch], network: Int, name: String?) {
    let least = history.filter { $0.validationLoss != nil }
      .min { $0.validationLoss! < $1.validationLoss! }
    let kept = least ?? history[history.count - 1]
    self.network = network
    self.name = name
    epoch = kept.epoch + 1
    epochs = history.count
    loss = kept.loss
    validationLoss = kept.validationLoss
  }
}
