// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// The results of training, as JSON.
struct TrainingReport: Encodable {
  var model: String
  var networks: [TrainingResult]

  /// Numbers that describe the model on the validation data; nil if there are none.
  var metrics: [String: Double]?

  /// What was recognized in the file of a series; nil for other runs.
  var series: SeriesRecognition?
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

  /// Creates the result of a network; nil without a finished epoch.
  ///
  /// - Parameters:
  ///   - history: The finished epochs.
  ///   - network: The number of the network, from 1.
  ///   - name: The name of the network in messages.
  init?(_ history: [TrainingEpoch], network: Int, name: String?) {
    let best = history.indices.filter { history[$0].validationLoss != nil }
      .min { history[$0].validationLoss! < history[$1].validationLoss! }
    guard let kept = best ?? history.indices.last else { return nil }
    self.network = network
    self.name = name
    epoch = kept + 1
    epochs = history.count
    loss = history[kept].loss
    validationLoss = history[kept].validationLoss
  }
}
