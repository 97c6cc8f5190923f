// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension SequenceModel {
  /// A forecaster's network: of one number a step, to all quantiles of all steps ahead.
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
