// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

struct TextTrainingArguments: ParsableArguments {
  enum OptimizerName: String, ExpressibleByArgument, CaseIterable { case sgd, rmsprop, adam, adamw }
  enum ScheduleName: String, ExpressibleByArgument, CaseIterable { case constant, cosine, plateau }

  @Option(help: "Maximum number of epochs (default: 50, or as in the resumed run).")
  var epochs: Int?
  @Option(help: "Learning rate.") var learningRate = 0.002
  @Option(help: "Number of streams of the text in a batch.") var batch = 32
  @Option(help: "Characters per step of truncated back-propagation.") var sequence = 64
  @Option(help: "Share of the text, its end, for validation, below 0.5 (default: 0.1).")
  var validation: Double?
  @Option(help: "Epochs without a new minimum before training ends; 0 for never (default: 5).")
  var patience: Int?
  @Option(help: "Optimizer.") var optimizer = OptimizerName.adam
  @Option(help: "Momentum of sgd or rmsprop.") var momentum: Double?
  @Option(help: "Weight decay.") var weightDecay = 0.0
  @Option(help: "Learning-rate schedule: constant, cosine decay, or a tenth on each plateau.")
  var schedule = ScheduleName.constant
  @Option(help: "Steps of linear warm-up.") var warmUp = 0
  @Option(help: "Gradient norm above which gradients are clipped.") var clip = 1.0
  @Option(help: "Seed of the initial weights and of dropout.") var seed: UInt64 = 1
  @Flag(help: "Train on the first batch alone, one step per epoch, to see whether it is learned.")
  var overfitBatch = false

  func validate() throws {
    try requireCounts([
      ("--sequence", sequence), ("--batch", batch), ("--epochs", epochs ?? 1),
      ("--patience", (patience ?? 0) + 1), ("--warm-up", warmUp + 1),
    ])
    try requirePositive([("--learning-rate", learningRate), ("--clip", clip)])
    for (name, value) in [("--momentum", momentum ?? 0), ("--weight-decay", weightDecay)]
    where !(value >= 0 && value.isFinite) {
      throw ValidationError("\(name) is \(value), expected at least 0")
    }
    try requireShare("--validation", validation ?? 0)
    guard !overfitBatch || validation == nil else {
      throw ValidationError("--validation: with --overfit-batch nothing is validated with")
    }
    guard validates || patience == nil else {
      throw ValidationError("--patience goes by validation, and there is none")
    }
    guard momentum == nil || optimizer == .sgd || optimizer == .rmsprop else {
      throw ValidationError("--momentum is of sgd and rmsprop, and the optimizer is \(optimizer)")
    }
    guard schedule != .plateau || validates else {
      throw ValidationError("--schedule plateau goes by validation, and there is none")
    }
  }

  /// How much is validated with.
  var withheldShare: Double { overfitBatch ? 0 : validation ?? 0.1 }
  var validates: Bool { withheldShare > 0 }

  func options(stepsPerEpoch: Int) throws -> TrainingOptions {
    let epochs = epochs ?? 50
    let steps = epochs * stepsPerEpoch
    let afterWarmUp: Schedule =
      switch schedule {
      case .constant: .constant
      case .cosine: .cosine(steps: steps - warmUp)
      case .plateau: .onPlateau(patience: 2)
      }
    guard !afterWarmUp.dependsOnRunLength || warmUp < steps else {
      throw ValidationError("--warm-up is \(warmUp), expected fewer than all \(steps) steps")
    }
    return TrainingOptions(
      loss: .crossEntropy(), optimizer: chosenOptimizer, learningRate: learningRate,
      schedule: warmUp > 0 ? .warmUp(steps: warmUp, then: afterWarmUp) : afterWarmUp,
      clipping: .norm(clip), epochs: epochs, batching: .stateful,
      patience: validates && patience != 0 ? patience ?? 5 : nil, seed: seed)
  }

  private var chosenOptimizer: Optimizer {
    switch optimizer {
    case .sgd: .sgd(momentum: momentum ?? 0, weightDecay: weightDecay)
    case .rmsprop: .rmsProp(momentum: momentum ?? 0, weightDecay: weightDecay)
    case .adam: .adam(weightDecay: weightDecay)
    case .adamw: .adamW(weightDecay: weightDecay)
    }
  }
}
