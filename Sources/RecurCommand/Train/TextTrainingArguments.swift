// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

struct TextTrainingArguments: ParsableArguments {
  enum OptimizerName: String, ExpressibleByArgument, CaseIterable { case sgd, rmsprop, adam, adamw }
  enum ScheduleName: String, ExpressibleByArgument, CaseIterable { case constant, cosine, plateau }

  @Option(help: "Characters that are read before the gradient goes back through them.")
  var sequence = 64
  @Option(help: "Parts of the text that are read side by side.") var batch = 32
  @Option(
    help: "How often the text is gone through, at most (default: 50, or as the resumed run has it)."
  )
  var epochs: Int?
  @Option(help: "The optimizer.") var optimizer = OptimizerName.adam
  @Option(help: "The learning rate.") var learningRate = 0.002
  @Option(help: "The momentum of sgd or rmsprop.") var momentum: Double?
  @Option(help: "Weight decay.") var weightDecay = 0.0
  @Option(
    help: "How the learning rate falls: not at all, as half a cosine, or tenfold on plateaus.")
  var schedule = ScheduleName.constant
  @Option(help: "Steps in which the learning rate rises to its value.") var warmUp = 0
  @Option(help: "The gradient's norm is clipped to this.") var clip = 1.0
  @Option(
    help:
      "The share of the text, its end, that tells which epoch was best, below 0.5 (default: 0.1).")
  var validation: Double?
  @Option(
    help: "Epochs without a better one after which training ends; 0 for never (default: 5).")
  var patience: Int?
  @Option(help: "Seed of the first weights and of dropout.") var seed: UInt64 = 1
  @Flag(help: "Train on the first batch alone, a step an epoch, to see whether it is learned.")
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

  func options(stepsOfEpoch: Int) throws -> TrainingOptions {
    let epochs = epochs ?? 50
    let steps = epochs * stepsOfEpoch
    guard schedule != .cosine || warmUp < steps else {
      throw ValidationError("--warm-up is \(warmUp), expected fewer than all \(steps) steps")
    }
    let falling: Schedule =
      switch schedule {
      case .constant: .constant
      case .cosine: .cosine(steps: steps - warmUp)
      case .plateau: .onPlateau(patience: 2)
      }
    return TrainingOptions(
      loss: .crossEntropy(), optimizer: chosenOptimizer, learningRate: learningRate,
      schedule: warmUp > 0 ? .warmUp(steps: warmUp, then: falling) : falling,
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
