// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension SequenceModel {
  /// Creates a network of a forecaster. It reads one value per step and predicts all quantiles of
  /// all steps ahead.
  ///
  /// - Parameters:
  ///   - options: the options of the forecast.
  ///   - number: the index of the network, which determines its seed.
  /// - Throws: `RecurError` if memory allocation fails.
  init(_ options: ForecasterOptions, network number: Int) throws(RecurError) {
    let seed = options.seed(network: number)
    let outputs = options.loss.outputSize(targets: options.horizon)
    try self.init(
      network: NetworkConfiguration(options.cell, inputSize: 1, hiddenSize: options.hiddenSize)
        .network(of: Scalar.self, seed: seed),
      head: Linear(inputSize: options.hiddenSize, outputSize: outputs, seed: seed &+ 1),
      reading: .lastStep)
  }
}
