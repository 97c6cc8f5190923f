// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// What one step did.
public struct TrainingStep: Sendable, Equatable {
  /// The epoch, from 0.
  public var epoch: Int

  /// The step within the epoch, from 0.
  public var stepOfEpoch: Int

  /// The step within the run, from 0.
  public var index: Int

  /// The loss of the batch before the update; NaN for a batch in which no row counts.
  public var loss: Double

  /// The norm of all gradients together, before clipping.
  public var gradientNorm: Double

  /// The norm of all parameters, before the update.
  public var parameterNorm: Double

  /// The learning rate of the update.
  public var learningRate: Double

  /// The results of the epoch, after its last step.
  public var finishedEpoch: TrainingEpoch?
}

/// The results of one epoch.
public struct TrainingEpoch: Sendable, Equatable, Codable {
  /// The epoch, from 0.
  public var epoch: Int

  /// The mean loss of its batches, each before its update.
  public var loss: Double

  /// The loss of the validation data after the epoch.
  public var validationLoss: Double?
}
