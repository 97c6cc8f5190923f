// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

/// The optimizer of a training run, and its learning-rate schedule.
struct TuningArguments: ParsableArguments {
  enum OptimizerName: String, ExpressibleByArgument, CaseIterable { case sgd, rmsprop, adam, adamw }
  enum ScheduleName: String, ExpressibleByArgument, CaseIterable { case constant, cosine, plateau }

  @Option(help: "Optimizer.") var optimizer = OptimizerName.adam
  @Option(help: "Momentum, for sgd or rmsprop. (default: 0)") var momentum: Double?
  @Option(help: "Weight decay.") var weightDecay = 0.0
  @Option(
    name: .customLong("schedule"),
    help: "Learning-rate schedule: constant, cosine decay, or division by 10 at each plateau.")
  var scheduleName = ScheduleName.constant
  @Option(help: "Number of linear warm-up steps.") var warmUpSteps = 0
  @Option(help: "Maximum gradient norm; larger gradients are scaled down to it.")
  var clipNorm = 1.0

  func validate() throws {
    try requireCounts([("--warm-up-steps", warmUpSteps)], from: 0)
    try requirePositive([("--clip-norm", clipNorm)])
    try requireNonNegative([("--momentum", momentum ?? 0), ("--weight-decay", weightDecay)])
    guard momentum == nil || optimizer == .sgd || optimizer == .rmsprop else {
      throw ValidationError("--momentum requires --optimizer sgd or rmsprop, found \(optimizer)")
    }
  }

  func schedule(steps: Int) throws -> Schedule {
    let afterWarmUp: Schedule =
      switch scheduleName {
      case .constant: .constant
      case .cosine: .cosine(steps: steps - warmUpSteps)
      case .plateau: .onPlateau(patience: 2)
      }
    guard !afterWarmUp.dependsOnRunLength || warmUpSteps < steps else {
      throw ValidationError(
        "--warm-up-steps is \(warmUpSteps), expected fewer than the \(steps) steps of the run")
    }
    return warmUpSteps > 0 ? .warmUp(steps: warmUpSteps, then: afterWarmUp) : afterWarmUp
  }

  var chosenOptimizer: Optimizer {
    switch optimizer {
    case .sgd: .sgd(momentum: momentum ?? 0, weightDecay: weightDecay)
    case .rmsprop: .rmsProp(momentum: momentum ?? 0, weightDecay: weightDecay)
    case .adam: .adam(weightDecay: weightDecay)
    case .adamw: .adamW(weightDecay: weightDecay)
    }
  }
}
