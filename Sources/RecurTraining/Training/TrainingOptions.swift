// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The options of a training run.
public struct TrainingOptions: Sendable, Equatable, Codable {
  /// The loss to minimize.
  public var loss: Loss

  /// The update rule.
  public var optimizer: Optimizer

  /// The initial learning rate.
  public var learningRate: Double

  /// How the learning rate changes from step to step.
  public var schedule: Schedule

  /// How gradients are clipped.
  public var clipping: GradientClipping

  /// The number of epochs.
  public var epochs: Int

  /// How batches are formed from examples.
  public var batching: Batching

  /// The number of epochs without a new minimum of the validation loss after which training ends;
  /// no early stopping if nil.
  public var patience: Int?

  /// The seed for the order of examples and for dropout.
  public var seed: UInt64

  /// V: the number of parts of each batch whose gradients are computed on their own and summed along
  /// a binary tree; a power of two. The result depends on it, but not on the number of ranks, which
  /// divide the shards among themselves. If nil, batches are not divided, and there is one rank.
  public var shards: Int?

  /// Creates the options of a run. ``Training/init(_:options:)`` checks them.
  ///
  /// - Parameters:
  ///   - loss: the loss to minimize.
  ///   - optimizer: the update rule.
  ///   - learningRate: the initial learning rate, above 0.
  ///   - schedule: how the learning rate changes from step to step.
  ///   - clipping: how gradients are clipped.
  ///   - epochs: the number of epochs, at least 1.
  ///   - batching: how batches are formed from examples.
  ///   - patience: the number of epochs without a new minimum of the validation loss after which
  ///     training ends, at least 1; no early stopping if nil.
  ///   - seed: the seed for the order of examples and for dropout.
  ///   - shards: V: the number of parts of each batch whose gradients are summed along a binary
  ///     tree, a power of two; nil for batches that are not divided.
  public init(
    loss: Loss, optimizer: Optimizer = .adam(), learningRate: Double = 1e-3,
    schedule: Schedule = .constant,
    clipping: GradientClipping = .none, epochs: Int = 10, batching: Batching = .shuffled(size: 32),
    patience: Int? = nil, seed: UInt64 = 0, shards: Int? = nil
  ) {
    self.loss = loss
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.schedule = schedule
    self.clipping = clipping
    self.epochs = epochs
    self.batching = batching
    self.patience = patience
    self.seed = seed
    self.shards = shards
  }
}

extension TrainingOptions {
  func validate() throws(RecurError) {
    try loss.validate()
    try optimizer.validate()
    try clipping.validate()
    _ = try LearningRate(learningRate, schedule: schedule)
    try require("batching", batching.size, batching.size >= 1, "at least 1")
    try require("epochs", epochs, epochs >= 1, "at least 1")
    if let patience { try require("patience", patience, patience >= 1, "at least 1") }
    if let shards { _ = try Shards(shards) }
  }
}
