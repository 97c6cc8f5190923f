// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension SequenceModel {
  /// Computes the mean loss over all examples, without training.
  ///
  /// - Parameters:
  ///   - loss: the loss.
  ///   - data: the examples.
  ///   - batching: how batches are formed: as in training, but always in order.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  /// - Returns: the mean loss.
  /// - Throws: `RecurError` if the data are empty or do not fit the model, or if memory allocation
  ///   fails.
  public func loss(
    _ loss: Loss, over data: any TrainingData<Scalar>, batching: Batching = .inOrder(size: 32),
    threads: Threads? = nil
  ) throws(RecurError) -> LossValue {
    try batching.validate(for: network.configuration)
    try data.requireSome("data")
    let order = Array(0..<data.count)
    var values: [LossValue] = []
    var state: (any NetworkState<Scalar>)?
    for first in stride(from: 0, to: order.count, by: batching.size) {
      let examples = order[first..<min(first + batching.size, order.count)]
      let batch = try data.batch(examples)
      try requireBatchSize(of: state, in: batch)
      let result = try self.loss(loss, of: batch, initialState: state, threads: threads)
      values.append(result.value)
      if batching == .stateful { state = result.finalState }
    }
    return .mean(of: values)
  }
}
