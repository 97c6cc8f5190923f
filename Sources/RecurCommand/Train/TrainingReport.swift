// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// The results of training, as JSON.
struct TrainingReport: Encodable {
  var model: String
  var networks: [TrainingResult]
}

/// The epoch of one network that the model comes from, and the number of epochs.
struct TrainingResult: Encodable {
  var network: Int

  /// The name in messages; nil if there is one network.
  var name: String?
  var epoch: Int
  var epochs: Int
  var loss: Double
  var validationLoss: Double?

  /// The start of a line about this network.
  var prefix: String { name.map { "\($0): " } ?? "" }

  init(_ history: [TrainingEpoch], network: Int, name: String?) {
    let best = history.filter { $0.validationLoss != nil }
      .min { $0.validationLoss! < $1.validationLoss! }
    let kept = best ?? history[history.count - 1]
    self.network = network
    self.name = name
    epoch = kept.epoch + 1
    epochs = history.count
    loss = kept.loss
    validationLoss = kept.validationLoss
  }
}
