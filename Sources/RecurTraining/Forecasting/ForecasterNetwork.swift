// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension SequenceModel {
  /// A network of a forecaster: one value a step in, all quantiles of all steps ahead out.
  ///
  /// - Parameters:
  ///   - options: how the series is forecast.
  ///   - number: the index of the network, which determines its seed.
  /// - Throws: `RecurError` without memory.
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
