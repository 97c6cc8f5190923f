// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// What a training run is asked for.
public struct TrainingOptions: Sendable, Equatable, Codable {
  public var loss: Loss
  public var optimizer: Optimizer
  public var learningRate: Double
  public var schedule: Schedule
  public var clipping: Clipping
  public var epochs: Int
  public var batching: Batching

  /// Training ends after so many epochs in which the validation loss was not its least; never if nil.
  public var patience: Int?

  /// Of the order of batches and of dropout.
  public var seed: UInt64

  public init(
    loss: Loss, optimizer: Optimizer = .adam(), learningRate: Double = 1e-3,
    schedule: Schedule = .constant,
    clipping: Clipping = .none, epochs: Int = 10, batching: Batching = .shuffled(size: 32),
    patience: Int? = nil, seed: UInt64 = 0
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
  }
}

extension TrainingOptions {
  func validate() throws(RecurError) {
    try loss.validate()
    try optimizer.validate()
    try clipping.validate()
    _ = try LearningRate(learningRate, schedule: schedule)
    try require("epochs", epochs, epochs >= 1, "at least 1")
    if let patience { try require("patience", patience, patience >= 1, "at least 1") }
  }
}
