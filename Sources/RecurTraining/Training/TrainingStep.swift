// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// What one step did.
public struct TrainingStep: Sendable, Equatable {
  /// From 0, as are the steps of an epoch and those of the whole run.
  public var epoch: Int
  public var stepOfEpoch: Int
  public var step: Int

  /// Of the batch, before the update; NaN of one in which no row counts.
  public var loss: Double

  /// Of all gradients together, before clipping.
  public var gradientNorm: Double

  /// Of all parameters, before the update.
  public var parameterNorm: Double

  /// The learning rate.
  public var learningRate: Double

  /// What there is to say of the epoch, after its last step.
  public var finishedEpoch: TrainingEpoch?
}

/// What one epoch came to.
public struct TrainingEpoch: Sendable, Equatable, Codable {
  /// From 0.
  public var epoch: Int

  /// The mean over its batches, each as it was met.
  public var loss: Double

  /// Of the validation data after the epoch.
  public var validationLoss: Double?
}
