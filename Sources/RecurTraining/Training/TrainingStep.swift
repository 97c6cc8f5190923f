// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The results of one step.
public struct TrainingStep: Sendable, Equatable {
  /// The index of the epoch, from 0.
  public var epoch: Int

  /// The index of the step within the epoch, from 0.
  public var stepOfEpoch: Int

  /// The index of the step within the run, from 0.
  public var index: Int

  /// The loss of the batch before the update; NaN if no row of the batch counts.
  public var loss: Double

  /// The norm of all gradients together, before clipping.
  public var gradientNorm: Double

  /// The norm of all parameters, before the update.
  public var parameterNorm: Double

  /// The learning rate of the update.
  public var learningRate: Double

  /// The results of the epoch, if this was its last step.
  public var finishedEpoch: TrainingEpoch?
}

/// The results of one epoch.
public struct TrainingEpoch: Sendable, Equatable, Codable {
  /// The index of the epoch, from 0.
  public var epoch: Int

  /// The mean loss of the batches, each before its update.
  public var loss: Double

  /// The loss of the validation data after the epoch; nil without validation.
  public var validationLoss: Double?

  /// The metrics of the validation data after the epoch, by name; nil without metrics.
  public var metrics: [String: Double]?
}
